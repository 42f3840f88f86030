// Package parallel spreads work over the cores.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A goroutine takes several pieces at once where there are many: they are small
// then.
const (
	maxBatch = 16
	turns    = 8 // that each goroutine is to have at least
)

// Each does the pieces 0 to n-1 of some work, on as many goroutines as there
// are cores. Each of them calls start once, for a function of its own that may
// keep what it likes between pieces. Which goroutine does which piece is not
// known: results have to be put where the piece's number says.
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
