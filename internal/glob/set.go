package glob

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// A Set is a list of patterns that are matched together: what several of them
// begin with is stored, and matched, once. When all patterns are added, many
// goroutines may use it at once.
type Set struct {
	nodes   []node          // the first is where every pattern begins
	classes []string        // of class tokens: what is between the brackets
	known   map[token]int32 // while patterns are added: the nodes that follow others
	same    []int32         // by pattern: another one that ends at the same node, or -1
	loops   int             // how many nodes loop
	scratch sync.Pool
}

// A node is one token of the patterns that share all tokens up to it.
type node struct {
	kind           kind
	value          rune  // of a literal; of a class its place in the list
	child, sibling int32 // the first that follows, the next that has the same before it; 0 for none
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

// A Budget is how many steps matching may still take.
type Budget struct{ left atomic.Int64 }

// NewBudget returns a budget of so many steps.
func NewBudget(steps int64) *Budget {
	b := &Budget{}
	b.left.Store(steps)
	return b
}

// Spend takes steps off the budget.
func (b *Budget) Spend(steps int) { b.left.Add(-int64(steps)) }

// Exhausted reports whether the steps are used up. What was matched since is not
// complete.
func (b *Budget) Exhausted() bool { return b.left.Load() < 0 }

// Left returns how many steps are left.
func (b *Budget) Left() int64 { return b.left.Load() }

// NewSet returns the set of some patterns. They are known by their place in the
// list.
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

// A token is what a pattern has at one place, after a node.
type token struct {
	after int32
	kind  kind
	value rune
	class string
}

// add adds the tokens of a pattern and returns the last one's node.
func (s *Set) add(text string) int32 {
	for strings.HasSuffix(text, "/**") { // what a directory matches, all below it does
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

// classEnd returns where the class ends that a text begins with.
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

// Any reports whether a pattern matches a name, or a directory that it lies in.
func (s *Set) Any(name string, b *Budget) bool { return len(s.match(name, b, true)) > 0 }

// Match returns the patterns that match a name, or a directory that it lies in, in
// order.
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
