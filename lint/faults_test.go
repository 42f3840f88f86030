package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
)

// A faultyFS is a file system in which one call fails: the n-th. A read that
// fails has given half of the file before.
type faultyFS struct {
	mu      sync.Mutex // files are read on all cores
	files   fstest.MapFS
	n       int   // of the call that fails, from 1
	err     error // how
	forever bool  // and all that come after it
	tripped string
	name    string // of the file that it was about
}

func (f *faultyFS) fail(call, name string) error {
	if f.n--; f.n == 0 || f.n < 0 && f.forever {
		if f.tripped == "" {
			f.tripped, f.name = call+" "+name, name
		}
		return &fs.PathError{Op: call, Path: name, Err: f.err}
	}
	return nil
}

func (f *faultyFS) Open(name string) (fs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fail("open", name); err != nil {
		return nil, err
	}
	file, err := f.files.Open(name)
	return faultyFile{file, f, name}, err
}

func (f *faultyFS) Stat(name string) (fs.FileInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fail("stat", name); err != nil {
		return nil, err
	}
	return f.files.Stat(name)
}

func (f *faultyFS) ReadDir(name string) ([]fs.DirEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.files.ReadDir(name)
	if failed := f.fail("readdir", name); failed != nil {
		return all[:len(all)/2], failed
	}
	return all, err
}

func (f *faultyFS) Lstat(name string) (fs.FileInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fail("lstat", name); err != nil {
		return nil, err
	}
	return f.files.Lstat(name)
}

func (f *faultyFS) ReadLink(name string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fail("readlink", name); err != nil {
		return "", err
	}
	return f.files.ReadLink(name)
}

type faultyFile struct {
	fs.File
	in   *faultyFS
	name string
}

func (f faultyFile) Read(p []byte) (int, error) {
	f.in.mu.Lock()
	defer f.in.mu.Unlock()
	if err := f.in.fail("read", f.name); err != nil {
		n, _ := f.File.Read(p[:min(len(p), 20)])
		return n, err
	}
	return f.File.Read(p[:min(len(p), 40)]) // short reads, so that there are many
}

var faultyTree = fstest.MapFS{
	"repo/.git/HEAD":                  {Data: []byte("ref: x")},
	"repo/Dockerfile":                 {Data: []byte("FROM nginx:1.26.3\nCOPY nginx /etc/nginx\n")},
	"repo/compose.yaml":               {Data: []byte("services:\n  web:\n    build: .\n    volumes: ['./nginx:/etc/nginx']\n  app:\n    image: app\n    expose: [3000]\n")},
	"repo/nginx/nginx.conf":           {Data: []byte("events {}\nhttp {\n    include mime.types;\n    include /etc/nginx/conf.d/*.conf;\n    include sites-enabled/*;\n}\n")},
	"repo/nginx/mime.types":           {Data: []byte("types { text/html html; }\n")},
	"repo/nginx/conf.d/a.conf":        {Data: []byte("server {\n    listen 80;\n    location /ws {\n        include snippets/proxy.conf;\n        proxy_pass http://app:3000;\n    }\n}\n")},
	"repo/nginx/snippets/proxy.conf":  {Data: []byte("proxy_http_version 1.1;\nproxy_set_header Host $host;\n")},
	"repo/nginx/sites-available/site": {Data: []byte("server {\n    listen 81;\n    location /socket.io/ {\n        proxy_pass http://127.0.0.1:3000;\n    }\n}\n")},
	"repo/nginx/sites-enabled/site":   {Data: []byte("../sites-available/site"), Mode: 0o777 | fs.ModeSymlink},
}

// Whichever call fails, nothing panics, and what was judged is all that there
// is, or it is said what was not read and why; if it is of what was asked for,
// that is trouble.
func TestEachCallFails(t *testing.T) {
	for _, path := range []string{"repo/nginx", "repo", "repo/nginx/nginx.conf", "repo/nginx/conf.d/a.conf"} {
		healthy := told(Run(Options{FS: &faultyFS{files: faultyTree}, Paths: []string{path}, Fix: true, UnsafeFixes: true}))
		if !strings.Contains(healthy, "missing-upgrade-headers") || strings.Contains(healthy, "@@") != (path != "repo/nginx/conf.d/a.conf") {
			t.Fatalf("%s: nothing is found:\n%s", path, healthy)
		}
		for _, err := range []error{syscall.EIO, fs.ErrPermission, syscall.EMFILE, fs.ErrNotExist, syscall.ENOTDIR} {
			for _, forever := range []bool{false, true} {
				n := 1
				for ; ; n++ {
					fsys := &faultyFS{files: faultyTree, n: n, err: err, forever: forever}
					res, runErr := Run(Options{FS: fsys, Paths: []string{path}, Fix: true, UnsafeFixes: true})
					if fsys.tripped == "" {
						break
					}
					if wrong := untold(fsys, path, healthy, res, runErr); wrong != "" {
						t.Errorf("%s, call %d (%s: %v, forever %v): %s", path, n, fsys.tripped, err, forever, wrong)
					}
				}
				if n < 30 {
					t.Errorf("%s: %d calls only", path, n)
				}
			}
		}
	}
}

// untold returns what a run with a fault fails to report.
func untold(fsys *faultyFS, path, healthy string, res *Result, err error) string {
	if err != nil {
		var path *PathError
		if !errors.As(err, &path) || path.Problem == "" {
			return "the error names no file: " + err.Error()
		}
		return ""
	}
	noted, trouble := false, false
	for _, n := range res.Notes {
		about := n.Name + " " + n.Message
		noted = noted || strings.Contains(about, "not read") || strings.Contains(about, "failed") || strings.Contains(about, fsys.err.Error())
		trouble = trouble || n.Trouble
	}
	for _, f := range res.Findings {
		noted = noted || f.Rule.Name == "unknown-include"
	}
	gone := errors.Is(fsys.err, fs.ErrNotExist) || errors.Is(fsys.err, syscall.ENOTDIR)
	switch {
	case told(res, nil) == healthy || trouble:
		return ""
	case gone && (beside(path, fsys.name) || fsys.forever || fsys.name == "repo/nginx/nginx.conf"):
		return "" // a missing file cannot add anything
	case !noted:
		return fmt.Sprintf("nothing is said, but the result is\n%s\nnot\n%s", told(res, nil), healthy)
	case !beside(path, fsys.name) && !gone && !fsys.forever:
		return fmt.Sprintf("what was asked for was not read, and that is no trouble: %v", res.Notes)
	}
	return ""
}

// beside reports whether a file was not named, but lies next to a named one.
func beside(path, name string) bool {
	if path == "repo/nginx/conf.d/a.conf" {
		return name != path && name != "repo/nginx/nginx.conf" && !strings.HasPrefix(name, "repo/nginx/snippets")
	}
	return !strings.HasPrefix(name, "repo/nginx")
}

// told returns a result as text, without its notes.
func told(res *Result, err error) string {
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, f := range res.Findings {
		fmt.Fprintf(&b, "%s:%s: %s [%s]\n", f.Span.File.Name, f.Span.File.Position(f.Span.Start), f.Message, f.Rule.Name)
	}
	for _, p := range res.Patches {
		b.WriteString(p.Diff(p.File.Name, p.File.Name))
	}
	return b.String()
}
