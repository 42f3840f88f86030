package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// checkedDirs returns the directories of the checked paths.
func checkedDirs(ctx *cli.Context) []string {
	paths := ctx.Args().Slice()
	if len(paths) == 0 {
		paths = []string{defaultPath()}
	}
	var dirs []string
	for _, path := range paths {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			path = filepath.Dir(path)
		}
		if path, err := absolute(path); err == nil {
			dirs = append(dirs, path)
		}
	}
	return dirs
}

// seen records what a run has read and returns the files, and the directories to
// watch. Above the checked paths a run looks for the main file and for Dockerfiles;
// there only the files that it found or looked for count.
func (w *watch) seen(c *command) (files, dirs map[string]bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	opened, listed := c.disk.trace.names()
	for _, name := range opened {
		w.files[c.disk.path(name)] = true
	}
	if c.old.file != "" {
		if path, err := absolute(c.old.file); err == nil {
			w.files[path] = true
		}
	}
	for _, name := range listed {
		if path := c.disk.path(name); !w.above(path) {
			w.dirs[path] = true
		}
	}
	dirs = maps.Clone(w.dirs)
	for file := range w.files {
		dirs[filepath.Dir(file)] = true
	}
	return maps.Clone(w.files), dirs
}

// above reports whether a directory lies above a checked one.
func (w *watch) above(dir string) bool {
	return slices.ContainsFunc(w.below, func(checked string) bool {
		rel, err := filepath.Rel(dir, checked)
		return err == nil && rel != "." && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
	})
}

// matters reports whether a change of a path can change the findings.
func (w *watch) matters(path string) bool {
	if slices.ContainsFunc(w.written, func(out string) bool {
		return path == out || strings.HasPrefix(path, out+".") && strings.HasSuffix(path, ".tmp")
	}) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.files[path] || w.dirs[path] || w.dirs[filepath.Dir(path)] {
		return true
	}
	for dir := range w.dirs { // a directory that did not exist, or one above it, exists again
		if strings.HasPrefix(dir, path+string(filepath.Separator)) {
			return true
		}
	}
	return false
}
