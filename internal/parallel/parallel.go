// Package parallel spreads work over the cores.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A goroutine processes several pieces at once if there are many, because they are
// then small.
const (
	maxBatch = 16
	turns    = 8 // the least number of pieces for each goroutine
)

// Each processes the pieces 0 to n-1 of some work, on as many goroutines as there are
// cores. Each goroutine calls start once to get its own function, which can keep
// state between pieces. Any goroutine may process any piece, so results must be
// stored by the number of the piece.
func Each(n int, start func() (do func(i int))) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		do := start()
		for i := range n {
			do(i)
		}
		return
	}
	batch := min(max(n/(workers*turns), 1), maxBatch)
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			do := start()
			for {
				from := int(next.Add(int64(batch))) - batch
				if from >= n {
					return
				}
				for i := from; i < min(from+batch, n); i++ {
					do(i)
				}
			}
		})
	}
	group.Wait()
}
