package rules

import (
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Tree is one configuration with what several rules need to know of it,
// worked out once.
type Tree struct {
	*parser.Config
	Settings
	Locations []*Location // those that proxy_pass requests, in order
	Others    []*Location // those whose requests nginx or something else answers: their Request has no proxy_pass

	scorer    *intent.Scorer
	byContext map[*parser.Context]*Location
	senders   map[*parser.Directive][]*parser.Context // the locations that send what a proxy_set_header sets
	carried   func() *carriers
	variable  func() string  // found once: see findUpgradeVariable
	mapping   *connectionMap // the map that fixes bring, once one was asked for

	definitions func() *definitions // found once: see values
}

// A Location is a location whose requests a proxy_pass takes, but for those
// among a Tree's Others.
type Location struct {
	*parser.Context
	Tree    *Tree
	Score   intent.Score
	Request parser.Request // a WebSocket handshake's, with the newest version judged for

	plain *plainLines // see plainUpgrade; nil until it is asked
}

// NewTree works out the locations of a configuration.
func NewTree(cfg *parser.Config, settings Settings) *Tree {
	t := &Tree{
		Config: cfg, Settings: settings, scorer: intent.New(cfg, intent.Known(settings.Known)),
		byContext: make(map[*parser.Context]*Location), senders: make(map[*parser.Directive][]*parser.Context),
	}
	t.variable = sync.OnceValue(t.findUpgradeVariable)
	t.carried = sync.OnceValue(t.findCarriers)
	t.definitions = sync.OnceValue(t.findDefinitions)
	samples := settings.Versions.Samples()
	newest := samples[len(samples)-1]
	cfg.Root.Walk(func(c *parser.Context) bool {
		if c.Name != "location" || !c.HTTP() {
			return c.Name != "upstream" && c.Name != "map"
		}
		q := c.Request(parser.WebSocket, newest)
		if q.Pass == nil || !q.Pass.Is("proxy_pass") {
			t.Others = append(t.Others, &Location{Context: c, Tree: t, Score: t.scorer.Of(c), Request: q})
			return true
		}
		if q.Level.Enclosing("location") != c {
			return true // a named location takes them
		}
		l := &Location{Context: c, Tree: t, Score: t.scorer.Of(c), Request: q}
		t.Locations = append(t.Locations, l)
		t.byContext[c] = l
		for _, d := range q.Set.Directives {
			t.senders[d] = append(t.senders[d], c)
		}
		return true
	})
	return t
}

// Location returns the proxying location of a context, or nil.
func (t *Tree) Location(c *parser.Context) *Location { return t.byContext[c] }

// Senders returns the locations that send what a proxy_set_header sets, on
// whatever level it stands.
func (t *Tree) Senders(d *parser.Directive) []*parser.Context { return t.senders[d] }

// A Pass is one rule's run over one tree.
type Pass struct {
	*Tree
	Rule     *Rule
	Findings []Finding
}

// Check runs a rule over a tree.
func (r *Rule) Run(t *Tree) []Finding {
	p := &Pass{Tree: t, Rule: r}
	r.Check(p)
	return p.Findings
}

// Report adds a finding. Where it is about a location, how sure it is that the
// location is meant for WebSockets bounds the severity: likely takes a step
// off, possible leaves advice whose fix is only shown, none leaves nothing.
func (p *Pass) Report(f Finding, about *Location) {
	f.Rule = p.Rule
	if about != nil {
		f.Context, f.Intent = about.Context, &about.Score
		switch about.Score.Level {
		case intent.None:
			return
		case intent.Possible:
			f.Severity = Info
			for i := range f.Fixes {
				f.Fixes[i].Safety = 0
			}
		case intent.Likely:
			f.Severity = max(Info, f.Severity-1)
		}
	}
	p.Findings = append(p.Findings, f)
}

// belief is the reason for taking a location for a WebSocket one, in brackets
// at a message's end.
func (l *Location) belief() string {
	switch {
	case len(l.Score.Reasons) == 0:
		return ""
	case l.Score.Level == intent.Possible:
		return " (if it is meant for WebSockets: " + l.Score.Reasons[0] + ")"
	}
	return " (" + l.Score.Reasons[0] + ")"
}

// target is how messages name the upstream.
func (l *Location) target() string {
	if t := l.Request.Pass.Param(0); len(t) <= 60 {
		return t
	}
	return "the upstream"
}

// inheritors returns the proxying locations nested in l, at any depth, that
// take a setting from the same level as l does: whether l's own is changed or
// it gets one of its own, they change with it. A handshake may never reach their
// proxy_pass; plain requests do.
func (l *Location) inheritors(directive string) []*parser.Context {
	from := l.Effective(directive).From
	var all []*parser.Context
	for _, child := range l.Children {
		child.Walk(func(c *parser.Context) bool {
			if pass := c.Handler(); c.Name == "location" && pass != nil && pass.Is("proxy_pass") && c.Effective(directive).From == from {
				all = append(all, c)
			}
			return true
		})
	}
	return all
}
