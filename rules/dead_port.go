package rules

import (
	"fmt"
	"net"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// DeadPort finds ports on which a known application no longer listens.
var DeadPort = &Rule{
	Name:     "dead-port",
	Summary:  "the application no longer listens on this port (vaultwarden's 3012)",
	Group:    Upstream,
	Severity: Warning,
	Location: deadPort,
}

// deadPorts are the ports that applications no longer use.
var deadPorts = []struct{ app, port, since, now string }{
	{"Vaultwarden", "3012", "1.31", "its WebSockets now use its main port"},
}

func deadPort(p *Pass, l *Location) {
	for _, dead := range deadPorts {
		if e := l.Score.Endpoint; e == nil || e.App != dead.app {
			continue
		}
		host, found := l.peerAt(dead.port)
		if !found {
			continue
		}
		f := Finding{Severity: Warning, Span: l.Request.Pass.Span(), Message: fmt.Sprintf(
			"nothing listens on port %s since %s %s, so the handshake gets 502: %s%s", dead.port, strings.ToLower(dead.app), dead.since, dead.now, l.belief())}
		if fix, ok := l.samePortAsRoot(host); ok {
			f.Fixes = []fixer.Fix{fix}
		}
		p.Report(f, l)
	}
}

// peerAt returns the host that the location proxies to, if it does so on a port.
func (l *Location) peerAt(port string) (host string, found bool) {
	if u := l.Upstream(); u != nil {
		for _, d := range u.Own("server") {
			if h, p, err := net.SplitHostPort(d.Param(0)); err == nil && p == port {
				host, found = h, true
			}
		}
		return host, found
	}
	for _, url := range l.values(l.Request.Pass.Param(0)) {
		if a, ok := parseAddress(url); ok && a.port == port {
			host, found = a.host, true
		}
	}
	return host, found
}

// samePortAsRoot proxies the location to the port of the server's other requests,
// if that is on the same host.
func (l *Location) samePortAsRoot(host string) (fixer.Fix, bool) {
	root := l.Tree.Location(l.Tree.Route(l.Server(), "/"))
	if root == nil || root == l {
		return fixer.Fix{}, false
	}
	there, ok := parseAddress(root.Request.Pass.Param(0))
	if u := root.Upstream(); ok && u != nil {
		there.host = onlyHost(u)
	}
	own, isURL := parseAddress(l.Request.Pass.Param(0))
	if !ok || !isURL || there.host != host || strings.Contains(there.uri+there.host, "$") || strings.Contains(own.uri, "$") || there.uri != own.uri {
		return fixer.Fix{}, false
	}
	return fixer.Fix{
		Message: "use " + root.target() + ", as location / does", Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"},
		Edits: []fixer.Edit{replaceWord(l.Request.Pass.ParamWord(0), root.Request.Pass.ParamWord(0).Text())},
	}, true
}
