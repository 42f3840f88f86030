package parser

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
)

// A Problem is something for which nginx refuses a configuration, besides what its
// reader refuses.
type Problem struct {
	Directive *Directive
	Context   *Context
	Message   string // nginx's words
}

// Problems returns what nginx would refuse, as far as this package knows: syntax
// errors; directives in places where they are not allowed, with too few or too many
// parameters, or twice on one level; a backup server after a balancing method without
// backups; a URI in a proxy_pass that must not have one; and two locations with one
// name. Directives of other modules count as correct.
func (cfg *Config) Problems() []Problem {
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
				found[i] = append(found[i], c.problems()...)
				return c.HasDirectives()
			})
		}
	})
	return append(all, slices.Concat(found...)...)
}

// problems returns what nginx would refuse on one level.
func (c *Context) problems() []Problem {
	all := append(c.RefusedDirectives(), c.MisplacedURIs()...)
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

// RefusedDirectives returns the directives of a level that nginx would refuse
// according to its table: see Config.Problems.
func (c *Context) RefusedDirectives() []Problem {
	set := c.set()
	if set == 0 || !c.HasDirectives() {
		return nil
	}
	var all []Problem
	var seen [(len(directives) + 63) / 64]uint64 // a bit for each row
	for _, d := range c.Directives {
		row, known, allowed := d.rows.in(set)
		info := &directives[row]
		place, bit := row/64, uint64(1)<<(row%64)
		switch {
		case !known:
		case !allowed:
			all = append(all, Problem{d, c, fmt.Sprintf("%q directive is not allowed here", d.Name())})
		case d.ParamCount() < info.Min || d.ParamCount() > info.Max:
			all = append(all, Problem{d, c, fmt.Sprintf("invalid number of arguments in %q directive", d.Name())})
		case d.Is("proxy_pass") && set&(InLocation|InLocationIf|InLimitExcept) != 0 && !strings.Contains(d.Param(0), "$") && !httpURL(d.Param(0)):
			all = append(all, Problem{d, c, "invalid URL prefix"})
		case !info.Repeat && seen[place]&bit != 0:
			all = append(all, Problem{d, c, fmt.Sprintf("%q directive is duplicate", d.Name())})
		}
		if known && allowed && !info.Repeat {
			seen[place] |= bit
		}
	}
	if c.Name == "upstream" {
		all = append(all, c.backups()...)
	}
	return all
}

// httpURL reports whether proxy_pass of http accepts the beginning of a URL.
func httpURL(url string) bool {
	scheme, _, ok := strings.Cut(url, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// backups returns the backup servers that a method before them does not allow.
func (c *Context) backups() []Problem {
	var all []Problem
	method := ""
	for _, d := range c.Directives {
		switch {
		case d.Is("ip_hash", "hash", "random"):
			method = d.Name()
		case d.Is("server") && method != "" && d.HasParam("backup"):
			all = append(all, Problem{d, c, `balancing method does not support parameter "backup"`})
		}
	}
	return all
}

// in returns the row for a kind of place, whether nginx knows the name, and whether
// it allows it there.
func (r rows) in(set ContextSet) (row int, known, allowed bool) {
	for i := r.from; i < r.to; i++ {
		if directives[i].Contexts&set != 0 {
			return int(i), true, true
		}
	}
	return 0, r.to > r.from, false
}

// set returns the kind of place that a context is, or 0 if it is unknown.
func (c *Context) set() ContextSet {
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
