package lint

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/benchsites"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// TestGrowth: a configuration that is twice as large needs about twice as much memory
// and steps of the model, whatever an attacker writes, or the run gives up. Quadratic
// growth would need four times as much. Nothing here is timed.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same: skipped with -short")
	}
	const n = 600
	for _, g := range growths {
		if quadratic[g.name] {
			continue
		}
		t.Run(g.name, func(t *testing.T) {
			_, _, _ = spent(t, g.make(n)) // what is made once in a process
			bytes, steps, ok1 := spent(t, g.make(n))
			bytes2, steps2, ok2 := spent(t, g.make(2*n))
			if !ok1 || !ok2 {
				return
			}
			if bytes2 > bytes*13/5+1<<20 {
				t.Errorf("%d bytes are allocated for %d, %d for %d", bytes, n, bytes2, 2*n)
			}
			if steps2 > steps*13/5+1000 {
				t.Errorf("%d steps for %d, %d for %d", steps, n, steps2, 2*n)
			}
		})
	}
}

// quadratic are the configurations that grow quadratically, because each of n things
// affects each of n others. If they are large, the run gives up (TestGivenUp).
var quadratic = map[string]bool{"regex jumps": true, "headers in server": true, "header lines at http level": true, "upstream servers": true, "error_pages and locations": true}

// spent checks and fixes a configuration, and returns the allocated memory and the
// number of steps of the model. It reports false if the run gave up.
func spent(t *testing.T, text string) (bytes, steps uint64, ok bool) {
	return spentOn(t, fstest.MapFS{"nginx.conf": {Data: []byte(text), Mode: 0o644}})
}

func spentOn(t *testing.T, fsys fstest.MapFS) (bytes, steps uint64, ok bool) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	res, err := Run(Options{FS: fsys, Paths: []string{"."}, Fix: true, UnsafeFixes: true})
	runtime.ReadMemStats(&after)
	if err != nil {
		if !strings.Contains(err.Error(), "gave up") && !strings.Contains(err.Error(), "contains no nginx") {
			t.Fatal(err)
		}
		return 0, 0, false
	}
	for _, cfg := range res.Configs {
		steps += uint64(cfg.Steps())
	}
	return after.TotalAlloc - before.TotalAlloc, steps, true
}

// TestGivenUp: if n things affect each of n others, the run finally gives up with a
// message, and never with exit code 0.
func TestGivenUp(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same: skipped with -short")
	}
	for _, g := range growths {
		if g.name != "headers in server" && g.name != "header lines at http level" && g.name != "upstream servers" {
			continue
		}
		if _, _, ok := spent(t, g.make(4000)); ok {
			t.Errorf("%s: judged to the end", g.name)
		}
	}
}

// TestStepsOfRealTrees: ordinary trees, small files that share snippets, are far
// below the limit at which a run gives up.
func TestStepsOfRealTrees(t *testing.T) {
	dir := t.TempDir()
	size, err := benchsites.Write(dir, 500)
	if err != nil {
		t.Fatal(err)
	}
	res, err := Run(Options{FS: os.DirFS(dir), Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	if steps := res.Configs[0].Steps(); steps > 200*size {
		t.Errorf("%d steps for %d bytes", steps, size)
	}
}

// boxOf reports whether the container is known in which the nginx of a directory runs.
func boxOf(t *testing.T, fsys fs.FS, dir string) bool {
	t.Helper()
	w, err := discover(Options{FS: fsys, Paths: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	j := newJudge(nil, w.policy)
	j.decideVersion(w)
	return len(w.configs) > 0 && j.evidenceOf(w, w.configs[0]).box != nil
}

// TestEvidenceStaysBelow: a compose file has us read no file above the repository,
// neither by its path nor by a link.
func TestEvidenceStaysBelow(t *testing.T) {
	for context, want := range map[string]bool{".": true, "../outside": false, "link": false} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"repo/.git/x": "", "repo/nginx.conf": "events {}", "repo/Dockerfile": "FROM nginx", "outside/Dockerfile": "FROM nginx",
			"repo/compose.yaml": "services: {a: {build: " + context + ", volumes: ['.:/etc/nginx']}}",
		} {
			name = filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink("../outside", filepath.Join(dir, "repo/link")); err != nil {
			t.Skip(err)
		}
		if got := boxOf(t, os.DirFS(dir), "repo"); got != want {
			t.Errorf("%s: read is %v", context, got)
		}
	}
}

// TestMillions: sizes at which time by the square of them would be days.
func TestMillions(t *testing.T) {
	if testing.Short() {
		t.Skip("much of the same: skipped with -short")
	}
	const n = 1_000_000
	for name, text := range map[string]string{
		"directives on one line":     "events {} http { " + strings.Repeat("gzip on;", n) + "}",
		"comments":                   "events {}\n" + strings.Repeat("#\n", n) + "http {}",
		"one line of 50 MB":          "events {} http {} #" + strings.Repeat("x", 50*n),
		"one word of 50 MB":          "events {} http { a " + strings.Repeat("x", 50*n) + "; }",
		"parameters":                 "events {} http { a" + strings.Repeat(" x", n) + "; }",
		"blocks in blocks":           "events {} http {" + strings.Repeat("a {", n) + strings.Repeat("}", n) + "}",
		"blocks that nothing ends":   "events {} http {" + strings.Repeat("a {", n),
		"braces":                     "events {} http {}" + strings.Repeat("}", n),
		"quotes":                     "events {} http { " + strings.Repeat("\"a\"b ", n) + "}",
		"parts of a location name":   serverOf("location /" + strings.Repeat("socket.io/", n/10) + " { proxy_pass http://a; }"),
		"an error and a long line":   "events {}\nhttp { server {\n" + many(20_000, "location /%d/ws { proxy_pass http://a; }\n") + "#" + strings.Repeat("#", 2*n),
		"names of many parts":        serverOf(many(200, "location /%d/"+strings.Repeat("ws/api/", 700)+" { proxy_pass http://a; }\n")),
		"header lines and locations": httpOf(many(16_000, "proxy_set_header X-%d $host;\n") + "server {\n" + many(12_000, "location /%d { proxy_pass http://a; }\n") + "}"),
		"ignores":                    "events {} http {}\n" + strings.Repeat("# nginx-ws-lint: ignore syntax-error x\n", n/10),
	} {
		t.Run(name, func(t *testing.T) { spent(t, text) })
	}
}

// TestEveryDirectiveAlone: no code assumes anything about a directive's parameters,
// on any level.
func TestEveryDirectiveAlone(t *testing.T) {
	for _, around := range [][2]string{
		{"http { server { location /ws { proxy_pass http://a;", "return 404; } } }"},
		{"http { map $http_upgrade $connection_upgrade { default upgrade; } server {", "location /ws { proxy_pass http://a; if ($http_upgrade) { set $x y; } } } }"},
		{"http { upstream a {", "} server { location /ws { proxy_pass http://a; } } }"},
	} {
		for _, name := range parser.DirectiveNames() {
			for _, rest := range []string{";", " x;", " {}", " '' ~ {}"} {
				fsys := fstest.MapFS{"nginx.conf": {Data: []byte("events {}\n" + around[0] + name + rest + around[1])}}
				if _, err := Run(Options{FS: fsys, Paths: []string{"."}, Fix: true, UnsafeFixes: true}); err != nil {
					t.Errorf("%s%s: %v", name, rest, err)
				}
			}
		}
	}
}
