package lint

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// An Entry of the inventory is a location that proxies requests, and what happens to
// a WebSocket handshake there.
type Entry struct {
	Location  *parser.Context
	Names     []string        // server_name of its server, as written
	Listens   []parser.Listen // the sockets of its server
	Intent    intent.Score
	Target    string // the target of proxy_pass
	Servers   []string
	Sticky    string // the directive that keeps a client on one server, or ""
	HTTP      string // the HTTP version sent upstream; if the nginx version is unknown, that of the oldest
	Headers   []model.Header
	Timeout   string // proxy_read_timeout, as written or its default
	Handshake model.Handshake
	Findings  []rules.Finding // errors and warnings in the location
}

// Inventory lists the locations that proxy requests and are at least possibly meant
// for WebSockets. With all it also lists those without any sign of WebSockets.
func Inventory(res *Result, all bool) []Entry {
	var entries []Entry
	seen, findings := make(map[*parser.Directive]bool), placeFindings(res.Findings)
	for _, cfg := range res.Configs {
		t := rules.NewTree(cfg, rules.Settings{Versions: res.Versions, Intent: res.intent})
		for _, l := range t.Locations {
			if l.Opener == nil || seen[l.Opener] || res.policy.leavesOut(l.Opener.Span().File) || l.Score.Level == intent.None && !all {
				continue
			}
			seen[l.Opener] = true
			e := entry(l, res.Versions.Min)
			e.Findings = findings.in(l.Context)
			entries = append(entries, e)
		}
	}
	return entries
}

func entry(l *rules.Location, v parser.Version) Entry {
	q := l.Tree.Request(l.Context, model.WebSocket, v)
	e := Entry{
		Location: l.Context, Intent: l.Score, Target: q.Target.Text, HTTP: q.HTTP, Headers: q.Headers,
		Timeout: "60s", Handshake: q.Handshake(),
	}
	if s := l.Server(); s != nil && !s.Implied() {
		e.Names, e.Listens = s.ServerNames(), s.Listens()
	}
	if d := l.Effective("proxy_read_timeout").Last(); d != nil {
		e.Timeout = d.Param(0)
	}
	if u := l.Upstream(); u != nil {
		for _, d := range u.Own("server") {
			e.Servers = append(e.Servers, d.Param(0))
		}
		for _, name := range []string{"ip_hash", "hash", "sticky"} {
			if d := u.First(name); d != nil {
				e.Sticky = strings.TrimSuffix(d.Span().Text(), ";")
			}
		}
	}
	return e
}
