package rules

import (
	"slices"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A usage is where a variable is sent, and in which headers.
type usage struct {
	locations []*parser.Context
	headers   []string
}

// usage returns the locations with a proxy_set_header in effect that uses a
// variable, or one that maps and set directives derive from it, whether or not a
// handshake reaches their proxy_pass: a fix of the variable names them all. The
// name has no $.
func (t *Tree) usage(name string) usage {
	name = strings.ToLower(name)
	if known, ok := t.usages.Load(name); ok {
		return known.(usage)
	}
	var u usage
	names := t.derived(name)
	carries := make(map[lineSet]bool)
	for _, l := range t.lines {
		key := l.key()
		carried, known := carries[key]
		if !known {
			carried = u.note(l.Directives, names)
			carries[key] = carried
		}
		if carried {
			u.locations = append(u.locations, l.location)
		}
	}
	t.usages.Store(name, u)
	return u
}

// setLines are the proxy_set_header lines in effect in a location.
type setLines struct {
	location *parser.Context
	parser.Setting
}

// A lineSet identifies lines: those of one block by the first, the last and their
// number, wherever the block is included; others by their level.
type lineSet struct {
	first, last *parser.Directive
	n           int
	from        *parser.Context
}

func (s setLines) key() lineSet {
	all := s.Directives
	if first, last := all[0], s.Last(); first.In == last.In {
		return lineSet{first: first, last: last, n: len(all)}
	}
	return lineSet{from: s.From}
}

// derived returns a variable and all variables that maps and set directives derive
// from it.
func (t *Tree) derived(name string) map[string]bool {
	names, todo := map[string]bool{name: true}, []string{name}
	for ; len(todo) > 0; todo = todo[1:] {
		for _, next := range t.madeFrom()[todo[0]] {
			if !names[next] {
				names[next], todo = true, append(todo, next)
			}
		}
	}
	return names
}

// findMadeFrom returns for each variable those whose map or set directive uses it.
func (t *Tree) findMadeFrom() map[string][]string {
	made := make(map[string][]string)
	add := func(expr, name string) {
		for _, from := range parser.VariablesIn(expr) {
			made[from] = append(made[from], name)
		}
	}
	for _, name := range slices.Sorted(slices.Values(t.VariableNames())) {
		for _, v := range t.Variables(name) {
			switch {
			case v.Map != nil:
				add(v.Directive.Param(0), name)
				for _, line := range v.Map.Directives {
					add(line.Param(0), name)
				}
			case v.Directive.Is("set"):
				add(v.Directive.Param(1), name)
			}
		}
	}
	return made
}

// note adds the headers whose values use one of the variables, and reports whether
// there are any.
func (u *usage) note(lines []*parser.Directive, names map[string]bool) (any bool) {
	has := func(name string) bool { return names[name] }
	for _, d := range lines {
		if value := d.Param(1); strings.Contains(value, "$") && slices.ContainsFunc(parser.VariablesIn(value), has) {
			any = true
			if header := model.CanonicalHeader(d.Param(0)); !slices.Contains(u.headers, header) {
				u.headers = append(u.headers, header)
			}
		}
	}
	return any
}

// carriers are the locations in which a proxy_set_header is in effect, whether or
// not a handshake reaches their proxy_pass.
func (t *Tree) carriers(d *parser.Directive) []*parser.Context {
	return t.under(d, &t.set, func(c *parser.Context) *parser.Context {
		if !c.IsLocation() {
			return nil
		}
		return c.Effective("proxy_set_header").From
	})
}

// Senders returns the locations that send what a proxy_set_header of any level
// sets.
func (t *Tree) Senders(d *parser.Directive) []*parser.Context {
	return t.under(d, &t.sent, func(c *parser.Context) *parser.Context {
		if l := t.Location(c); l != nil {
			return l.Request.Set.From
		}
		return nil
	})
}

// under returns the contexts on or below the levels of a proxy_set_header for which
// from returns that level. The result is cached by level, because a level may have
// ten thousand lines.
func (t *Tree) under(d *parser.Directive, kept *sync.Map, from func(*parser.Context) *parser.Context) []*parser.Context {
	if !d.Is("proxy_set_header") {
		return nil
	}
	var all []*parser.Context
	for _, level := range t.ContextsOf(d.In) {
		known, ok := kept.Load(level)
		if !ok {
			var found []*parser.Context
			level.Walk(func(c *parser.Context) bool {
				if from(c) == level {
					found = append(found, c)
				}
				return true
			})
			known, _ = kept.LoadOrStore(level, found)
		}
		all = append(all, known.([]*parser.Context)...)
	}
	return all
}
