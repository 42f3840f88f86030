package main

import (
	"maps"
	"path"
	"slices"
	"sync"
	"sync/atomic"
)

// A trace is what was asked of a disk: how many files were opened and, where it
// is to keep them, their names and the directories in which they lie or that were
// listed, whether they are there or not.
type trace struct {
	count atomic.Int64
	keep  bool

	mu    sync.Mutex
	files map[string]bool
	dirs  map[string]bool
}

func newTrace() *trace { return &trace{files: make(map[string]bool), dirs: make(map[string]bool)} }

func (t *trace) open(name string) {
	t.count.Add(1)
	if !t.keep {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.files[name] = true
	t.dirs[path.Dir(name)] = true
}

func (t *trace) list(dir string) {
	if !t.keep {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dirs[dir] = true
}

// opened is how many files were.
func (t *trace) opened() int { return int(t.count.Load()) }

// names are the files and the directories, each sorted.
func (t *trace) names() (files, dirs []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.files)), slices.Sorted(maps.Keys(t.dirs))
}
