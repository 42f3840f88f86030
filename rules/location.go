package rules

import (
	"slices"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Location is a location block that proxies requests. A Part's Others also hold
// locations that do not.
type Location struct {
	*parser.Context
	Tree    *Tree
	Score   intent.Score
	Request model.Request // a WebSocket handshake's, with the newest version judged for

	modifier, path string
	upstream       *parser.Context // that proxy_pass names, or nil
	next           *parser.Context // the server of this nginx that it leads to, or nil
	address        address         // that proxy_pass leads to; of no value where not addressed
	addressed      bool
	passed         model.Passed // what becomes of the path; of no value where nothing is passed on

	plain atomic.Pointer[plainLines] // see plainUpgrade; nil until it is asked
}

// intent returns a copy of the location's score, for a finding: a pointer into the
// location would keep the whole tree in memory as long as the finding.
func (l *Location) intent() *intent.Score {
	score := l.Score
	return &score
}

// take sets the request, with the facts about it that rules need.
func (l *Location) take(q model.Request) {
	l.modifier, l.path = l.Context.LocationName()
	if l.Request = q; q.Pass == nil {
		return
	}
	l.address, l.addressed = parseAddress(q.Target.Text)
	if bad := q.BadTarget(); bad != nil && bad.Unless == "" {
		l.addressed = false
	}
	l.passed = q.Passed()
	l.upstream = q.Upstream()
}

// LocationName returns the location's modifier and name, as parser.Context does.
func (l *Location) LocationName() (modifier, name string) { return l.modifier, l.path }

// Upstream returns the upstream that the location passes its requests to, or nil.
func (l *Location) Upstream() *parser.Context { return l.upstream }

// Location returns the proxying location of a context, or nil.
func (t *Tree) Location(c *parser.Context) *Location {
	if c == nil {
		return nil
	}
	if l := t.byContext[c.Number()]; l != nil && l.Context == c {
		return l
	}
	return nil
}

// mayProxy reports whether a location, or an if or limit_except in it, has a
// proxy_pass.
func mayProxy(location *parser.Context) bool {
	return location.First("proxy_pass") != nil || slices.ContainsFunc(location.Children, func(c *parser.Context) bool {
		return c.Name != "location" && mayProxy(c)
	})
}

// belief is the reason why a location counts as a WebSocket location, in brackets
// for the end of a message.
func (l *Location) belief() string {
	switch {
	case len(l.Score.Reasons) == 0:
		return ""
	case l.Score.Level == intent.Possible:
		return " (if it is meant for WebSockets: " + l.Score.Reasons[0] + ")"
	}
	return " (a WebSocket location: " + l.Score.Reasons[0] + ")"
}

// unseen reports whether levels around the configuration may set what it does
// not: it is a fragment of a level below http.
func (l *Location) unseen() bool { return l.Config.Fragment && l.Config.Level.Name != "http" }

// target is the upstream's name in messages.
func (l *Location) target() string {
	if t := l.Request.Pass.Param(0); len(t) <= 60 {
		return t
	}
	return "the upstream"
}

// MeantToProxy reports whether a location that nginx answers itself has a proxy_pass
// or an Upgrade line of its own. What is in a file with errors is not certain.
func (l *Location) MeantToProxy() bool {
	if l.Opener == nil || len(l.Opener.Span().File.Errs) > 0 {
		return false
	}
	return mayProxy(l.Context) || l.Score.Told || l.ownUpgrade() != nil
}
