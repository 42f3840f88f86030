package rules

import (
	"fmt"
	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"strings"
)

// literalUpgrades finds Connection set to a literal upgrade where plain
// requests pass as well: they carry it too. Nearly all servers ignore that.
// uvicorn before 0.19.0 and Hypercorn, where they read requests with h11,
// answer 400.
func literalUpgrades(p *Pass, l *Location) {
	if l.Score.Dedicated || l.Score.Level < intent.Likely || !l.servesPlain() {
		return
	}
	if upgrade, _ := l.plainUpgrade(); upgrade != nil {
		return // literal-upgrade-header mends both
	}
	for _, h := range l.Request.All("Connection") {
		if d := h.Directive; d != nil && !strings.Contains(d.Param(1), "$") && model.HasToken(d.Param(1), "upgrade") {
			p.literalUpgrade(l, d)
		}
	}
}

func (p *Pass) literalUpgrade(l *Location, d *parser.Directive) {
	f := Finding{Severity: Info, Span: d.Span(), Message: "plain requests carry \"Connection: upgrade\" too: uvicorn before 0.19.0 and Hypercorn, both with h11, answer them with 400; other servers ignore it"}
	if server := l.minds(); server != "" {
		f.Severity = Warning
		f.Message = fmt.Sprintf("plain requests carry \"Connection: upgrade\" too, and %s answers them with 400 if it uses h11 (uvicorn before 0.19.0, Hypercorn)", server)
	}
	if c := l.connection(); strings.HasPrefix(c.value, "$") {
		what := "set Connection to " + c.value
		if c.with != "" {
			what = "set Connection from a new map, " + c.value
		}
		f.Fixes = []fixer.Fix{{
			Message: what + c.byHand, Safety: min(c.safety, fixer.Unsafe),
			Edits: append(c.edits, replaceParam(d, 1, c.value)), Names: p.carriers(d), Changes: []string{"Connection"},
		}}
	}
	p.Report(f, l)
}

// minds returns what names a server that answers plain requests with
// "Connection: upgrade" 400, or "".
func (l *Location) minds() string {
	names := []string{l.Request.Pass.Param(0)}
	if u := l.Upstream(); u != nil {
		for _, d := range u.Own("server") {
			names = append(names, d.Param(0))
		}
	}
	for _, name := range names {
		for _, server := range []string{"uvicorn", "hypercorn"} {
			if strings.Contains(strings.ToLower(name), server) {
				return name
			}
		}
	}
	return ""
}

// servesPlain reports whether plain requests are expected at a location: it is
// the whole site, or an application is known to have both there.
func (l *Location) servesPlain() bool {
	if e := l.Score.Endpoint; e != nil && e.Class == intent.Mixed {
		return true
	}
	modifier, name := l.LocationName()
	return modifier == "" && name == "/"
}
