package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
)

// leftBehind reports the Upgrade line of a location that passes its requests on to
// another one, which does not send it: proxy_set_header belongs to a location, not to
// a request.
func leftBehind(p *Pass, l *Location) {
	q, header := l.Request, l.ownUpgrade()
	if header == nil || l.Opener == nil || len(q.Perhaps) > 0 || q.Set.Unsure != nil || l.Unread() != nil || q.Sets("Upgrade") != nil || q.AsksUpgrade() {
		return
	}
	to := p.Location(q.Level.Enclosing("location"))
	if to == nil { // an internal one
		to = &Location{Context: q.Level.Enclosing("location"), Tree: p.Tree}
		to.take(q)
	}
	if to.Score.Level >= intent.Likely || to.headersUnseen() {
		return // said there, or the headers may be set elsewhere
	}
	f := Finding{
		Severity: Error, Span: header.Span(), Once: true,
		Message: fmt.Sprintf("no request carries this Upgrade: %s leads to %s, and its proxy_pass sends no header lines of %s: the handshake gets 400, 426 or a plain page%s",
			l.passesOnBy(), to.Opener.Words(), l.Opener.Words(), l.belief()),
		Related: []Related{{q.Pass.Span(), "proxies the requests"}},
	}
	if h := to.headerProblem(); h != nil {
		f.fix = func() (fixer.Fix, bool) {
			fix, ok := h.fix()
			fix.Safety = min(fix.Safety, fixer.Unsafe) // other requests get there, too
			return fix, ok
		}
	}
	p.Report(f, l)
}

// passesOnBy names the directive that passes the requests of a location on.
func (l *Location) passesOnBy() string {
	for _, name := range []string{"rewrite", "try_files"} {
		if l.First(name) != nil {
			return name
		}
	}
	return "error_page"
}
