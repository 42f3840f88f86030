package rules

import (
	"cmp"
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
	Part // all of them

	parts     []Part
	partial   bool // a part of the configuration that may define variables was not read
	scorer    *intent.Scorer
	byContext []*Location   // by the context's number
	usages    sync.Map      // see usage
	sent      sync.Map      // see Senders
	set       sync.Map      // see carriers
	variable  func() string // found once: see findUpgradeVariable
	mapOnce   sync.Once
	mapping   *connectionMap // the map that fixes bring, once one was asked for

	// Found once, when a rule asks for it.
	definitions func() *definitions                            // see values
	byName      func() map[string][]*parser.Context            // see serversByName
	resolved    func() map[string]bool                         // see staticAddresses
	timeouts    func() map[*parser.Directive][]*parser.Context // see timeoutUsers
}

// A Part is a part of a tree, or all of it, with what is of interest there.
type Part struct {
	Locations []*Location // those that proxy_pass requests, in order
	Meant     []*Location // of these, the ones with any sign of WebSockets: findings about others are dropped
	Others    []*Location // of those whose requests nginx or something else answers, the ones with any sign of WebSockets

	levels []parser.Part
}

// walk calls f for the part's levels as parser.Context.Walk does.
func (p *Part) walk(f func(*parser.Context) bool) {
	for _, level := range p.levels {
		level.Walk(f)
	}
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
	t := &Tree{Config: cfg, Settings: settings, scorer: intent.New(cfg, settings.Intent...), byContext: make([]*Location, cfg.Size())}
	t.variable = sync.OnceValue(t.findUpgradeVariable)
	t.definitions = sync.OnceValue(t.findDefinitions)
	t.byName = sync.OnceValue(t.serversByName)
	t.resolved = sync.OnceValue(t.staticAddresses)
	t.timeouts = sync.OnceValue(t.timeoutUsers)

	t.partial = slices.ContainsFunc(cfg.Includes, func(inc *parser.Include) bool { return inc.Missing && !inc.Harmless })
	t.levels = cfg.Parts()
	t.parts = make([]Part, len(t.levels))
	parallel.Each(len(t.parts), func() func(int) {
		score := t.scorer.Start()
		return func(i int) {
			score(t.levels[i])
			t.parts[i] = t.part(t.levels[i : i+1])
		}
	})
	for _, p := range t.parts {
		t.Locations = append(t.Locations, p.Locations...)
		t.Meant = append(t.Meant, p.Meant...)
		t.Others = append(t.Others, p.Others...)
	}
	return t
}

// part works out the locations of a part that is scored.
func (t *Tree) part(levels []parser.Part) Part {
	p := Part{levels: levels}
	samples := t.Settings.Versions.Samples()
	newest := samples[len(samples)-1]
	all := t.candidates(&p)
	for i := range all {
		l := &all[i]
		l.take(l.Context.Request(parser.WebSocket, newest))
		t.Spend(len(l.Request.Set.Directives) * stepsPerLine)
		if u := l.upstream; u != nil {
			t.Spend(len(u.Own("server")) * stepsPerLine)
		}
		switch {
		case l.Request.Pass == nil || !l.Request.Pass.Is("proxy_pass") || l.Request.Pass.ParamCount() == 0:
			p.Others = append(p.Others, l)
		case l.Request.Level.Enclosing("location") == l.Context: // else a named location takes them
			p.Locations = append(p.Locations, l)
			if l.Score.Level > intent.None {
				p.Meant = append(p.Meant, l)
			}
			t.byContext[l.Number()] = l
		}
	}
	return p
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
func (t *Tree) candidates(p *Part) []Location {
	var found []*parser.Context
	p.walk(func(c *parser.Context) bool {
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

// A Pass is one rule's look at a tree.
type Pass struct {
	*Tree
	Part // that is looked at
	Rule *Rule

	task  int          // its number
	told  map[any]bool // see first
	found []found
}

// found is a finding with what tells where it belongs.
type found struct {
	Finding
	task  int
	thing any // see ReportOnce; or nil
}

// Run runs rules over the tree, on all cores, and returns what each of them
// found, in their order. A server at a time is shown to all rules while it is at
// hand: what takes the time is fetching it from memory.
func (t *Tree) Run(chosen []*Rule) [][]Finding {
	tasks := t.tasks(chosen)
	var mu sync.Mutex
	var workers [][]*Pass
	parallel.Each(len(tasks), func() func(int) {
		passes := make([]*Pass, len(chosen))
		for i, r := range chosen {
			passes[i] = &Pass{Tree: t, Rule: r}
		}
		mu.Lock()
		workers = append(workers, passes)
		mu.Unlock()
		return func(i int) { tasks[i].run(passes, i) }
	})
	all := make([][]Finding, len(chosen))
	for rule := range chosen {
		var findings []found
		for _, passes := range workers {
			findings = append(findings, passes[rule].found...)
		}
		all[rule] = inOrder(findings)
	}
	return all
}

// A task is what one goroutine does without a break: some rules' look at a part.
type task struct {
	rules  []int // by their place
	part   *Part
	check  bool // call Check
	within bool // call Within
}

// tasks divides the work. In a fragment, where fixes bring the map depends on
// which of them comes first, so rules that may bring it see all of it, one after
// the other.
func (t *Tree) tasks(chosen []*Rule) []task {
	var tasks []task
	var within, bring []int
	for i, r := range chosen {
		switch {
		case t.Fragment && r.BringMap:
			bring = append(bring, i)
		case t.Fragment:
			tasks = append(tasks, task{[]int{i}, &t.Part, true, true})
		default:
			if r.Check != nil {
				tasks = append(tasks, task{[]int{i}, &t.Part, true, false})
			}
			within = append(within, i)
		}
	}
	if t.Fragment {
		return append(tasks, task{bring, &t.Part, true, true})
	}
	for i := range t.parts {
		tasks = append(tasks, task{within, &t.parts[i], false, true})
	}
	return tasks
}

func (k *task) run(passes []*Pass, number int) {
	for _, i := range k.rules {
		p := passes[i]
		p.Part, p.task = *k.part, number
		if k.check && p.Rule.Check != nil {
			p.Rule.Check(p)
		}
		if k.within && p.Rule.Within != nil {
			p.Rule.Within(p)
		}
	}
}

// inOrder puts findings in the order of tasks, of those of one thing only the
// first.
func inOrder(all []found) []Finding {
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.task, b.task) })
	findings := make([]Finding, 0, len(all))
	told := make(map[any]bool)
	for _, f := range all {
		if f.thing != nil && told[f.thing] {
			continue
		}
		told[f.thing] = true
		findings = append(findings, f.Finding)
	}
	return findings
}

// first reports whether the rule comes to a thing for the first time: on this
// goroutine, so what it reports of it has to go through ReportOnce.
func (p *Pass) first(thing any) bool {
	if p.told[thing] {
		return false
	}
	if p.told == nil {
		p.told = make(map[any]bool)
	}
	p.told[thing] = true
	return true
}

// ReportOnce is Report for a thing, a directive most often, that the rule may come
// to in several parts, and of which it is to report no more than the first time.
func (p *Pass) ReportOnce(thing any, f Finding, about *Location) {
	n := len(p.found)
	if p.Report(f, about); len(p.found) > n {
		p.found[n].thing = thing
	}
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
	p.found = append(p.found, found{Finding: f, task: p.task})
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
