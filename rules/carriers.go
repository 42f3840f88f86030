package rules

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// carriers says which locations carry what: those in which a proxy_set_header is
// in force, whether or not a handshake gets to their proxy_pass. A fix of such a
// line, or of a variable in it, names them all.
type carriers struct {
	lines     map[*parser.Directive][]*parser.Context
	variables map[string]*usage // by name in lower case
}

// A usage is where a variable is sent, and in which headers.
type usage struct {
	locations []*parser.Context
	headers   []string
}

// findCarriers walks the locations; the result is kept in the Tree.
func (t *Tree) findCarriers() *carriers {
	c := &carriers{lines: make(map[*parser.Directive][]*parser.Context), variables: make(map[string]*usage)}
	t.Root.Walk(func(level *parser.Context) bool {
		if level.IsLocation() {
			for _, d := range level.Effective("proxy_set_header").Directives {
				c.lines[d] = append(c.lines[d], level)
				c.note(d, level)
			}
		}
		return true
	})
	return c
}

func (c *carriers) note(d *parser.Directive, level *parser.Context) {
	for _, name := range parser.VariablesIn(d.Param(1)) {
		name = strings.ToLower(name)
		u := c.variables[name]
		if u == nil {
			u = &usage{}
			c.variables[name] = u
		}
		if n := len(u.locations); n == 0 || u.locations[n-1] != level {
			u.locations = append(u.locations, level)
		}
		if header := parser.CanonicalHeader(d.Param(0)); !slices.Contains(u.headers, header) {
			u.headers = append(u.headers, header)
		}
	}
}

// usage returns where a variable is sent; name is without $.
func (t *Tree) usage(name string) usage {
	if u := t.carried().variables[strings.ToLower(name)]; u != nil {
		return *u
	}
	return usage{}
}
