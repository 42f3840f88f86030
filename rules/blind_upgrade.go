package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// BlindUpgrade finds Upgrade headers that pass on any protocol. With h2c, a backend
// that supports it speaks HTTP/2 through the tunnel, and nginx checks none of those
// requests.
var BlindUpgrade = &Rule{
	Name:     "blind-upgrade",
	Summary:  "Upgrade passes on any protocol, not only WebSocket",
	Group:    Security,
	Severity: Info,
	Pedantic: true,
	Location: blindUpgrade,
}

func blindUpgrade(p *Pass, l *Location) {
	d := l.Request.Sets("Upgrade")
	if l.Score.Level < intent.Likely || d == nil || !l.asksUpgrade() || l.otherProtocols() || !slices.Equal(parser.VariablesIn(d.Param(1)), []string{"http_upgrade"}) {
		return
	}
	if l.sets("Upgrade") > 1 { // duplicate-header comes first
		return
	}
	if l.onlyWebSockets() {
		return
	}
	p.Report(Finding{
		Severity: Info, Span: d.Span(),
		Message: "Upgrade passes on any protocol that a client asks for: if " + l.target() + " supports another one, such as h2c, nginx does not check the requests inside the tunnel" + l.belief(),
		Once:    true, fix: func() (fixer.Fix, bool) { return l.restrict(d) },
	}, l)
}

// otherProtocols reports whether the application is known to upgrade to another
// protocol, as kubectl exec does to SPDY.
func (l *Location) otherProtocols() bool {
	return l.Score.Endpoint != nil && l.Score.Endpoint.SPDYUpgrade
}

// onlyWebSockets reports whether Connection comes from a map that sends upgrade
// only for WebSockets, so that the upstream ignores other protocols.
func (l *Location) onlyWebSockets() bool {
	for _, h := range l.Request.All("Connection") {
		if h.Directive == nil {
			continue
		}
		names := parser.VariablesIn(h.Directive.Param(1))
		if len(names) != 1 {
			return false
		}
		for _, v := range l.Config.Variables(names[0]) {
			if !v.Directive.Is("map") || v.Map == nil || v.Map.Unread() != nil {
				return false
			}
			if d := v.Map.First("default"); d != nil && hasUpgrade(d.Param(0)) {
				return false
			}
		}
		return len(l.Config.Variables(names[0])) > 0
	}
	return false
}

// restrict sets Upgrade from a map whose only key is websocket. Map keys ignore
// case.
func (l *Location) restrict(d *parser.Directive) (fixer.Fix, bool) {
	name := "websocket_only"
	if len(l.Config.Variables(name)) > 0 {
		return fixer.Fix{}, false
	}
	edit := l.Tree.httpEdit(l.Context, func(unit string) []string {
		return []string{fmt.Sprintf("map $http_upgrade $%s {", name), unit + "websocket $http_upgrade;", "}"}
	})
	if edit == nil {
		return fixer.Fix{}, false
	}
	names := l.Tree.Senders(d)
	fix := fixer.Fix{
		Message: "set Upgrade from a new map, $" + name + ", which passes WebSockets only", Safety: fixer.Unsafe,
		Names: names, Edits: []fixer.Edit{*edit, replaceParam(d, 1, "$"+name)},
	}
	if slices.ContainsFunc(names, func(c *parser.Context) bool {
		return strings.Contains(l.Tree.Location(c).Request.Pass.Param(0), "$") || l.Tree.Location(c).otherProtocols()
	}) {
		fix.Safety = fixer.Shown
	}
	return fix, true
}
