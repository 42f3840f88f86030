package parser

// memory allocates the parts of trees in chunks. One goroutine uses it, for any
// number of files.
type memory struct {
	pieces     chunk[piece]
	directives chunk[Directive]
	lists      chunk[*Directive]
	blocks     chunk[Block]
	spans      chunk[Span]

	read  []Word       // scratch: of the directive that is being read
	words []piece      // scratch: of all directives so far
	open  []*Directive // scratch: the directives of all open blocks so far
	from  []int        // scratch: where in open those of each block begin

	comments []Span // scratch: so far
}

// A chunk is the rest of the last allocation for many values of a type.
type chunk[T any] struct {
	free []T
	size int
}

// The chunks of a memory begin small, because most files are small, and grow.
const (
	smallestChunk = 16
	largestChunk  = 1024
)

// take returns n adjacent zero values.
func (c *chunk[T]) take(n int) []T {
	if len(c.free) < n {
		c.size = max(smallestChunk, min(2*c.size, largestChunk))
		c.free = make([]T, max(n, c.size))
	}
	taken := c.free[:n:n]
	c.free = c.free[n:]
	return taken
}

// one returns a zero value.
func (c *chunk[T]) one() *T { return &c.take(1)[0] }

// keep returns a copy of a list.
func (c *chunk[T]) keep(list []T) []T {
	if len(list) == 0 {
		return nil
	}
	kept := c.take(len(list))
	copy(kept, list)
	return kept
}
