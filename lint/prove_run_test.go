package lint

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/standin"
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
	keys          contextKeys
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
	front  bool     // it passes through the server's front door
	plain  int      // the status of a plain request
	asked  []string // what that sent upstream
	model  parser.Handshake
}

// maxQuestions bounds how much is asked of one configuration.
const maxQuestions = 150

// prove runs it. What goes wrong has to go wrong again on other ports: another
// process may have taken one of them.
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
	ground := &standin.Ground{
		Free: func() string { return nginxtest.FreeAddress(r) }, Upstream: r.fleet.Address,
		Certificate: r.prover.cert, Key: r.prover.key,
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

// newMessages are those of the second run that the first did not have.
func newMessages(before, after []string) []string {
	had := make(map[string]int)
	strip := regexp.MustCompile(`:\d+$|\d+#\d+: `)
	for _, m := range before {
		had[strip.ReplaceAllString(m, "")]++
	}
	var more []string
	for _, m := range after {
		if had[strip.ReplaceAllString(m, "")]--; had[strip.ReplaceAllString(m, "")] < 0 {
			more = append(more, m)
		}
	}
	return more
}

// A placed tree lies on disk, and is read by the parser from there.
type placed struct {
	*standin.Tree
	dir string
	cfg *parser.Config
}

func (r *provingRun) place(ground *standin.Ground, cfg *parser.Config) placed {
	tree := ground.Runnable(cfg)
	read, err := parser.Load(mapFS(tree.Files), tree.Main, parser.Options{Context: "main"})
	if err != nil {
		r.Fatal(err)
	}
	return placed{tree, nginxtest.Write(r, tree.Files), read}
}

func (r *provingRun) ask() {
	for i, server := range r.before.Servers() {
		for _, path := range standin.Paths(server) {
			if len(r.questions) < maxQuestions {
				r.questions = append(r.questions, question{i, path, server.Route(path)})
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
		r.fleet.Take()
		var err error
		if a.plain, err = door.Own.Get(q.path); err != nil {
			a.asked = []string{"no answer: " + err.Error()}
		}
		a.asked = append(a.asked, r.fleet.Take()...)
		a.model = servers[q.server].Route(q.path).Request(parser.WebSocket, r.version).Handshake()
		r.foretold(tree, q, *a)
	}
	return all
}

// foretold compares the model with the answer.
func (r *provingRun) foretold(tree placed, q question, a answer) {
	if handler := tree.cfg.Servers()[q.server].Route(q.path).Handler(); handler != nil && !handler.Is("proxy_pass") {
		return // FastCGI and the like have no stand-in
	}
	if a.model.Outcome == parser.Unsure {
		r.prover.count(func(t *totals) { t.unsure++ })
		return
	}
	r.prover.count(func(t *totals) { t.foretold++ })
	if a.passes != (a.model.Outcome == parser.Passes) {
		r.problem("%v, %s, server %d, %s: nginx answers %d, the model says it %v: %s\n%s", r.nginx, r.before.Name, q.server, q.path, a.status, a.model.Outcome, a.model.Reason, tree.dir)
	}
}

// compare holds the patch to its promises.
func (r *provingRun) compare(took bool, before, after []answer) {
	r.prover.count(func(t *totals) { t.ran++ })
	if !took {
		r.prover.count(func(t *totals) { t.started++ })
		before = make([]answer, len(after))
	}
	if len(before) != len(after) {
		return // said already
	}
	for i, q := range r.questions {
		old, now := before[i], after[i]
		r.prover.count(func(t *totals) { t.handshakes++ })
		changes, named := r.res.proven.changes(q.place, r.keys, r.version)
		where := fmt.Sprintf("%v, %s, server %d, %s (%s)", r.nginx, r.before.Name, q.server, q.path, r.keys.of(q.place))
		switch {
		case old.passes && !now.passes, old.front && !now.front:
			r.problem("%s: a handshake that passed does not: %d", where, now.status)
		case old.passes:
			r.prover.count(func(t *totals) { t.kept++ })
		case now.passes:
			r.prover.count(func(t *totals) { t.mended++ })
		default:
			r.unmended(where, q, now)
		}
		if took {
			r.plain(where, old, now, named, changes)
		}
	}
}

// unmended: a handshake still fails. What a fix was made for has to be mended
// all the same: the backends tell by 426 that headers are missing, and by 400
// that the version is.
func (r *provingRun) unmended(where string, q question, now answer) {
	made := r.made()[r.keys.of(q.place)]
	if made["missing-upgrade-headers"] && now.status == http.StatusUpgradeRequired || made["proxy-http-version"] && now.status == http.StatusBadRequest {
		r.problem("%s: called broken and fixed, and still %d: %s", where, now.status, now.model.Reason)
	}
	if len(made) > 0 {
		r.prover.count(func(t *totals) { t.left++ })
	}
}

// made are the rules whose fixes were made, by the locations that they name.
func (r *provingRun) made() map[string]map[string]bool {
	if r.fixed != nil {
		return r.fixed
	}
	r.fixed = make(map[string]map[string]bool)
	held := make(map[parser.Span]map[string]bool)
	for _, h := range r.res.Held {
		if held[h.Finding.Span] == nil {
			held[h.Finding.Span] = make(map[string]bool)
		}
		held[h.Finding.Span][h.Finding.Rule.Name] = true
	}
	for _, f := range r.res.Findings {
		if len(f.Fixes) == 0 || held[f.Span][f.Rule.Name] {
			continue
		}
		for _, c := range f.Fixes[0].Names {
			key := r.keys.of(c)
			if r.fixed[key] == nil {
				r.fixed[key] = make(map[string]bool)
			}
			r.fixed[key][f.Rule.Name] = true
		}
	}
	return r.fixed
}

// plain compares what a plain request sends upstream.
func (r *provingRun) plain(where string, old, now answer, named bool, changes []string) {
	was, is := r.parts(old.asked), r.parts(now.asked)
	switch {
	case !named:
		changes = nil
	case old.plain == http.StatusGatewayTimeout && slices.Contains(changes, "proxy_read_timeout"):
		return // nginx gave up at once: what went out by then is a matter of luck
	case old.plain == http.StatusBadRequest && len(old.asked) == 0 && slices.Contains(changes, "Host"):
		return // Go's server refuses a request with two Hosts before the backend sees it
	case strings.HasPrefix(was["target"], "PRI * ") && slices.Contains(changes, "HTTP version"):
		return // HTTP/2, of which the backends understand no more than its first line
	}
	if slices.Contains(changes, "target") { // from which the default Host comes
		changes = append(slices.Clone(changes), "the upstream", "Host")
	}
	if slices.Contains(changes, "method") {
		changes = append(slices.Clone(changes), "target")
	}
	for name := range maps.Keys(mergeKeys(was, is)) {
		if was[name] != is[name] && !slices.Contains(changes, name) {
			r.problem("%s: a plain request had %s %q and has %q; the fixes name it: %v %q", where, name, was[name], is[name], named, changes)
		}
	}
	r.prover.count(func(t *totals) {
		if named {
			t.plainSaid++
		} else {
			t.plainSame++
		}
	})
}

// upstreams says for the servers of upstream blocks, and all others, what they
// stand for.
func (r *provingRun) upstreams() map[string]string {
	if r.groups != nil {
		return r.groups
	}
	r.groups = make(map[string]string)
	for _, name := range r.fleet.Names() {
		r.groups[name] = name
	}
	for _, u := range r.before.Upstreams() {
		for _, d := range u.Own("server") {
			r.groups[d.Param(0)] = "a server of " + u.Opener.Param(0)
		}
	}
	return r.groups
}

func mergeKeys(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// changing matches what differs from request to request: $request_id and the
// like.
var changing = regexp.MustCompile(`\b[0-9a-f]{32}\b|\b(3[2-9]|[45]\d|6[0-5])\d{3}\b|\b\d{10}(\.\d{3})?\b`)

// parts takes what was sent apart, by the names that fixes give to changes. Of
// the servers of an upstream block each is as good as another.
func (r *provingRun) parts(asked []string) map[string]string {
	all := make(map[string]string)
	for _, request := range asked {
		to, request, _ := strings.Cut(request, " asked ")
		all["the upstream"] += r.upstreams()[to] + " "
		for i, part := range strings.Split(request, "; ") {
			part = changing.ReplaceAllString(part, "N")
			name, value, _ := strings.Cut(part, ": ")
			if i == 0 {
				version := regexp.MustCompile(`HTTP/1\.\d`)
				all["HTTP version"] += version.FindString(part) + " "
				name, value = "target", version.ReplaceAllString(part, "")
			}
			all[name] += value + " "
		}
	}
	return all
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
