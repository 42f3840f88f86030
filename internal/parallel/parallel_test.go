package parallel

import "testing"

// Every piece is done once, however many there are.
func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 2, 17, 100, 10_003} {
		done := make([]int, n)
		Each(n, func() func(int) { return func(i int) { done[i]++ } })
		for i, times := range done {
			if times != 1 {
				t.Errorf("of %d pieces, piece %d was done %d times", n, i, times)
			}
		}
	}
}
