package glob

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// A Set is a list of patterns that are matched together: common beginnings are stored
// and matched once. When all patterns are added, many goroutines can use it at once.
type Set struct {
	nodes   []node          // the first is the start of every pattern
	classes []string        // of class tokens: what is between the brackets
	known   map[token]int32 // while patterns are added: the nodes after other nodes
	same    []int32         // by pattern: another one that ends at the same node, or -1
	loops   int             // the number of nodes that loop
	scratch sync.Pool
}

// A node is a token of the patterns that share all tokens up to it.
type node struct {
	kind           kind
	value          rune  // of a literal; for a class its index in the list
	child, sibling int32 // the first that follows, and the next one with the same predecessor; 0 for none
	end            int32 // the last pattern that ends here, or -1
	loop           int32 // the number of a star or deep node
}

type kind uint8

const (
	literal kind = iota
	single       // ?
	class        // [a-z]
	star         // *
	deep         // **/, any number of directories
)

// A Budget is the number of steps that are left for matching.
type Budget struct{ left atomic.Int64 }

// NewBudget returns a budget of n steps.
func NewBudget(steps int64) *Budget {
	b := &Budget{}
	b.left.Store(steps)
	return b
}

// Spend subtracts steps from the budget.
func (b *Budget) Spend(steps int) { b.left.Add(-int64(steps)) }

// Exhausted reports whether the steps are used up. Later matches are incomplete.
func (b *Budget) Exhausted() bool { return b.left.Load() < 0 }

// Left returns how many steps are left.
func (b *Budget) Left() int64 { return b.left.Load() }

// NewSet returns a set of patterns. Their index in the list identifies them.
func NewSet(patterns []Pattern) *Set {
	s := &Set{nodes: []node{{end: -1}}, same: make([]int32, len(patterns)), known: make(map[token]int32)}
	for i, p := range patterns {
		n := s.add(p.text)
		s.same[i] = s.nodes[n].end
		s.nodes[n].end = int32(i)
	}
	s.known = nil
	return s
}

// Len returns how many patterns there are.
func (s *Set) Len() int { return len(s.same) }

// A token is the part of a pattern that follows a node.
type token struct {
	after int32
	kind  kind
	value rune
	class string
}

// add adds the tokens of a pattern and returns the node of the last one.
func (s *Set) add(text string) int32 {
	for strings.HasSuffix(text, "/**") { // a pattern that matches a directory matches everything below it
		text = text[:len(text)-len("/**")]
	}
	n := int32(0)
	for i := 0; i < len(text); {
		t, width := read(text, i)
		t.after = n
		n = s.follow(t)
		i += width
	}
	return n
}

// read reads the token at an offset of a pattern.
func read(text string, i int) (t token, width int) {
	rest := text[i:]
	switch rest[0] {
	case '*':
		width = len(rest) - len(strings.TrimLeft(rest, "*"))
		if width == 2 && strings.HasPrefix(rest[2:], "/") && (i == 0 || text[i-1] == '/') {
			return token{kind: deep}, 3
		}
		return token{kind: star}, width
	case '?':
		return token{kind: single}, 1
	case '[':
		end := classEnd(rest)
		return token{kind: class, class: rest[1:end]}, end + 1
	case '\\':
		r, width := utf8.DecodeRuneInString(rest[1:])
		return token{kind: literal, value: r}, width + 1
	}
	r, width := utf8.DecodeRuneInString(rest)
	return token{kind: literal, value: r}, width
}

// classEnd returns the end of the class that a text begins with.
func classEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ']':
			return i
		}
	}
	return len(text) - 1 // no pattern: see Parse
}

// follow returns the node of a token.
func (s *Set) follow(t token) int32 {
	if n := s.known[t]; n != 0 {
		return n
	}
	added := node{kind: t.kind, value: t.value, sibling: s.nodes[t.after].child, end: -1, loop: int32(s.loops)}
	switch t.kind {
	case star, deep:
		s.loops++
	case class:
		added.value = rune(len(s.classes))
		s.classes = append(s.classes, t.class)
	}
	n := int32(len(s.nodes))
	s.nodes = append(s.nodes, added)
	s.nodes[t.after].child, s.known[t] = n, n
	return n
}

// Any reports whether a pattern matches a name, or a directory above it.
func (s *Set) Any(name string, b *Budget) bool { return len(s.match(name, b, true)) > 0 }

// Match returns the patterns that match a name, or a directory above it, in order.
func (s *Set) Match(name string, b *Budget) []int { return s.match(name, b, false) }

func (s *Set) match(name string, b *Budget, first bool) []int {
	if len(s.same) == 0 || b.Exhausted() {
		return nil
	}
	r, _ := s.scratch.Get().(*run)
	if r == nil {
		r = &run{Set: s, entered: make([]uint32, s.loops)}
	}
	defer s.scratch.Put(r)
	all := r.match(name, b, first)
	slices.Sort(all)
	return slices.Compact(all)
}
