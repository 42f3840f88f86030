package lint

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

var (
	liveTrees = flag.Int("trees", 8, "random trees to run on each nginx")
	liveSeed  = flag.Int("seed", 0, "of the first random tree")
	liveTries = flag.Int("shrink", 200, "runs of nginx in which a mismatch may be made small")
	liveKeep  = flag.Bool("survey", false, "go on after a mismatch, up to one of each kind")
)

// serversPerTree are asked of one nginx.
const serversPerTree = 6

// TestLiveRandom compares the model with running nginx on random trees, before
// and after they are fixed, handshake by handshake and header by header.
func TestLiveRandom(t *testing.T) {
	trees := *liveTrees
	if testing.Short() {
		trees = min(trees, 2)
	}
	all, versions := newLiveTally(), nginxtest.Installed(t)
	work := make(chan func(*liveRun))
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := newLiveRun(t, all)
			for f := range work {
				f(r)
			}
		}()
	}
	for seed := *liveSeed; seed < *liveSeed+trees; seed++ {
		for _, n := range versions {
			work <- func(r *liveRun) { r.tree(n, seed) }
		}
	}
	close(work)
	wg.Wait()
	all.log(t, len(versions))
}

// A liveRun is one worker: its backends, and what it does on one nginx.
type liveRun struct {
	testing.TB
	*liveTally
	record   record
	backends [3]string
	nginx    nginxtest.Nginx
	version  parser.Version
	seed     int
}

func newLiveRun(t testing.TB, all *liveTally) *liveRun {
	r := &liveRun{TB: t, liveTally: all}
	for i := range r.backends {
		r.backends[i] = r.record.start(t)
	}
	return r
}

// tree runs one random tree, without the servers that nginx refuses.
func (r *liveRun) tree(n nginxtest.Nginx, seed int) {
	if r.Failed() && !*liveKeep {
		return
	}
	r.nginx, r.seed = n, seed
	r.version, _ = parser.ParseVersion(n.Version)
	s := r.accepted(brokenSketch(seed, r.version))
	if s == nil {
		return
	}
	p := r.place(s)
	defer p.remove()
	before, found := r.compare(p, true)
	if found == nil {
		found = r.fix(p, before, true)
	}
	if found != nil {
		r.report(s, *found)
	}
}

// A livePlaced tree is on disk with addresses of this machine.
type livePlaced struct {
	dir     string
	files   map[string]string
	cfg     *parser.Config
	servers []*parser.Context
	ports   map[string]string // by address: what the sketch calls it
}

var (
	backendAddress = regexp.MustCompile(`127\.0\.0\.1:900\d\b`)
	listenPort     = regexp.MustCompile(`listen (\d+)`)
)

// place gives a tree addresses of this machine and writes it.
func (r *liveRun) place(s *sketch) *livePlaced {
	p := &livePlaced{files: s.render(), ports: make(map[string]string)}
	for name, text := range p.files {
		text = backendAddress.ReplaceAllStringFunc(text, func(a string) string { return r.backends[(a[len(a)-1]-'0')%3] })
		text = listenPort.ReplaceAllStringFunc(text, func(listen string) string {
			address := nginxtest.FreeAddress(r)
			p.ports[address] = strings.TrimPrefix(listen, "listen ")
			return "listen " + address
		})
		if name == "nginx.conf" {
			text = regexp.MustCompile(`events \{\s*\}`).ReplaceAllString(text, "")
			text = nginxtest.Prologue + strings.Replace(text, "http {", "http { "+nginxtest.TempPaths, 1)
		}
		p.files[name] = text
	}
	r.write(p)
	return p
}

// write puts the files into a new directory and reads them with the model.
func (r *liveRun) write(p *livePlaced) {
	var err error
	if p.dir, err = os.MkdirTemp("", "random"); err != nil {
		panic(err) // of this machine's; a worker is not the test's goroutine
	}
	for name, text := range p.files {
		path := filepath.Join(p.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			panic(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
	if p.cfg, err = parser.Load(os.DirFS(p.dir), "nginx.conf", parser.Options{}); err != nil {
		panic(err)
	}
	p.servers = p.cfg.Servers()
}

// listenAddress is the address at which one of our servers listens, or "" if it is
// unknown.
func listenAddress(server *parser.Context) string {
	if d := server.First("listen"); d != nil {
		return d.Param(0)
	}
	return ""
}

func (p *livePlaced) remove() { _ = os.RemoveAll(p.dir) }

// compare runs nginx on a placed tree and asks every path of every server. It
// returns which handshakes pass, and the first mismatch.
func (r *liveRun) compare(p *livePlaced, counted bool) (passes map[string]bool, found *liveMismatch) {
	if len(p.servers) == 0 {
		return nil, nil
	}
	stop, err := r.nginx.Run(p.dir, "nginx.conf", listenAddress(p.servers[0]))
	if err != nil {
		return nil, &liveMismatch{what: "does not start", detail: err.Error()}
	}
	defer stop()
	passes = make(map[string]bool)
	for _, server := range p.servers {
		address := listenAddress(server)
		for _, path := range livePaths {
			for _, kind := range []model.Kind{model.WebSocket, model.Plain} {
				a := r.ask(address, path, kind)
				if kind == model.WebSocket && a.echoes {
					passes[p.ports[address]+" "+path] = true
				}
				m := r.judged(p, server, path, kind, a, counted)
				if m != nil { // once more, for what only happened
					m = r.judged(p, server, path, kind, r.ask(address, path, kind), false)
				}
				if m != nil && found == nil && !(*liveKeep && r.known(m)) {
					found = m
				}
			}
		}
	}
	return passes, found
}

// known reports whether a mismatch of that kind was reported already.
func (r *liveRun) known(m *liveMismatch) bool {
	r.Lock()
	defer r.Unlock()
	return r.seen[m.what]
}

// report makes a mismatch small and prints it as a golden.
func (r *liveRun) report(s *sketch, m liveMismatch) {
	r.Lock()
	again := r.seen[m.what]
	r.seen[m.what] = true
	r.Unlock()
	if again {
		return
	}
	last := m
	if r.again(s, m) == nil { // another process may have had our ports
		r.Logf("did not happen again: seed %d, %v, server %s, %s: %s: %s", r.seed, r.nginx, m.server, m.path, m.what, m.detail)
		return
	}
	if port, err := strconv.Atoi(m.server); err == nil { // that server alone, if that will do
		alone := s.clone()
		alone.keep(func(group int) bool { return group == port-firstPort+1 })
		if r.again(alone, m) != nil {
			s = alone
		}
	}
	s = s.shrink(*liveTries, func(c *sketch) bool {
		now := r.again(c, m)
		if now != nil {
			last = *now
		}
		return now != nil
	})
	r.Errorf("seed %d, %v, server %s, %s: %s: %s\n%s", r.seed, r.nginx, last.server, last.path, last.what, last.detail,
		txtarOf(s.render(), last.path+": "+last.what+".", last.detail, "flags: nginx-version="+r.nginx.Version+" unsafe-fixes"))
}
