package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// UpgradeInSubrequest finds handshakes that also ask an auth backend or a mirror to
// upgrade: a subrequest carries the client's headers and its location's lines.
var UpgradeInSubrequest = &Rule{
	Name:     "upgrade-in-subrequest",
	Summary:  "auth_request or mirror passes on the handshake's Upgrade, but a subrequest cannot be upgraded",
	Group:    Auth,
	Severity: Warning,
	Config:   upgradeInSubrequest,
}

// A subrequest is a location to which a WebSocket location sends subrequests.
type subrequest struct {
	*Location
	by   *parser.Directive // auth_request or mirror
	from *Location         // the surest of those that ask
}

func upgradeInSubrequest(p *Pass) {
	asked := make(map[*parser.Context]*subrequest)
	var order []*subrequest
	for _, l := range p.Meant {
		for _, s := range l.subrequests() {
			if known := asked[s.Context]; known == nil {
				asked[s.Context] = &s
				order = append(order, &s)
			} else if known.from.Score.Points < l.Score.Points {
				*known = s
			}
		}
	}
	for _, s := range order {
		if s.Context == s.from.Context {
			p.Report(s.itself(), s.from)
			continue
		}
		f := Finding{Severity: Warning, Span: s.Request.Pass.Span(), Message: s.message(), Related: []Related{{s.by.Span(), "asked here"}}}
		if own := s.Request.Sets("Upgrade"); s.Request.Set.From == s.Context {
			f.Span = own.Span()
		}
		if fix, ok := s.fix(); ok {
			f.Fixes = []fixer.Fix{fix}
		}
		p.Report(f, s.from)
	}
}

// subrequests are those of a location that carry Upgrade and Connection.
func (l *Location) subrequests() []subrequest {
	var all []subrequest
	for _, name := range []string{"auth_request", "mirror"} {
		set := l.Effective(name)
		for _, d := range set.Directives {
			path, _, _ := strings.Cut(d.Param(0), "?")
			if set.Unsure != nil || path == "off" || l.Server() == nil {
				continue
			}
			if to := l.Tree.subrequested(l.Tree.Route(l.Server(), path)); to != nil && to.asksUpgrade() {
				all = append(all, subrequest{to, d, l})
			}
		}
	}
	return all
}

// subrequested is a location as a subrequest sees it, or nil if it does not proxy
// subrequests. It is often internal, so clients cannot use it.
func (t *Tree) subrequested(c *parser.Context) *Location {
	q := t.Subrequest(c, model.WebSocket, t.newest)
	if c.Name != "location" || q.Pass == nil || !q.Pass.Is("proxy_pass") {
		return nil
	}
	l := &Location{Context: c, Tree: t, Score: t.scorer.Of(c)}
	l.take(q)
	return l
}

// asksUpgrade reports whether a handshake reaches the upstream as one.
func (l *Location) asksUpgrade() bool {
	return l.sends("Upgrade", isWebSocket) && l.sends("Connection", hasUpgrade)
}

func (l *Location) sends(name string, right func(string) bool) bool {
	for _, h := range l.Request.All(name) {
		if h.Value.Known && right(h.Value.Text) {
			return true
		}
	}
	return false
}

// itself is the finding about a subrequest that the location sends to itself. Its
// headers cannot be cleared: the handshake needs them.
func (s *subrequest) itself() Finding {
	what := fmt.Sprintf("%s %s reaches its own location, which asks %s to upgrade: if that answers 101, ", s.by.Name(), s.by.Param(0), s.target())
	if s.by.Is("mirror") {
		what += "nginx cuts the WebSocket (\"connection upgrade in subrequest\")"
	} else {
		what += "nginx closes the connection (\"connection upgrade in subrequest\"); if it refuses with 400 or 426, the client gets 500"
	}
	return Finding{Severity: Warning, Span: wordsSpan(s.by), Message: what + s.from.belief()}
}

func (s *subrequest) message() string {
	source := "has"
	if from := s.Request.Set.From; from != s.Context {
		source = "inherits from " + from.Name + " level"
	}
	what := fmt.Sprintf("%s %s asks %s to upgrade, with the Upgrade and Connection that its location %s: ", s.by.Name(), s.by.Param(0), s.target(), source)
	if s.by.Is("mirror") {
		return what + "if that answers 101, nginx cuts the WebSocket (\"connection upgrade in subrequest\")" + s.from.belief()
	}
	return what + "if that answers 101, nginx closes the connection (\"connection upgrade in subrequest\"); if it refuses with 400 or 426, the client gets 500" + s.from.belief()
}
