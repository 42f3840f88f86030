//go:build unix

package main

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// While the tree is read, a file or a directory is replaced again and again by a link
// that points outside the tree. Nothing outside is ever read.
func TestReadingRaces(t *testing.T) {
	for name, test := range map[string]struct {
		victim string
		back   func(aside, victim string) error
	}{
		"file":      {"tree/conf.d/a.conf", os.Link},
		"directory": {"tree/conf.d", os.Rename},
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			putFiles(t, dir, map[string]string{
				"tree/nginx.conf": "events {}\nhttp { include conf.d/*.conf; }\n", "tree/conf.d/a.conf": "# harmless\n",
				"outside/a.conf": "# canary\n", "outside/canary.conf": "# canary\n",
			})
			target := filepath.Join(dir, "outside", strings.TrimPrefix(test.victim, "tree/conf.d"))
			stop := exchanging(filepath.Join(dir, test.victim), target, test.back)
			defer stop()
			readAgainAndAgain(t, dir)
		})
	}
}

// exchanging exchanges a file or directory with a link to a target until the
// function that it returns is called.
func exchanging(victim, target string, back func(aside, victim string) error) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	aside, link := victim+".aside", victim+".link"
	_ = os.Rename(victim, aside)
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			default:
			}
			_ = os.Symlink(target, link)
			_ = os.Rename(link, victim)
			_ = os.Remove(victim)
			_ = back(aside, victim)
			if info, err := os.Lstat(aside); err != nil || info.IsDir() {
				_ = os.Rename(victim, aside)
			}
		}
	}()
	return func() { close(done); <-ended }
}

func readAgainAndAgain(t *testing.T, dir string) {
	reads, harmless := 10_000, 0
	if testing.Short() {
		reads = 1_000
	}
	d := disk{FS: os.DirFS("/"), root: "/", trace: newTrace()}
	tree := path.Join(dir, "tree")[1:]
	for n := 0; n < reads || harmless == 0 && n < 20*reads; n++ { // a busy machine may hold the exchange up
		cfg, err := parser.Load(d, path.Join(tree, "nginx.conf"), parser.Options{Roots: []string{tree}})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range cfg.Files {
			if bytes.Contains(f.Src, []byte("canary")) {
				t.Fatalf("%s: the canary was read", f.Name)
			}
			if bytes.Contains(f.Src, []byte("harmless")) {
				harmless++
			}
		}
		for _, inc := range cfg.Includes {
			if strings.Contains(inc.Problem, "canary") {
				t.Fatalf("the directory of the canary was listed: %s", inc.Problem)
			}
		}
	}
	if harmless == 0 {
		t.Error("no read saw the file: nothing was shown")
	}
	t.Logf("%d of %d reads saw the file, none the canary", harmless, reads)
}

func putFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
