package lint

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// deniedFS is a file system in which some files may not be read.
type deniedFS struct {
	fstest.MapFS
	denied string
}

func (d deniedFS) Open(name string) (fs.File, error) {
	if name == d.denied {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.MapFS.Open(name)
}

// What may not be read is trouble, however it was met: named, found or
// included.
func TestUnreadable(t *testing.T) {
	files := fstest.MapFS{
		"tree/nginx.conf":    {Data: []byte("events {}\nhttp { include conf.d/*.conf; }\n"), Mode: 0o644},
		"tree/conf.d/a.conf": {Data: []byte("server { listen 80; }\n"), Mode: 0o644},
	}
	fsys := deniedFS{files, "tree/conf.d/a.conf"}
	_, err := Run(Options{FS: fsys, Paths: []string{"tree/conf.d/a.conf"}})
	var pathErr *PathError
	if !errors.As(err, &pathErr) || pathErr.Name != "tree/conf.d/a.conf" || pathErr.Problem != "permission denied" {
		t.Errorf("named: %v", err)
	}
	for _, path := range []string{"tree", "tree/nginx.conf"} {
		res, err := Run(Options{FS: fsys, Paths: []string{path}})
		if err != nil {
			t.Fatal(err)
		}
		trouble := 0
		for _, n := range res.Notes {
			if n.Trouble && strings.Contains(strings.ToLower(n.Message), "permission denied") {
				trouble++
			}
		}
		if trouble == 0 {
			t.Errorf("%s: %v", path, res.Notes)
		}
	}
}

// A minimum that the user asks for is held against the timeout in force.
func TestMinReadTimeout(t *testing.T) {
	const conf = "events {}\nhttp { server { location /ws { proxy_pass http://a; proxy_http_version 1.1; proxy_read_timeout 90s; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_set_header Host $host; } } }\n"
	for seconds, want := range map[int]int{0: 0, 90: 0, 91: 1} {
		res, err := Run(Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(conf)}}, Paths: []string{"."}, MinReadTimeout: seconds})
		if err != nil || len(res.Findings) != want {
			t.Errorf("a minimum of %d: %d findings, %v", seconds, len(res.Findings), err)
		}
	}
}
