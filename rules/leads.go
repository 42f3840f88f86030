package rules

import (
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// leads are the directives that send requests to the named locations of a server.
type leads struct {
	to     map[string][]lead // by name, with the @
	early  map[string]lead   // a try_files that has the name before its last parameter
	others func() bool       // see otherSockets
	unsure bool              // others may do so: an include that was not read, a variable, a module that is not known
}

// A lead is a directive and the level that it is on.
type lead struct {
	*parser.Directive
	from *parser.Context
}

// leads returns what leads to the named locations of a server. It is found once.
func (t *Tree) leads(server *parser.Context) *leads {
	if known, ok := t.leading.Load(server); ok {
		return known.(*leads)
	}
	all := &leads{to: make(map[string][]lead), early: make(map[string]lead)}
	all.others = sync.OnceValue(func() bool { return t.otherSockets(server) })
	if server == nil || server.Implied() {
		all.unsure = true
	}
	for c := server; c != nil; c = c.Parent {
		all.pages(c)
		all.unsure = all.unsure || c != server && c.Unread() != nil
	}
	if server != nil {
		server.Walk(func(c *parser.Context) bool {
			if c.HasDirectives() {
				all.level(c)
			}
			return c.HasDirectives()
		})
	}
	t.leading.Store(server, all)
	return all
}

// pages adds the error_page lines of a level around the locations.
func (s *leads) pages(c *parser.Context) {
	if c.Name == "server" { // its walk finds them
		return
	}
	for _, d := range c.Own("error_page") {
		s.add(d, c)
	}
}

// level adds the directives of a level of the server.
func (s *leads) level(c *parser.Context) {
	s.unsure = s.unsure || c.Unread() != nil
	for _, d := range c.Directives {
		switch {
		case d.Is("error_page"), d.Is("try_files"):
			s.add(d, c)
		case d.Is("goto", "echo_exec") && strings.HasPrefix(d.Param(0), "@"):
			s.to[d.Param(0)] = append(s.to[d.Param(0)], lead{d, c})
		case len(d.Infos()) == 0, strings.Contains(d.Name(), "_by_lua"), d.Is("js_content", "perl", "post_action"):
			s.unsure = true // these can go to any location
		}
	}
}

func (s *leads) add(d *parser.Directive, c *parser.Context) {
	if d.ParamCount() < 2 {
		return
	}
	last := lastParam(d)
	switch {
	case strings.HasPrefix(last, "@") && !strings.Contains(last, "$"):
		s.to[last] = append(s.to[last], lead{d, c})
	case strings.HasPrefix(last, "@"), strings.HasPrefix(last, "$") && !strings.HasPrefix(last, "$uri"):
		s.unsure = true
	}
	if !d.Is("try_files") {
		return
	}
	for _, file := range d.Params()[:d.ParamCount()-1] {
		if name := file.Value(); strings.HasPrefix(name, "@") {
			s.early[name] = lead{d, c}
		}
	}
}
