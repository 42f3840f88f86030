package glob

import "unicode/utf8"

// A run matches one name against a set.
type run struct {
	*Set
	active, next []int32
	entered      []uint32 // by the number of a loop: the last round in which it was entered
	turn         uint32
	steps        int
}

func (r *run) match(name string, b *Budget, first bool) (all []int) {
	r.steps, r.next = 0, r.next[:0]
	defer func() { b.Spend(r.steps) }()
	r.turn++
	r.enter(0, true)
	for i := 0; i < len(name); {
		c, width := utf8.DecodeRuneInString(name[i:])
		r.active, r.next = r.next, r.active[:0]
		r.turn++
		for _, n := range r.active {
			r.step(n, c, i == 0 || name[i-1] == '/')
		}
		if r.steps += len(r.active) + 1; int64(r.steps) > b.Left() {
			return nil
		}
		if i += width; i < len(name) && name[i] != '/' {
			continue
		}
		if all = r.ends(all); first && len(all) > 0 {
			return all
		}
	}
	return all
}

// step enters the nodes that follow a node after a character. What follows a deep
// node begins at the start of a path element.
func (r *run) step(n int32, c rune, start bool) {
	at := &r.nodes[n]
	if at.kind == star && c != '/' || at.kind == deep {
		r.enter(n, false)
	}
	if at.kind == deep && !start {
		return
	}
	for child := at.child; child != 0; child = r.nodes[child].sibling {
		r.steps++
		if r.takes(&r.nodes[child], c) {
			r.enter(child, c == '/')
		}
	}
}

// takes reports whether a token matches a character.
func (r *run) takes(n *node, c rune) bool {
	switch n.kind {
	case literal:
		return n.value == c
	case single:
		return c != '/'
	case class:
		return c != '/' && inClass(r.classes[n.value], c)
	}
	return false
}

// enter records that a node is reached, and with it the loops that follow: a star can
// match nothing, and so can any number of directories.
func (r *run) enter(n int32, start bool) {
	at := &r.nodes[n]
	if at.kind == star || at.kind == deep {
		if r.entered[at.loop] == r.turn {
			return
		}
		r.entered[at.loop] = r.turn
	}
	r.next = append(r.next, n)
	for child := at.child; child != 0; child = r.nodes[child].sibling {
		r.steps++
		if k := r.nodes[child].kind; k == star || k == deep && start {
			r.enter(child, start)
		}
	}
}

// ends adds the patterns that end at the reached nodes.
func (r *run) ends(all []int) []int {
	for _, n := range r.next {
		for p := r.nodes[n].end; p >= 0; p = r.same[p] {
			r.steps++
			all = append(all, int(p))
		}
	}
	return all
}

// inClass reports whether a class contains a character.
func inClass(inside string, c rune) bool {
	negated := inside != "" && (inside[0] == '!' || inside[0] == '^')
	if negated {
		inside = inside[1:]
	}
	next := func() rune {
		if inside[0] == '\\' && len(inside) > 1 {
			inside = inside[1:]
		}
		r, width := utf8.DecodeRuneInString(inside)
		inside = inside[width:]
		return r
	}
	for inside != "" {
		low := next()
		high := low
		if len(inside) > 1 && inside[0] == '-' {
			inside = inside[1:]
			high = next()
		}
		if low <= c && c <= high {
			return !negated
		}
	}
	return negated
}
