package rules

import (
	"cmp"
	"slices"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Run runs rules over the tree, on all cores, and returns what each of them
// found, in their order. A server at a time is shown to all rules while it is at
// hand: what takes the time is fetching it from memory.
func (t *Tree) Run(chosen []*Rule) [][]Finding {
	plan := t.plan(chosen)
	var mu sync.Mutex
	var workers [][]*Pass
	parallel.Each(plan.tasks(), func() func(int) {
		passes := make([]*Pass, len(chosen))
		for i, r := range chosen {
			passes[i] = &Pass{Tree: t, Rule: r}
		}
		mu.Lock()
		workers = append(workers, passes)
		mu.Unlock()
		return func(i int) { plan.run(i, passes) }
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

// A plan divides the work into tasks, what one goroutine does without a break:
// rules that look at all of the tree come first, then parts for the others.
type plan struct {
	whole     []int // rules that look at all of the tree, by their place
	parts     []int // rules that look at each part by itself
	undivided bool  // all rules look at all of the tree
	*Tree
}

// plan makes a plan. Where parts would leave most of the work to one goroutine,
// rules share it.
func (t *Tree) plan(chosen []*Rule) plan {
	p := plan{Tree: t, undivided: t.lopsided()}
	for i, r := range chosen {
		if p.undivided || r.Config != nil {
			p.whole = append(p.whole, i)
		}
		if r.divisible() {
			p.parts = append(p.parts, i)
		}
	}
	return p
}

// Looks reports whether a rule looks at anything.
func (r *Rule) Looks() bool {
	return r.Config != nil || r.Cluster != nil || r.Hops != nil || r.divisible()
}

// divisible reports whether a rule looks at less than a whole configuration.
func (r *Rule) divisible() bool {
	return r.Level != nil || r.Location != nil || r.Proxying != nil || r.Answering != nil || r.Leading != nil
}

// manyLocations are worth several goroutines.
const manyLocations = 1000

// lopsided reports whether one part has many locations, and most of them all: one
// goroutine would have most of the work.
func (t *Tree) lopsided() bool {
	return slices.ContainsFunc(t.parts, func(p *Part) bool {
		return p != nil && len(p.Locations) > max(manyLocations, len(t.Locations)/2)
	})
}

// tasks returns how many there are.
func (p *plan) tasks() int {
	if p.undivided {
		return len(p.whole)
	}
	return len(p.whole) + len(p.Tree.parts)
}

// run does one task with a goroutine's passes.
func (p *plan) run(task int, passes []*Pass) {
	if task < len(p.whole) {
		pass := passes[p.whole[task]]
		pass.task = task
		pass.whole(p.undivided)
		return
	}
	if p.Tree.Exhausted() { // what is found is not reported
		return
	}
	number := task - len(p.whole)
	for _, i := range p.parts {
		passes[i].task = task
	}
	p.levels[number].Walk(withDirectives(func(c *parser.Context) {
		for _, i := range p.parts {
			passes[i].level(c)
		}
	}))
	part := p.Tree.parts[number]
	if part == nil { // as for an upstream, and a server that redirects
		return
	}
	for _, i := range p.parts {
		passes[i].locations(part)
	}
}

// whole runs a rule on all of the tree: Config, and where the parts have no tasks
// of their own, the rest of the rule.
func (p *Pass) whole(undivided bool) {
	if p.Rule.Config != nil {
		p.Rule.Config(p)
	}
	if undivided {
		p.walk(withDirectives(p.level))
		p.locations(&p.Part)
	}
}

// level shows the rule a level.
func (p *Pass) level(c *parser.Context) {
	if p.Rule.Level != nil {
		p.Rule.Level(p, c)
	}
}

// locations shows the rule the locations of a part that it asks for.
func (p *Pass) locations(part *Part) {
	for _, group := range []struct {
		check func(*Pass, *Location)
		of    []*Location
	}{{p.Rule.Location, part.Meant}, {p.Rule.Proxying, part.Locations}, {p.Rule.Answering, part.Others}, {p.Rule.Leading, part.Leading}} {
		if group.check == nil {
			continue
		}
		for _, l := range group.of {
			group.check(p, l)
		}
	}
}

// withDirectives makes a walk of f, over the levels whose lines are directives.
func withDirectives(f func(*parser.Context)) func(*parser.Context) bool {
	return func(c *parser.Context) bool {
		if !c.HasDirectives() {
			return false
		}
		f(c)
		return true
	}
}

// inOrder puts findings in the order of tasks. Of those that are to be reported
// once, the surest stays.
func inOrder(all []found) []Finding {
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.task, b.task) })
	findings := make([]Finding, 0, len(all))
	kept := make(map[parser.Span]int)
	for _, f := range all {
		if i, again := kept[f.Span]; f.Once && again {
			if surer(f.Finding, findings[i]) {
				findings[i] = f.Finding
			}
			continue
		}
		if f.Once {
			kept[f.Span] = len(findings)
		}
		findings = append(findings, f.Finding)
	}
	return findings
}

// A Pass is one rule's look at a tree.
type Pass struct {
	*Tree
	Rule *Rule

	task  int                 // its number
	found []found             // by this goroutine
	once  map[parser.Span]int // places in found
}

// found is a finding with the task that found it.
type found struct {
	Finding
	task int
}

// Report adds a finding. One about a location without any sign of WebSockets is
// dropped. Package lint decides how the intent of the location bounds the severity and
// the fix: it knows all contexts and the settings.
func (p *Pass) Report(f Finding, about *Location) {
	f.Rule = p.Rule
	if !p.Rule.Reading && f.Span.File.Swallowed(f.Span) {
		return
	}
	if about != nil {
		if about.Score.Level == intent.None {
			return
		}
		f.Context, f.Intent, f.Bounded = about.Context, about.intent(), true
	}
	at, again := p.once[f.Span]
	if f.Once && again && !surer(f, p.found[at].Finding) {
		return
	}
	if f.fix != nil {
		if fix, ok := f.fix(); ok {
			f.Fixes = []fixer.Fix{fix}
		}
		f.fix = nil
	}
	switch {
	case f.Once && again:
		p.found[at].Finding = f
		return
	case f.Once && p.once == nil:
		p.once = make(map[parser.Span]int)
	}
	if f.Once {
		p.once[f.Span] = len(p.found)
	}
	p.found = append(p.found, found{f, p.task})
}

// surer reports whether a is about a location that is surer to be meant for
// WebSockets than that of b.
func surer(a, b Finding) bool {
	return a.Intent != nil && b.Intent != nil && a.Intent.Points > b.Intent.Points
}
