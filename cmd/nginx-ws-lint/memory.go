package main

import (
	"math"
	"os"
	"runtime/debug"
	"sync/atomic"
)

// Memory that a run may use before the garbage collector runs. Most allocations live
// to the end of the run, so collecting earlier frees little.
const (
	freeMemory    = 170 << 20
	memoryPerByte = 20 // for every byte read
	mostMemory    = 4 << 30
)

// A memory sets the soft limit of the garbage collector. The limit grows with the
// number of bytes read.
type memory struct {
	read  atomic.Int64 // bytes
	limit atomic.Int64
}

// collector is global because its limit applies to the process.
var collector memory

// limitMemory sets the first limit. GOGC=100 restores Go's default.
func limitMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(1000)
		debug.SetMemoryLimit(freeMemory)
		collector.limit.Store(freeMemory)
	}
}

// grow raises the limit after bytes were read, in steps of at least an eighth.
func (m *memory) grow(bytes int) {
	read := m.read.Add(int64(bytes))
	before := m.limit.Load()
	if before == 0 { // the user set GOGC or GOMEMLIMIT
		return
	}
	limit := min(max(freeMemory, read*memoryPerByte), mostMemory)
	if limit >= before+before/8 && m.limit.CompareAndSwap(before, limit) {
		debug.SetMemoryLimit(limit)
	}
}

// forServer sets the collector's limits for a process that runs long and repeats the
// same work: memory must not grow with every check.
func (m *memory) forServer() {
	if m.limit.Swap(0) != 0 {
		debug.SetGCPercent(serverPercent)
		debug.SetMemoryLimit(math.MaxInt64)
	}
}

const serverPercent = 60
