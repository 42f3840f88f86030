package main

import (
	"os"
	"syscall"
)

// peak returns the peak memory of a process in bytes.
func peak(state *os.ProcessState) int64 {
	usage, _ := state.SysUsage().(*syscall.Rusage)
	return usage.Maxrss * 1024
}
