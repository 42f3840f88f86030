package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// A changingFS is a file system in which, at the n-th call, someone else does
// something.
type changingFS struct {
	faultyFS
	change func(fstest.MapFS)
}

// step counts a call, and locks the file system for it.
func (c *changingFS) step() (done func()) {
	c.mu.Lock()
	if c.n--; c.n == 0 {
		c.tripped = "changed"
		c.change(c.files)
	}
	return c.mu.Unlock
}

func (c *changingFS) Open(name string) (fs.File, error) { defer c.step()(); return c.files.Open(name) }

func (c *changingFS) Stat(name string) (fs.FileInfo, error) {
	defer c.step()()
	return c.files.Stat(name)
}

func (c *changingFS) Lstat(name string) (fs.FileInfo, error) {
	defer c.step()()
	return c.files.Lstat(name)
}

func (c *changingFS) ReadLink(name string) (string, error) {
	defer c.step()()
	return c.files.ReadLink(name)
}

func (c *changingFS) ReadDir(name string) ([]fs.DirEntry, error) {
	defer c.step()()
	return c.files.ReadDir(name)
}

// A tree that changes during a run, at any call, is judged as it was read: every
// patch is of a text that one of the two trees had, and nothing goes wrong except
// that a file may be reported as missing.
func TestTreeChanges(t *testing.T) {
	const a, site = "repo/nginx/conf.d/a.conf", "repo/nginx/sites-available/site"
	other := []byte("server { listen 90; location /ws { proxy_pass http://app:3000; } }\n")
	for what, change := range map[string]func(fstest.MapFS){
		"vanishes":            func(f fstest.MapFS) { delete(f, a) },
		"all vanish":          func(f fstest.MapFS) { clear(f) },
		"appears":             func(f fstest.MapFS) { f["repo/nginx/conf.d/b.conf"] = &fstest.MapFile{Data: other} },
		"is edited":           func(f fstest.MapFS) { f[a] = &fstest.MapFile{Data: other} },
		"grows":               func(f fstest.MapFS) { f[a] = &fstest.MapFile{Data: append(slices.Clone(f[a].Data), other...)} },
		"is cut":              func(f fstest.MapFS) { f[a] = &fstest.MapFile{} },
		"becomes a directory": func(f fstest.MapFS) { delete(f, a); f[a+"/x.conf"] = &fstest.MapFile{Data: other} },
		"becomes a link": func(f fstest.MapFS) {
			f[a] = &fstest.MapFile{Data: []byte("../sites-available/site"), Mode: 0o777 | fs.ModeSymlink}
		},
		"becomes a pipe":    func(f fstest.MapFS) { f[a] = &fstest.MapFile{Mode: 0o644 | fs.ModeNamedPipe} },
		"the link's target": func(f fstest.MapFS) { delete(f, site) },
		"the directory is gone": func(f fstest.MapFS) {
			maps.DeleteFunc(f, func(n string, _ *fstest.MapFile) bool { return strings.HasPrefix(n, "repo/nginx/conf.d") })
		},
	} {
		for _, path := range []string{"repo/nginx", "repo/nginx/nginx.conf", a} {
			for n := 1; ; n++ {
				fsys := &changingFS{faultyFS{files: maps.Clone(faultyTree), n: n}, change}
				res, err := Run(Options{FS: fsys, Paths: []string{path}, Fix: true, UnsafeFixes: true})
				if fsys.tripped == "" {
					break
				}
				var gone *PathError
				if err != nil && !errors.As(err, &gone) {
					t.Errorf("%s: %s at call %d: %v", path, what, n, err)
				}
				if err == nil {
					checkSeen(t, fmt.Sprintf("%s: %s at call %d", path, what, n), res, faultyTree, fsys.files)
				}
			}
		}
	}
}

// checkSeen: every text was that of one of the trees, and every patch is of one.
func checkSeen(t *testing.T, what string, res *Result, trees ...fstest.MapFS) {
	t.Helper()
	for _, f := range res.Files {
		if !slices.ContainsFunc(trees, func(tree fstest.MapFS) bool {
			text, err := tree.ReadFile(f.Name)
			return err == nil && bytes.Equal(text, f.Src)
		}) {
			t.Errorf("%s: %s held %q never", what, f.Name, f.Src)
		}
	}
	for _, p := range res.Patches {
		if !slices.Contains(res.Files, p.File) {
			t.Errorf("%s: the patch of %s is of a text that was not read", what, p.File.Name)
		}
	}
	for _, h := range res.Held {
		if h.Fix.Refused {
			t.Errorf("%s: %s", what, h.Reason)
		}
	}
}

// A dreamingFS gives every file another time whenever it is asked.
type dreamingFS struct {
	fstest.MapFS
	mu    *sync.Mutex
	asked *int
}

func (d dreamingFS) Stat(name string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	*d.asked++
	for _, file := range d.MapFS {
		file.ModTime = time.Unix(int64(*d.asked%3-1)*1e12, 0)
	}
	return d.MapFS.Stat(name)
}

// When a file was written says nothing.
func TestTimesJump(t *testing.T) {
	healthy := told(Run(Options{FS: faultyTree, Paths: []string{"repo"}, Fix: true}))
	if got := told(Run(Options{FS: dreamingFS{faultyTree, new(sync.Mutex), new(int)}, Paths: []string{"repo"}, Fix: true})); got != healthy {
		t.Errorf("got\n%s\nnot\n%s", got, healthy)
	}
}
