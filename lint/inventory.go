package lint

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// An Entry of the inventory is a location that proxies requests, or is meant to, and
// what happens to a WebSocket handshake there.
type Entry struct {
	Location *parser.Context
	Names    []string        // server_name of its server, as written
	Listens  []parser.Listen // the sockets of its server
	URLs     []string        // at which clients get there, as far as the configuration shows
	Intent   intent.Score

	Deployments []string // the containers in which nginx reads it, if any are described

	Passed    *parser.Context // the location that proxies its requests, if it is another one; nil if none does
	Target    string          // the target of proxy_pass; "" if nothing is proxied
	Servers   []string
	Sticky    string // the directive that keeps a client on one server, or ""
	HTTP      string // the HTTP version sent upstream; if the nginx version is unknown, that of the oldest; "" if nothing is proxied
	Headers   []model.Header
	Timeout   string // proxy_read_timeout, as written or its default
	Handshake model.Handshake
	Findings  []rules.Finding // errors and warnings in the location
	Hops      []string        // in front of nginx
}

// Inventory lists the locations that proxy requests and are at least possibly meant
// for WebSockets. With all it also lists those without any sign of WebSockets.
func Inventory(res *Result, all bool) []Entry {
	var entries []Entry
	type location struct { // one of the names of a location
		opener *parser.Directive
		name   string
	}
	seen, findings := make(map[location]bool), placeFindings(res.Findings)
	for _, cfg := range res.Configs {
		versions, own := res.versions[cfg.Config]
		if !own {
			versions = res.Versions
		}
		t := rules.NewTree(cfg, rules.Settings{Versions: versions, Intent: res.intent})
		for _, l := range proxied(t) {
			_, name := l.LocationName()
			if l.Opener == nil || l.Opener.Span().File.Provided || seen[location{l.Opener, name}] || res.policy.leavesOut(l.Opener.Span().File) || l.Score.Level == intent.None && !all {
				continue
			}
			seen[location{l.Opener, name}] = true
			e := entry(l, versions.Min)
			e.Deployments = res.readers(l.Opener.Span().File)
			e.Findings = findings.in(l.Context)
			e.Hops = rules.InFront(res.hops, rules.WayOf(l))
			e.Handshake = wholeWay(l, e)
			entries = append(entries, e)
		}
	}
	return entries
}

// proxied returns the locations of a tree that proxy requests, by themselves or through
// another location, and those that are meant to, in order.
func proxied(t *rules.Tree) []*rules.Location {
	list := slices.Concat(t.Locations, t.Leading)
	for _, l := range t.Others {
		if l.MeantToProxy() {
			list = append(list, l)
		}
	}
	slices.SortStableFunc(list, func(a, b *rules.Location) int { return a.Number() - b.Number() })
	return list
}

func entry(l *rules.Location, v parser.Version) Entry {
	q := l.Tree.Request(l.Context, model.WebSocket, v)
	e := Entry{Location: l.Context, Intent: l.Score, URLs: urlsOf(l), Timeout: "60s", Handshake: q.Handshake()}
	if s := l.Server(); s != nil && !s.Implied() {
		e.Names, e.Listens = s.ServerNames(), s.Listens()
	}
	if q.Pass == nil {
		return e
	}
	if at := q.Level.Enclosing("location"); at != l.Context {
		e.Passed = at
	}
	e.Target, e.HTTP, e.Headers = q.Target.Text, q.HTTP, q.Headers
	if d := q.Level.Effective("proxy_read_timeout").Last(); d != nil {
		e.Timeout = d.Param(0)
	}
	if u := q.Upstream(); u != nil {
		e.upstream(u)
	}
	return e
}

func (e *Entry) upstream(u *parser.Context) {
	for _, d := range u.Own("server") {
		e.Servers = append(e.Servers, d.Param(0))
	}
	for _, name := range []string{"ip_hash", "hash", "sticky"} {
		if d := u.First(name); d != nil {
			e.Sticky = strings.TrimSuffix(d.Span().Text(), ";")
		}
	}
}

// wholeWay returns the outcome of a handshake on its whole way: whether a request gets
// to the location, and whether an error is reported there.
func wholeWay(l *rules.Location, e Entry) model.Handshake {
	h := e.Handshake
	if h.Outcome == model.Fails {
		return h
	}
	switch l.Arrives() {
	case rules.ArriveNo:
		return model.Handshake{Outcome: model.Fails, Reason: "nothing leads to this location", Likely: model.Fails}
	case rules.ArriveUnsure:
		return model.Handshake{Outcome: model.Unsure, Reason: "it is unknown what leads to this location", Likely: h.Likely}
	}
	for _, f := range e.Findings {
		if f.Severity == rules.Error && f.SeverityReason == "" && f.Context == l.Context {
			reason := f.Rule.Name + " is reported as an error"
			if refuses := l.Tree.Settings.Versions.Program() + " refuses the configuration"; strings.Contains(f.Message, refuses) {
				reason = refuses + " (" + f.Rule.Name + ")"
			}
			return model.Handshake{Outcome: model.Fails, Reason: reason, Likely: model.Fails}
		}
	}
	return h
}
