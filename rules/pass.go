package rules

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Tree is one configuration with what several rules need to know of it,
// worked out once.
type Tree struct {
	*parser.Config
	Settings
	Locations []*Location // those that proxy_pass requests, in order
	Meant     []*Location // of these, the ones with any sign of WebSockets: findings about others are dropped
	Others    []*Location // of those whose requests nginx or something else answers, the ones with any sign of WebSockets

	scorer    *intent.Scorer
	byContext map[*parser.Context]*Location
	usages    sync.Map       // see usage
	sent      sync.Map       // see Senders
	set       sync.Map       // see carriers
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

	modifier, path string
	upstream       *parser.Context // that proxy_pass names, or nil
	address        address         // that proxy_pass leads to; of no value where not addressed
	addressed      bool

	plain atomic.Pointer[plainLines] // see plainUpgrade; nil until it is asked
}

// stepsPerLine is what it costs the rules that a location sends a header line,
// or that its upstream has a server.
const stepsPerLine = 400

// NewTree works out the locations of a configuration.
func NewTree(cfg *parser.Config, settings Settings) *Tree {
	t := &Tree{Config: cfg, Settings: settings, scorer: intent.New(cfg, settings.Intent...), byContext: make(map[*parser.Context]*Location)}
	t.variable = sync.OnceValue(t.findUpgradeVariable)
	t.definitions = sync.OnceValue(t.findDefinitions)
	samples := settings.Versions.Samples()
	newest := samples[len(samples)-1]

	all := t.candidates()
	parallel.Each(len(all), func() func(int) {
		return func(i int) { all[i].take(all[i].Context.Request(parser.WebSocket, newest)) }
	})
	for i := range all {
		cfg.Spend(len(all[i].Request.Set.Directives) * stepsPerLine)
		if u := all[i].upstream; u != nil {
			cfg.Spend(len(u.Own("server")) * stepsPerLine)
		}
		switch l := &all[i]; {
		case l.Request.Pass == nil || !l.Request.Pass.Is("proxy_pass") || l.Request.Pass.ParamCount() == 0:
			t.Others = append(t.Others, l)
		case l.Request.Level.Enclosing("location") == l.Context: // else a named location takes them
			t.Locations = append(t.Locations, l)
			if l.Score.Level > intent.None {
				t.Meant = append(t.Meant, l)
			}
			t.byContext[l.Context] = l
		}
	}
	return t
}

// take sets what becomes of a request, with what rules ask of that.
func (l *Location) take(q parser.Request) {
	l.modifier, l.path = l.Context.LocationName()
	if l.Request = q; q.Pass == nil {
		return
	}
	l.address, l.addressed = parseAddress(q.Target.Text)
	l.upstream = q.Upstream()
}

// LocationName returns the location's modifier and name, as parser.Context does.
func (l *Location) LocationName() (modifier, name string) { return l.modifier, l.path }

// Upstream returns the upstream that the location passes its requests to, or nil.
func (l *Location) Upstream() *parser.Context { return l.upstream }

// candidates returns the locations that may proxy, or have any sign of
// WebSockets: what becomes of the requests of others is of no interest.
func (t *Tree) candidates() []Location {
	var found []*parser.Context
	t.Root.Walk(func(c *parser.Context) bool {
		if !c.IsLocation() {
			return c.Name != "upstream" && c.Name != "map"
		}
		if mayProxy(c) || c.First("proxy_set_header") != nil || t.scorer.Of(c).Level > intent.None {
			found = append(found, c)
		}
		return true
	})
	all := make([]Location, len(found))
	for i, c := range found {
		all[i].Context, all[i].Tree, all[i].Score = c, t, t.scorer.Of(c)
	}
	return all
}

// Location returns the proxying location of a context, or nil.
func (t *Tree) Location(c *parser.Context) *Location { return t.byContext[c] }

// mayProxy reports whether a location, or an if or limit_except in it, has a
// proxy_pass.
func mayProxy(location *parser.Context) bool {
	return location.First("proxy_pass") != nil || slices.ContainsFunc(location.Children, func(c *parser.Context) bool {
		return c.Name != "location" && mayProxy(c)
	})
}

// A Pass is one rule's run over one tree.
type Pass struct {
	*Tree
	Rule     *Rule
	Findings []Finding
}

// Run runs rules over the tree, on all cores, and returns what each of them
// found, in their order. Those that may bring the map run one after the other:
// which of them asks for it first decides where it goes.
func (t *Tree) Run(chosen []*Rule) [][]Finding {
	var turns [][]int // the rules that one goroutine runs, by their place
	inOrder := -1
	for i, r := range chosen {
		switch {
		case !r.BringMap:
			turns = append(turns, []int{i})
		case inOrder < 0:
			inOrder = len(turns)
			turns = append(turns, []int{i})
		default:
			turns[inOrder] = append(turns[inOrder], i)
		}
	}
	found := make([][]Finding, len(chosen))
	parallel.Each(len(turns), func() func(int) {
		return func(turn int) {
			for _, i := range turns[turn] {
				p := &Pass{Tree: t, Rule: chosen[i]}
				chosen[i].Check(p)
				found[i] = p.Findings
			}
		}
	})
	return found
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
