package rules

import (
	"slices"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A usage is where a variable is sent, and in which headers.
type usage struct {
	locations []*parser.Context
	headers   []string
}

// usage returns the locations in which a proxy_set_header is in force that has a
// variable, whether or not a handshake gets to their proxy_pass: a fix of the
// variable names them all. The name is without $.
func (t *Tree) usage(name string) usage {
	name = strings.ToLower(name)
	if known, ok := t.usages.Load(name); ok {
		return known.(usage)
	}
	var u usage
	carries := make(map[*parser.Context]bool) // by level
	t.Root.Walk(func(c *parser.Context) bool {
		if !c.IsLocation() {
			return true
		}
		set := c.Effective("proxy_set_header")
		carried, known := carries[set.From]
		if !known {
			carried = u.note(set.Directives, name)
			if set.From != c {
				carries[set.From] = carried
			}
		}
		if carried {
			u.locations = append(u.locations, c)
		}
		return true
	})
	t.usages.Store(name, u)
	return u
}

// note adds the headers that have a variable, and reports whether any has.
func (u *usage) note(lines []*parser.Directive, name string) (any bool) {
	for _, d := range lines {
		if value := d.Param(1); strings.Contains(value, "$") && slices.Contains(parser.VariablesIn(value), name) {
			any = true
			if header := parser.CanonicalHeader(d.Param(0)); !slices.Contains(u.headers, header) {
				u.headers = append(u.headers, header)
			}
		}
	}
	return any
}

// carriers are the locations in which a proxy_set_header is in force, whether or
// not a handshake gets to their proxy_pass.
func (t *Tree) carriers(d *parser.Directive) []*parser.Context {
	return t.under(d, &t.set, func(c *parser.Context) *parser.Context {
		if !c.IsLocation() {
			return nil
		}
		return c.Effective("proxy_set_header").From
	})
}

// Senders returns the locations that send what a proxy_set_header sets, on
// whatever level it stands.
func (t *Tree) Senders(d *parser.Directive) []*parser.Context {
	return t.under(d, &t.sent, func(c *parser.Context) *parser.Context {
		if l := t.Location(c); l != nil {
			return l.Request.Set.From
		}
		return nil
	})
}

// under returns the contexts on or below the levels that a proxy_set_header
// stands on for which from is that level. Those of a level are kept: it may have
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
