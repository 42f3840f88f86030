package rules

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// LiteralUpgradeHeader finds plain requests that ask the application to upgrade
// as well, because Upgrade is not the client's own.
var LiteralUpgradeHeader = &Rule{
	Name:     "literal-upgrade-header",
	Summary:  "plain requests ask for an upgrade too, because the value of Upgrade is a literal",
	Group:    Correctness,
	Severity: Warning,
	Location: literalUpgradeHeader,
}

func literalUpgradeHeader(p *Pass, l *Location) {
	if l.Score.Dedicated || l.Score.Level < intent.Likely || l.Request.Set.Unsure != nil {
		return
	}
	upgrade, connection := l.plainUpgrade()
	if upgrade == nil {
		return
	}
	f := Finding{
		Severity: Info, Span: upgrade.Span(),
		Once: true, fix: func() (fixer.Fix, bool) { return p.clientsOwn(l, upgrade, connection), true },
	}
	f.Message = "plain requests, if any come here, carry \"Upgrade: websocket\" too: the application treats them as handshakes and refuses them"
	if l.servesPlain() {
		f.Severity = Warning
		f.Message = "plain requests come here as well and carry \"Upgrade: websocket\" too: the application treats them as handshakes and refuses them with 400 or 502" + l.belief()
	}
	p.Report(f, l)
}

// clientsOwn has Upgrade be the client's, and Connection fit it where that is a
// literal too.
func (p *Pass) clientsOwn(l *Location, upgrade, connection *parser.Directive) fixer.Fix {
	fix := fixer.Fix{
		Message: "send the client's own Upgrade", Safety: fixer.Unsafe, Edits: []fixer.Edit{replaceParam(upgrade, 1, "$http_upgrade")},
		Names: p.Senders(upgrade), Changes: []string{"Upgrade"},
	}
	if connection == nil || strings.Contains(connection.Param(1), "$") {
		return fix
	}
	if c := l.connection(); strings.HasPrefix(c.value, "$") {
		fix.Message += ", and set Connection to " + c.value + c.with + c.byHand
		fix.Safety = min(fix.Safety, c.safety)
		fix.Edits = append(append(fix.Edits, c.edits...), replaceParam(connection, 1, c.value))
		fix.Names, fix.Changes = slices.Concat(p.Senders(connection), fix.Names), append(fix.Changes, "Connection")
	}
	return fix
}

// plainUpgrade returns the line that gives plain requests "Upgrade: websocket",
// and that which lets Connection list upgrade for them: without the second an
// application ignores the first (RFC 9110, section 7.8).
func (l *Location) plainUpgrade() (upgrade, connection *parser.Directive) {
	plain := l.plain.Load()
	if plain == nil {
		plain = l.findPlainUpgrade()
		l.plain.Store(plain)
	}
	return plain.upgrade, plain.connection
}

// plainLines are what plainUpgrade returns, for the two rules that ask.
type plainLines struct{ upgrade, connection *parser.Directive }

func (l *Location) findPlainUpgrade() *plainLines {
	if d := l.Request.Sets("Upgrade"); d == nil || l.sets("Upgrade") == 1 && strings.Contains(d.Param(1), "$") {
		return &plainLines{}
	}
	for _, v := range l.Tree.Settings.Versions.Samples() {
		plain := l.Tree.Request(l.Context, model.Plain, v)
		for _, c := range plain.All("Connection") {
			if !c.Value.Known || !hasUpgrade(c.Value.Text) {
				continue
			}
			for _, u := range plain.All("Upgrade") {
				if d := u.Directive; d != nil && isWebSocket(u.Value.Text) && !strings.Contains(d.Param(1), "$") {
					return &plainLines{d, c.Directive}
				}
			}
		}
	}
	return &plainLines{}
}
