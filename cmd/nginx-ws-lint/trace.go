package main

import (
	"maps"
	"path"
	"slices"
	"sync"
	"sync/atomic"
)

// A trace records the use of a disk: the number of opened files and, if enabled,
// their names and the directories that contain them or were listed. These need not
// exist.
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

// opened returns the number of opened files.
func (t *trace) opened() int { return int(t.count.Load()) }

// names returns the files and directories, both sorted.
func (t *trace) names() (files, dirs []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.files)), slices.Sorted(maps.Keys(t.dirs))
}
