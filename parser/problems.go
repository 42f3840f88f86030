package parser

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
)

// A Problem is something for which nginx refuses a configuration, besides what its
// reader refuses.
type Problem struct {
	Directive *Directive
	Context   *Context
	Message   string // nginx's words
	Accepts   string // a relative of nginx that accepts it; "" where none is known
}

// Problems returns what every version of a range would refuse, as far as this package
// knows: syntax errors, what RefusedDirectives finds, a URI in a proxy_pass that must
// not have one, and two locations with one name. Directives of other modules count as
// correct.
func (cfg *Config) Problems(v Versions) []Problem {
	var all []Problem
	for _, f := range cfg.Files {
		for _, e := range f.Errs {
			all = append(all, Problem{Message: e.Message})
		}
	}
	parts := cfg.Parts()
	found := make([][]Problem, len(parts))
	parallel.Each(len(parts), func() func(int) {
		return func(i int) {
			parts[i].Walk(func(c *Context) bool {
				found[i] = append(found[i], c.problems(v)...)
				return c.HasDirectives()
			})
		}
	})
	return append(all, slices.Concat(found...)...)
}

// problems returns what nginx would refuse on one level.
func (c *Context) problems(v Versions) []Problem {
	all := append(c.RefusedDirectives(v), c.MisplacedURIs()...)
	for _, d := range c.DuplicateLocations() {
		all = append(all, d.problem())
	}
	return all
}

// A Part is a level of a configuration, with or without its content.
type Part struct {
	*Context
	alone bool
}

// Walk calls f for the part's levels as Context.Walk does.
func (p Part) Walk(f func(*Context) bool) {
	if p.alone {
		f(p.Context)
	} else {
		p.Context.Walk(f)
	}
}

// Parts divides a configuration, in order, into parts that can be checked separately
// and on several cores: main and http without their blocks, and each block in them as
// a whole, usually a server.
func (cfg *Config) Parts() []Part {
	n := 1 + len(cfg.Root.Children)
	for _, c := range cfg.Root.Children {
		n += len(c.Children)
	}
	all := make([]Part, 0, n)
	cfg.Root.Walk(func(c *Context) bool {
		alone := c.Name == "main" || c.Name == "http"
		all = append(all, Part{c, alone})
		return alone
	})
	return all
}

// HasDirectives reports whether the lines of a context are directives. Those of a
// map, of types and the like are not.
func (c *Context) HasDirectives() bool { return holdDirectives(c.Name) }

// holdDirectives reports whether the lines of a block with a name are directives.
func holdDirectives(name string) bool {
	switch name {
	case "map", "geo", "types", "split_clients", "charset_map", "match":
		return false
	}
	return true
}

// Known reports whether nginx's own modules define what may stand in a context and in
// all contexts around it.
func (c *Context) Known() bool {
	for ; c != nil; c = c.Parent {
		if c.Place() == 0 {
			return false
		}
	}
	return true
}

// Place returns the kind of place that a context is, or 0 if it is unknown.
func (c *Context) Place() ContextSet {
	stream := c.Enclosing("stream") != nil
	switch c.Name {
	case "main":
		return InMain
	case "events":
		return InEvents
	case "http":
		return InHTTP
	case "stream":
		return InStream
	case "server":
		if stream {
			return InStreamServer
		}
		return InServer
	case "upstream":
		if stream {
			return InStreamUpstream
		}
		return InUpstream
	case "location":
		return InLocation
	case "limit_except":
		return InLimitExcept
	case "if":
		if c.Enclosing("location") != nil {
			return InLocationIf
		}
		return InServerIf
	}
	return 0
}
