package lint

import (
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// fix fixes a placed tree and compares again: what passed passes, and what a
// fix was about passes now.
func (r *liveRun) fix(p *livePlaced, before map[string]bool, counted bool) *liveMismatch {
	res, err := Run(Options{FS: os.DirFS(p.dir), Paths: []string{"."}, Version: r.version, Fix: true, UnsafeFixes: true})
	p.remove()
	if err != nil {
		return &liveMismatch{what: "fix: error", detail: err.Error()}
	}
	if len(res.Patches) == 0 {
		return nil
	}
	patched := &livePlaced{files: p.files, ports: p.ports}
	for _, patch := range res.Patches {
		patched.files[patch.File.Name] = string(patch.New)
	}
	r.write(patched)
	defer patched.remove()
	if messages, ok := r.nginx.Test(patched.dir, "nginx.conf"); !ok {
		return &liveMismatch{what: "fix: refused", detail: strings.Join(messages, "; ")}
	}
	after, found := r.compare(patched, counted)
	if found != nil {
		found.what = "after the fix: " + found.what
		return found
	}
	for key := range before {
		if !after[key] {
			server, path, _ := strings.Cut(key, " ")
			return &liveMismatch{server: server, path: path, what: "fix: passed before", detail: "the handshake passed before the patch and does not after it"}
		}
	}
	if counted {
		r.Lock()
		r.mended += len(after) - len(before)
		r.Unlock()
	}
	return r.mends(res, patched, before, after)
}

// mends counts what the patch fixed, and returns a location that a fix should have
// fixed, whose handshake still fails and which has no finding left.
func (r *liveRun) mends(res *Result, patched *livePlaced, before, after map[string]bool) *liveMismatch {
	var found *liveMismatch
	for i, server := range mainConfig(res).Servers() {
		port := patched.ports[listenAddress(server)]
		for _, path := range livePaths {
			key := port + " " + path
			if !fixedLocation(res, routed(server, path)) || before[key] || after[key] || leftOf(res, i, path) {
				continue
			}
			h := requested(patched.servers[i], path, model.WebSocket, r.version).Handshake()
			m := &liveMismatch{port, path, model.WebSocket, "fix: fails still: " + reasonShape(h.Reason), h.Reason}
			if h.Outcome == model.Fails {
				r.count(r.stillFail, m.what)
				if *liveKeep && (found == nil || r.known(found)) {
					found = m
				}
			}
		}
	}
	return found
}

// reasonShape is a reason without what differs from tree to tree.
func reasonShape(s string) string { return shape.ReplaceAllString(s, "...") }

var shape = regexp.MustCompile(`(?s)line \d+|".*"|(Upgrade|Connection) is .*`)

// leftOf reports whether a finding is left about the location of a path.
func leftOf(res *Result, server int, path string) bool {
	return slices.ContainsFunc(res.Left, func(f rules.Finding) bool {
		return f.Context != nil && f.Severity > rules.Info && (f.Places > 1 || routed(f.Context.Config.Servers()[server], path) == f.Context)
	})
}

func mainConfig(res *Result) *parser.Config {
	for _, cfg := range res.Configs {
		if cfg.Name == "nginx.conf" {
			return cfg.Config
		}
	}
	return nil
}

// fixedLocation reports whether a finding said that a location's handshake fails, and
// its fix was applied.
func fixedLocation(res *Result, c *parser.Context) bool {
	for _, f := range res.Findings {
		if f.Context != c || !slices.Contains(handshakeRules, f.Rule) || len(f.Fixes) == 0 || f.Fixes[0].Safety < fixer.Unsafe {
			continue
		}
		if !slices.ContainsFunc(res.Held, func(h Held) bool { return h.Finding.Span == f.Span && h.Finding.Rule == f.Rule }) {
			return true
		}
	}
	return false
}

// again runs a smaller tree and returns the liveMismatch if it is the same.
func (r *liveRun) again(s *sketch, m liveMismatch) *liveMismatch {
	if strings.HasPrefix(m.what, "problem: ") {
		if v := r.verdict(s); len(v.refused) == 0 && len(v.said) > 0 && "problem: "+v.said[0] == m.what {
			return &m
		}
		return nil
	}
	p := r.place(s)
	defer p.remove()
	listens := !slices.ContainsFunc(p.servers, func(c *parser.Context) bool { return listenAddress(c) == "" })
	if _, ok := r.nginx.Test(p.dir, "nginx.conf"); !ok || !listens {
		return nil
	}
	if !strings.HasPrefix(m.what, "fix: ") && !strings.HasPrefix(m.what, "after") {
		return r.once(p, m)
	}
	before, found := r.compare(p, false)
	if found == nil {
		found = r.fix(p, before, false)
	}
	if found != nil && found.what == m.what {
		return found
	}
	return nil
}

// once asks only what the mismatch is about.
func (r *liveRun) once(p *livePlaced, m liveMismatch) *liveMismatch {
	for _, server := range p.servers {
		address := listenAddress(server)
		if p.ports[address] != m.server {
			continue
		}
		stop, err := r.nginx.Run(p.dir, "nginx.conf", address)
		if err != nil {
			return nil
		}
		defer stop()
		if now := r.judged(p, server, m.path, m.kind, r.ask(address, m.path, m.kind), false); now != nil && now.what == m.what {
			return now
		}
	}
	return nil
}

// handshakeRules name what keeps a handshake from passing.
var handshakeRules = []*rules.Rule{rules.MissingUpgradeHeaders, rules.MissingUpgradeMap, rules.ProxyHTTPVersion, rules.HTTP2Listen}
