package lint

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

var liveTrees = flag.Int("trees", 12, "random trees to run on each nginx")

// livePaths are asked of every server of a random tree.
var livePaths = []string{"/ws", "/cable", "/api", "/socket.io/", "/websocket", "/ws/static", "/cable/ws", "/other"}

var (
	backendAddress = regexp.MustCompile(`127\.0\.0\.1:900\d\b`)
)

// TestLiveRandom compares the model with running nginx on random trees, before
// and after they are fixed, handshake by handshake: what passed still passes.
func TestLiveRandom(t *testing.T) {
	trees := *liveTrees
	if testing.Short() {
		trees = 2
	}
	asked, mended := 0, 0
	for _, n := range nginxtest.Installed(t) {
		version, err := parser.ParseVersion(n.Version)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range trees {
			t.Run(fmt.Sprintf("%s/%d", n.Version, seed), func(t *testing.T) {
				r := &liveTreeRun{T: t, nginx: n, version: version, backend: nginxtest.StartBackend(t)}
				g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 11))}
				before := r.passing(g.tree())
				files := r.fixed()
				for name, text := range r.files {
					if files[name] == "" {
						files[name] = text
					}
				}
				after := r.passing(files)
				for key := range before {
					if !after[key] {
						t.Errorf("%s passed before the patch and does not after it", key)
					}
				}
				asked, mended = asked+r.asked, mended+len(after)-len(before)
			})
		}
	}
	t.Logf("%d handshakes ended as the model says; %d that failed pass after the patch", asked, mended)
}

type liveTreeRun struct {
	*testing.T
	nginx   nginxtest.Nginx
	version parser.Version
	backend *nginxtest.Backend
	files   map[string]string // with addresses of this machine
	dir     string
	asked   int
}

// place gives the tree addresses of this machine and writes it.
func (r *liveTreeRun) place(files map[string]string) (addresses []string) {
	r.files = make(map[string]string)
	for name, text := range files {
		text = backendAddress.ReplaceAllString(text, r.backend.Address)
		if name == "nginx.conf" {
			text = strings.Replace(text, "events {}", "", 1)
			text = strings.TrimPrefix(text, nginxtest.Prologue)
			text = listen.ReplaceAllStringFunc(text, func(string) string {
				addresses = append(addresses, nginxtest.FreeAddress(r))
				return "listen " + addresses[len(addresses)-1] + ";"
			})
			if !strings.Contains(text, nginxtest.TempPaths) {
				text = strings.Replace(text, "http {", "http { "+nginxtest.TempPaths, 1)
			}
			text = nginxtest.Prologue + text
		}
		r.files[name] = text
	}
	r.dir = nginxtest.Write(r, r.files)
	return addresses
}

// listen matches a listen directive of a generated tree, first or placed again.
var listen = regexp.MustCompile(`listen (127\.0\.0\.1:)?\d+;`)

// passing runs nginx on a tree, asks every path of every server, compares with
// the model, and returns which handshakes pass.
func (r *liveTreeRun) passing(files map[string]string) map[string]bool {
	addresses := r.place(files)
	cfg, err := parser.Load(os.DirFS(r.dir), "nginx.conf", parser.Options{})
	if err != nil {
		r.Fatal(err)
	}
	r.nginx.Start(r, r.dir, "nginx.conf", addresses[0])
	passes := make(map[string]bool)
	for i, server := range cfg.Servers() {
		for _, path := range livePaths {
			status, ok, _ := nginxtest.Handshake(addresses[i], path)
			model := server.Route(path).Request(parser.WebSocket, r.version).Handshake()
			if ok != (model.Outcome == parser.Passes) || model.Outcome == parser.Unsure {
				r.Errorf("server %d, %s: nginx answers %d, the model says it %v: %s\n%s", i, path, status, model.Outcome, model.Reason, r.files["nginx.conf"])
			}
			r.asked++
			if ok {
				passes[fmt.Sprintf("server %d, %s", i, path)] = true
			}
		}
	}
	return passes
}

// fixed fixes the placed tree and returns the files that changed.
func (r *liveTreeRun) fixed() map[string]string {
	res, err := Run(Options{FS: os.DirFS(r.dir), Paths: []string{"."}, Version: r.version, Fix: true, UnsafeFixes: true})
	if err != nil {
		r.Fatal(err)
	}
	changed := make(map[string]string)
	for _, p := range res.Patches {
		changed[filepath.ToSlash(p.File.Name)] = string(p.New)
	}
	return changed
}
