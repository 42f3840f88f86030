package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingIPHash finds several servers behind an application whose polling
// transport needs every request of a session to reach the same one.
var MissingIPHash = &Rule{
	Name:     "missing-ip-hash",
	Summary:  "an upstream has several servers and no session affinity, which the application needs",
	Group:    Balancing,
	Severity: Warning,
	Location: missingIPHash,
}

func missingIPHash(p *Pass, l *Location) {
	e := l.Score.Endpoint
	if l.Score.Level < intent.Likely || e == nil || e.Sticky != "polling" && e.Sticky != "yes" {
		return
	}
	u := l.Upstream()
	if u == nil || u.Unread() != nil {
		return
	}
	if live := liveServers(u); len(live) > 1 && !sticks(u) {
		p.affinity(u, l, len(live))
	}
}

func liveServers(u *parser.Context) []*parser.Directive {
	var live []*parser.Directive
	for _, d := range u.Own("server") {
		if !hasWord(d, "down") && !hasWord(d, "backup") {
			live = append(live, d)
		}
	}
	return live
}

// sticks reports whether the upstream chooses its server by client, or by a
// method that is not ours to judge.
func sticks(u *parser.Context) bool {
	for _, name := range stickyMethods {
		if u.First(name) != nil {
			return true
		}
	}
	random := u.First("random")
	return random != nil && random.Param(0) == "two"
}

// stickyMethods choose a server by client, or by a script.
var stickyMethods = []string{
	"ip_hash", "hash", "sticky", "sticky_cookie_insert", "jvm_route", "balancer_by_lua_block", "balancer_by_lua_file", "session_sticky", "consistent_hash",
}

func (p *Pass) affinity(u *parser.Context, l *Location, live int) {
	ways := "ip_hash, or hash with a key of yours, gives each client its own"
	if p.Settings.Versions.Any(parser.StickyDirective) {
		ways = fmt.Sprintf("ip_hash, hash with a key of yours, or sticky (%s) gives each client its own", p.Settings.Versions.Named(parser.StickyDirective))
	}
	p.Report(Finding{
		Severity: Warning, Span: wordsSpan(u.Opener), Context: l.Context, Intent: l.intent(),
		Message: fmt.Sprintf("requests to %s are spread over %d servers, but %s polls before it upgrades, and every request of a session must reach the same server"+
			" (\"Session ID unknown\", 400 or 404): %s. Behind another proxy ip_hash sees only that proxy, unless realip gives it the client's address",
			u.Opener.Param(0), live, l.Score.Endpoint.App, ways),
		Related: []Related{{l.Request.Pass.Span(), "the location that uses it"}},
		Once:    true, fix: func() (fixer.Fix, bool) { return ipHash(u) },
	}, nil)
}

// ipHash puts ip_hash first in the block: nginx refuses it before a backup
// server, warns beside another method, and after keepalive turns keepalive off
// (before 1.29.7).
func ipHash(u *parser.Context) (fixer.Fix, bool) {
	for _, name := range []string{"least_conn", "least_time", "random", "fair", "vnswrr", "iwrr"} {
		if u.First(name) != nil {
			return fixer.Fix{}, false
		}
	}
	for _, d := range u.Own("server") {
		if hasWord(d, "backup") {
			return fixer.Fix{}, false
		}
	}
	first := u.Opener.Block.Directives
	if len(first) == 0 {
		return fixer.Fix{}, false
	}
	return fixer.Fix{
		Message: "select the server by client address with ip_hash", Safety: fixer.Unsafe,
		Edits: []fixer.Edit{insertBefore(first[0], []string{"ip_hash;"})},
	}, true
}
