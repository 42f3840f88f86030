package main

import (
	"os"
	"runtime/debug"
	"sync/atomic"
)

// What a run may take of memory before it is collected: most of what it allocates
// lives to its end, so that collecting it earlier finds little.
const (
	freeMemory    = 170 << 20
	memoryPerByte = 80 // for every byte read
	mostMemory    = 1 << 30
)

// A memory sets the limit that the garbage collector keeps to where it can. It
// grows with what is read.
type memory struct {
	read  atomic.Int64 // bytes
	limit atomic.Int64
}

// collector is of the process, as what it sets is.
var collector memory

// limitMemory sets the first limit. GOGC=100 asks for Go's own measure.
func limitMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(1000)
		debug.SetMemoryLimit(freeMemory)
		collector.limit.Store(freeMemory)
	}
}

// grow raises the limit for bytes that were read, in steps that are worth it.
func (m *memory) grow(bytes int) {
	read := m.read.Add(int64(bytes))
	before := m.limit.Load()
	if before == 0 { // the user has set another
		return
	}
	limit := min(freeMemory+read*memoryPerByte, mostMemory)
	if limit >= before+before/8 && m.limit.CompareAndSwap(before, limit) {
		debug.SetMemoryLimit(limit)
	}
}
