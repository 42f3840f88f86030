package rules

import (
	"slices"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Tree is one configuration with the facts that several rules need, computed
// once.
type Tree struct {
	*model.Model
	Settings
	Part // all of them

	newest    parser.Version // that is judged for
	parts     []*Part        // by the part's number; nil where no location is of interest
	partial   bool           // a part of the configuration that may define variables was not read
	scorer    *intent.Scorer
	byContext []*Location   // by the context's number
	usages    sync.Map      // see usage
	sent      sync.Map      // see Senders
	set       sync.Map      // see carriers
	variable  func() string // found once: see findUpgradeVariable
	maps      sync.Map      // see newMap
	mentioned sync.Map      // see mentions
	named     sync.Map      // see firstNamed
	leading   sync.Map      // see leads

	undefinedIns sync.Map // see undefinedIn

	// Found once, when a rule asks for it.
	definitions func() *definitions                            // see values
	surestOf    func() map[*parser.Context]*Location           // see surestByServer
	byName      func() map[string][]*parser.Context            // see serversByName
	overTLS     func() map[string]secureServer                 // see serversOverTLS
	resolved    func() map[string]bool                         // see staticAddresses
	timeouts    func() map[*parser.Directive][]*parser.Context // see timeoutUsers
	zones       func() map[string]string                       // see connectionZones
	madeFrom    func() map[string][]string                     // see findMadeFrom
	listening   func() map[string]bool                         // see listeningPorts

	comparesConnection func() bool // see anyComparesConnection
}

// A Part is a part of a tree, or all of it, with what is of interest there.
type Part struct {
	Locations []*Location // those that proxy_pass requests, in order
	Meant     []*Location // of these, the ones with any sign of WebSockets: findings about others are dropped
	Others    []*Location // of those whose requests nginx or something else answers, the ones with any sign of WebSockets
	Leading   []*Location // of those whose requests another location proxies, the ones with any sign of WebSockets

	lines  []setLines  // the locations in which proxy_set_header lines are in force
	hops   []*Location // of the Locations, the ones that lead to another server of this nginx
	levels []parser.Part
}

// walk calls f for the part's levels as parser.Context.Walk does.
func (p *Part) walk(f func(*parser.Context) bool) {
	for _, level := range p.levels {
		level.Walk(f)
	}
}

// stepsPerLine is the cost for the rules of each header line of a location and each
// server of its upstream.
const stepsPerLine = 400

// NewTree works out the locations of a configuration.
func NewTree(m *model.Model, settings Settings) *Tree {
	t := &Tree{Model: m, Settings: settings, scorer: intent.New(m, settings.Intent...), byContext: make([]*Location, m.Size())}
	samples := settings.Versions.Samples()
	t.newest = samples[len(samples)-1]
	t.variable = sync.OnceValue(t.findUpgradeVariable)
	t.definitions = sync.OnceValue(t.findDefinitions)
	t.surestOf = sync.OnceValue(t.surestByServer)
	t.byName = sync.OnceValue(t.serversByName)
	t.overTLS = sync.OnceValue(t.serversOverTLS)
	t.resolved = sync.OnceValue(t.staticAddresses)
	t.timeouts = sync.OnceValue(t.timeoutUsers)
	t.zones = sync.OnceValue(t.connectionZones)
	t.madeFrom = sync.OnceValue(t.findMadeFrom)
	t.listening = sync.OnceValue(t.listeningPorts)

	t.comparesConnection = sync.OnceValue(t.anyComparesConnection)

	t.partial = slices.ContainsFunc(m.Includes, func(inc *parser.Include) bool { return inc.Missing && !inc.Harmless })
	t.levels = m.Parts()
	t.parts = make([]*Part, len(t.levels))
	parallel.Each(len(t.parts), func() func(int) {
		score := t.scorer.Start()
		var s scratch
		return func(i int) {
			score(t.levels[i])
			t.parts[i] = t.part(t.levels[i:i+1], &s)
		}
	})
	t.gather()
	return t
}

// gather makes one part of all of them, for what looks at the whole tree.
func (t *Tree) gather() {
	var locations, meant, lines int
	for _, p := range t.parts {
		if p != nil {
			locations, meant, lines = locations+len(p.Locations), meant+len(p.Meant), lines+len(p.lines)
		}
	}
	t.Locations, t.Meant, t.lines = make([]*Location, 0, locations), make([]*Location, 0, meant), make([]setLines, 0, lines)
	for _, p := range t.parts {
		if p == nil {
			continue
		}
		t.Locations = append(t.Locations, p.Locations...)
		t.Meant = append(t.Meant, p.Meant...)
		t.Others, t.Leading = append(t.Others, p.Others...), append(t.Leading, p.Leading...)
		t.lines, t.hops = append(t.lines, p.lines...), append(t.hops, p.hops...)
	}
}

// part computes the locations of a scored part; nil if none is of interest.
func (t *Tree) part(levels []parser.Part, s *scratch) *Part {
	p := Part{levels: levels}
	all := t.candidates(&p, s)
	for i := range all {
		l := &all[i]
		l.take(l.Tree.Request(l.Context, model.WebSocket, t.newest))
		t.Spend(len(l.Request.Set.Directives) * stepsPerLine)
		if u := l.upstream; u != nil {
			t.Spend(len(u.Own("server")) * stepsPerLine)
		}
		if t.Exhausted() { // each may take as long as all that was done so far
			return nil
		}
		switch {
		case l.Request.Pass == nil || !l.Request.Pass.Is("proxy_pass") || l.Request.Pass.ParamCount() == 0:
			p.Others = append(p.Others, l)
		case l.Request.Level.Enclosing("location") != l.Context:
			if l.Score.Level > intent.None {
				p.Leading = append(p.Leading, l)
			}
		default:
			p.Locations = append(p.Locations, l)
			if l.Score.Level > intent.None {
				p.Meant = append(p.Meant, l)
			}
			t.byContext[l.Number()] = l
			if l.next = l.nextHop(); l.next != nil {
				p.hops = append(p.hops, l)
			}
		}
	}
	if len(p.Locations)+len(p.Others)+len(p.Leading)+len(p.lines) == 0 {
		return nil
	}
	kept := p // most parts are of no interest: they cost no memory
	return &kept
}

// scratch is memory that a goroutine reuses for each part.
type scratch struct {
	locations []*parser.Context
	lines     []setLines
}

// candidates returns the locations that may proxy, or have any sign of
// WebSockets: what becomes of the requests of others is of no interest. It notes
// the header lines of all.
func (t *Tree) candidates(p *Part, found *scratch) []Location {
	found.locations, found.lines = found.locations[:0], found.lines[:0]
	p.walk(func(c *parser.Context) bool {
		if !c.IsLocation() {
			return c.Name != "upstream" && c.Name != "map"
		}
		set := c.Effective("proxy_set_header")
		if set.From == c || mayProxy(c) || t.scorer.Of(c).Level > intent.None {
			found.locations = append(found.locations, c)
		}
		if set.From != nil {
			found.lines = append(found.lines, setLines{c, set})
		}
		return true
	})
	p.lines = slices.Clone(found.lines)
	all := make([]Location, len(found.locations))
	for i, c := range found.locations {
		all[i].Context, all[i].Tree, all[i].Score = c, t, t.scorer.Of(c)
	}
	return all
}

// program is what reads the configuration, for messages: nginx, or a relative with its
// version.
func (t *Tree) program() string { return t.Settings.Versions.Program() }
