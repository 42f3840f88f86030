package source

// An item is a tag, or a region.
type item struct {
	tag    int // its index, unless it is a region
	region *region
}

// A region is text that is not in every rendering: of its arms one is taken, or none.
type region struct {
	arms   []branch
	close  tag
	hidden bool // it is not in force where it is
	kind   string
	of     string // what the arms are compared with
}

// A branch is one arm of a region.
type branch struct {
	open      tag
	end       int // where the next arm or the closing tag begins
	condition string
	negated   bool
	never     bool // it is in no rendering: what is between a case and its first arm
	items     []item
}

// build arranges the tags in regions.
func (t *Text) build() {
	var open []*region
	items := func() *[]item {
		if len(open) == 0 {
			return &t.top
		}
		arms := open[len(open)-1].arms
		return &arms[len(arms)-1].items
	}
	for i, g := range t.tags {
		switch {
		case g.role == opening:
			r := &region{arms: []branch{t.branch(g, "")}, hidden: g.hidden, kind: g.kind, of: g.name}
			*items() = append(*items(), item{region: r})
			open = append(open, r)
		case (g.role == arm || g.role == closing) && len(open) == 0:
			t.fail(g, "this tag belongs to nothing: no region is open")
			*items() = append(*items(), item{tag: i})
		case g.role == arm:
			r := open[len(open)-1]
			r.arms[len(r.arms)-1].end = g.start
			r.arms = append(r.arms, t.branch(g, r.of))
		case g.role == closing:
			r := open[len(open)-1]
			if g.kind != r.kind {
				t.fail(g, "this tag does not close the region that is open")
			}
			r.arms[len(r.arms)-1].end, r.close = g.start, g
			open = open[:len(open)-1]
		default:
			*items() = append(*items(), item{tag: i})
		}
	}
	for _, r := range open {
		first := r.arms[0].open
		t.fail(first, "the region that this tag opens is never closed")
		r.arms[len(r.arms)-1].end = len(t.Src)
		r.close = tag{start: len(t.Src), end: len(t.Src)}
	}
}

// branch returns the arm that a tag begins, and notes its condition. In a case the
// condition is a value of what is compared.
func (t *Text) branch(g tag, of string) branch {
	b := branch{open: g, condition: g.condition, negated: g.negated, never: g.role == opening && g.name != ""}
	if b.never {
		return b
	}
	if of != "" && b.condition != "" {
		b.condition = of + " = " + b.condition
	}
	if b.condition != "" && !t.seen[b.condition] {
		t.seen[b.condition] = true
		t.conditions = append(t.conditions, b.condition)
	}
	return b
}

// maxErrors limits the errors of a template: an engine stops at the first.
const maxErrors = 100

func (t *Text) fail(g tag, message string) {
	if len(t.Errs) < maxErrors {
		t.Errs = append(t.Errs, Error{g.start, g.end, message})
	}
}
