package main

import (
	"path/filepath"
	"testing"
)

// Changes of files that a check reads matter. Its own reports do not, nor do files
// above the tree, unless a check looked for them.
func TestWatchMatters(t *testing.T) {
	root := string(filepath.Separator)
	at := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	c := &command{disk: disk{root: root, trace: newTrace()}}
	c.disk.trace.keep = true
	c.disk.trace.open("repo/nginx/conf.d/a.conf")
	c.disk.trace.open("repo/Dockerfile")
	for _, dir := range []string{"repo", "repo/nginx", "repo/nginx/gone/deep", "."} {
		c.disk.trace.list(dir)
	}
	w := &watch{below: []string{at("repo/nginx")}, written: []string{at("repo/nginx/report")}, files: make(map[string]bool), dirs: make(map[string]bool)}
	_, dirs := w.seen(c)
	for name, want := range map[string]bool{
		"repo": true, "repo/nginx": true, "repo/nginx/conf.d": true, "repo/nginx/gone/deep": true, "": false,
	} {
		if dirs[at(name)] != want {
			t.Errorf("%q is watched: %v", name, !want)
		}
	}
	for name, want := range map[string]bool{
		"repo/nginx/conf.d/a.conf": true, "repo/nginx/conf.d/new.conf": true, "repo/nginx/new": true, "repo/Dockerfile": true,
		"repo/nginx/gone": true, "repo/nginx/gone/deep/x": true,
		"repo/main.go": false, "other": false, "repo/nginx/report": false, "repo/nginx/report.123.tmp": false, "repo/nginx/report.md": true,
	} {
		if got := w.matters(at(name)); got != want {
			t.Errorf("%s matters: %v", name, got)
		}
	}
}
