package main

import (
	"maps"
	"path"
	"slices"
	"sync"
)

// A trace is what was asked of a disk: the files that were opened, and the
// directories in which they lie or that were listed, whether they are there or
// not.
type trace struct {
	mu    sync.Mutex
	files map[string]bool
	dirs  map[string]bool
}

func newTrace() *trace { return &trace{files: make(map[string]bool), dirs: make(map[string]bool)} }

func (t *trace) open(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.files[name] = true
	t.dirs[path.Dir(name)] = true
}

func (t *trace) list(dir string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dirs[dir] = true
}

// opened is how many files were.
func (t *trace) opened() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.files)
}

// names are the files and the directories, each sorted.
func (t *trace) names() (files, dirs []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.files)), slices.Sorted(maps.Keys(t.dirs))
}
