package rules

import (
	"cmp"
	"slices"
	"sync"

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
	within    []int // rules that look at the locations of each part by itself
	levels    []int // rules that look at each level by itself
	undivided bool  // all rules look at all of the tree
	*Tree
}

// plan makes a plan. Where parts would leave most of the work to one goroutine,
// rules share it.
func (t *Tree) plan(chosen []*Rule) plan {
	p := plan{Tree: t, undivided: t.lopsided()}
	for i, r := range chosen {
		if p.undivided || r.Check != nil {
			p.whole = append(p.whole, i)
		}
		if r.Within != nil {
			p.within = append(p.within, i)
		}
		if r.Level != nil {
			p.levels = append(p.levels, i)
		}
	}
	return p
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
	return len(p.whole) + len(p.parts)
}

// run does one task with a goroutine's passes.
func (p *plan) run(task int, passes []*Pass) {
	if task < len(p.whole) {
		passes[p.whole[task]].whole(task, p.undivided)
		return
	}
	number := task - len(p.whole)
	for _, i := range p.levels {
		passes[i].task = task
	}
	p.Tree.levels[number].Walk(withDirectives(func(c *parser.Context) {
		for _, i := range p.levels {
			passes[i].Rule.Level(passes[i], c)
		}
	}))
	part := p.parts[number]
	if part == nil { // as for an upstream, and a server that redirects
		return
	}
	for _, i := range p.within {
		passes[i].task, passes[i].Part = task, part
		passes[i].Rule.Within(passes[i])
	}
}

// whole runs a rule on all of the tree: Check, and where the parts have no tasks
// of their own, all of it.
func (p *Pass) whole(task int, undivided bool) {
	p.task, p.Part = task, &p.Tree.Part
	if p.Rule.Check != nil {
		p.Rule.Check(p)
	}
	if !undivided {
		return
	}
	if p.Rule.Within != nil {
		p.Rule.Within(p)
	}
	if p.Rule.Level != nil {
		p.walk(withDirectives(func(c *parser.Context) { p.Rule.Level(p, c) }))
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

// A Pass is one rule's look at a tree.
type Pass struct {
	*Tree
	*Part // that is looked at
	Rule  *Rule

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

// Report adds a finding. Where it is about a location that has no sign of
// WebSockets, there is nothing to report. How the signs of others bound the severity
// and the fix's safety is decided where contexts and settings are known: in lint.
func (p *Pass) Report(f Finding, about *Location) {
	f.Rule = p.Rule
	if !p.Rule.Reading && f.Span.File.Swallowed(f.Span) {
		return
	}
	if about != nil {
		if about.Score.Level == intent.None {
			return
		}
		f.Context, f.Intent, f.Bounded = about.Context, &about.Score, true
	}
	p.found = append(p.found, found{Finding: f, task: p.task})
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
