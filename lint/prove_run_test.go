package lint

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/runnable"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A provingRun is one configuration on one version of nginx, before and after
// its patch.
type provingRun struct {
	*testing.T
	prover        *prover
	nginx         nginxtest.Nginx
	version       parser.Version
	res           *Result
	before, after *parser.Config
	keys          *contextKeys
	fleet         *nginxtest.Fleet
	questions     []question
	problems      []string
	groups        map[string]string
	fixed         map[string]map[string]bool
}

// A question is a request that is sent before and after.
type question struct {
	server int
	path   string
	place  *parser.Context // of the configuration before, where it leads to
}

// An answer is what nginx did with a question.
type answer struct {
	status int
	passes bool
	front  bool              // it passes through the server's front door
	plain  int               // the status of a plain request
	asked  []string          // what that sent upstream
	over   map[string]answer // of the same plain request over HTTP/2 and HTTP/3
	model  model.Handshake
}

// maxQuestions bounds how much is asked of one configuration.
const maxQuestions = 150

// prove runs a configuration. A failure must occur again on other ports, because
// another process may have taken one of them.
func (r *provingRun) prove() {
	again := *r
	if r.run(); len(r.problems) > 0 {
		again.run()
		for _, p := range again.problems {
			r.Error(p)
		}
	}
}

func (r *provingRun) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *provingRun) run() {
	r.fleet = nginxtest.NewFleet(r)
	ground := &runnable.Ground{
		Free: func() string { return nginxtest.FreeAddress(r) }, Upstream: r.fleet.Address,
		Certificate: r.prover.cert, Key: r.prover.key, HTTP3: r.nginx.HTTP3(),
	}
	old, patched := r.place(ground, r.before), r.place(ground, r.after)
	said, took := r.nginx.Test(old.dir, old.Main)
	saidAfter, takes := r.nginx.Test(patched.dir, patched.Main)
	switch {
	case !took && !takes:
		r.prover.count(func(t *totals) { t.refused++ })
		r.prover.reason(said)
		return
	case !takes, took && len(newMessages(said, saidAfter)) > 0:
		r.problem("%v, %s: it said %v and says %v of the patched text", r.nginx, r.before.Name, said, saidAfter)
		return
	}
	r.ask()
	var first []answer
	if took {
		first = r.answers(old)
	}
	r.compare(took, first, r.answers(patched))
}

// A placed tree is on disk, and the parser reads it from there.
type placed struct {
	*runnable.Tree
	dir string
	cfg *parser.Config
}

func (r *provingRun) place(ground *runnable.Ground, cfg *parser.Config) placed {
	tree := ground.Runnable(modelOf(cfg))
	read, err := parser.Load(mapFS(tree.Files), tree.Main, parser.Options{Context: "main"})
	if err != nil {
		r.Fatal(err)
	}
	return placed{tree, nginxtest.Write(r, tree.Files), read}
}

func (r *provingRun) ask() {
	for i, server := range r.before.Servers() {
		for _, path := range runnable.Paths(modelOf(server.Config), server) {
			if len(r.questions) < maxQuestions {
				r.questions = append(r.questions, question{i, path, routed(server, path)})
			}
		}
	}
}

// answers runs a tree and asks it everything.
func (r *provingRun) answers(tree placed) []answer {
	if len(r.questions) == 0 {
		return nil
	}
	stop, err := r.nginx.Run(tree.dir, tree.Main, tree.Doors[0].Own.Address)
	if err != nil {
		r.problem("%v", err)
		return nil
	}
	defer stop()
	servers := tree.cfg.Servers()
	all := make([]answer, len(r.questions))
	for i, q := range r.questions {
		door, a := tree.Doors[q.server], &all[i]
		a.status, a.passes, _ = door.Own.Handshake(q.path)
		a.front = a.passes
		if door.Front != door.Own {
			_, a.front, _ = door.Front.Handshake(q.path)
		}
		a.plain, a.asked = r.get(func() (int, error) { return door.Own.Get(q.path) })
		a.over = make(map[string]answer)
		for protocol, target := range door.Over() {
			var over answer
			over.plain, over.asked = r.get(func() (int, error) { return target.GetOver(protocol, q.path) })
			a.over[protocol] = over
		}
		a.model = requested(servers[q.server], q.path, model.WebSocket, r.version).Handshake()
		r.foretold(tree, q, *a)
	}
	return all
}

// get sends a plain request and returns its status and what it made nginx send
// upstream.
func (r *provingRun) get(send func() (int, error)) (status int, asked []string) {
	r.fleet.Take()
	status, err := send()
	if err != nil {
		asked = []string{"no answer: " + err.Error()}
	}
	return status, append(asked, r.fleet.Take()...)
}

// foretold compares the model with the answer.
func (r *provingRun) foretold(tree placed, q question, a answer) {
	if handler := routed(tree.cfg.Servers()[q.server], q.path).Handler(); handler != nil && !handler.Is("proxy_pass") {
		return // FastCGI and the like have no stand-in
	}
	if a.model.Outcome == model.Unsure {
		r.prover.count(func(t *totals) { t.unsure++ })
		return
	}
	r.prover.count(func(t *totals) { t.foretold++ })
	if a.passes != (a.model.Outcome == model.Passes) {
		r.problem("%v, %s, server %d, %s: nginx answers %d, the model says it %v: %s\n%s", r.nginx, r.before.Name, q.server, q.path, a.status, a.model.Outcome, a.model.Reason, tree.dir)
	}
}

func (p *prover) count(f func(*totals)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.totals)
}

func (p *prover) reason(said []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(said) == 0 {
		said = []string{"nothing"}
	}
	p.reasons[regexp.MustCompile(`\d+#\d+: | in [0-9a-zA-Z._-]+:\d+| for 127.0.0.1:\d+`).ReplaceAllString(said[len(said)-1], "")]++
}
