package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
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
