package parser

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
)

// A Problem is something for which nginx refuses a configuration, beyond what
// its reader already does.
type Problem struct {
	Directive *Directive
	Context   *Context
	Message   string // nginx's words
}

// Problems returns what nginx would refuse, as far as it is known here: reading
// errors, directives in places where they are not allowed, with too few or too
// many parameters, or twice on one level; a backup server after a balancing
// method that has none; a URI in a proxy_pass that must not have one; and two
// locations of one name. Directives of other modules are taken for good.
func (cfg *Config) Problems() []Problem {
	var all []Problem
	for _, f := range cfg.Files {
		for _, e := range f.Errs {
			all = append(all, Problem{Message: e.Message})
		}
	}
	parts := cfg.parts()
	found := make([][]Problem, len(parts))
	parallel.Each(len(parts), func() func(int) {
		return func(i int) {
			parts[i].walk(func(c *Context) bool {
				found[i] = append(found[i], c.problems()...)
				return c.HasDirectives()
			})
		}
	})
	for _, problems := range found {
		all = append(all, problems...)
	}
	all = append(all, cfg.MisplacedURIs()...)
	for _, d := range cfg.DuplicateLocations() {
		all = append(all, d.problem())
	}
	return all
}

// A part is a level of a configuration, with or without what is in it.
type part struct {
	*Context
	alone bool
}

func (p part) walk(f func(*Context) bool) {
	if p.alone {
		f(p.Context)
	} else {
		p.Walk(f)
	}
}

// parts divides a configuration into what can be looked at by itself: main and
// http alone, and each block in them.
func (cfg *Config) parts() []part {
	var all []part
	cfg.Root.Walk(func(c *Context) bool {
		alone := c.Name == "main" || c.Name == "http"
		all = append(all, part{c, alone})
		return alone
	})
	return all
}

// HasDirectives reports whether the lines of a context are directives; those of a
// map, of types and the like are not.
func (c *Context) HasDirectives() bool {
	switch c.Name {
	case "map", "geo", "types", "split_clients", "charset_map", "match":
		return false
	}
	return true
}

func (c *Context) problems() []Problem {
	set := c.set()
	if set == 0 || !c.HasDirectives() {
		return nil
	}
	var all []Problem
	seen := make(map[*DirectiveInfo]bool)
	for _, d := range c.Directives {
		info, known, allowed := lookUp(d.Infos(), set)
		switch {
		case !known:
		case !allowed:
			all = append(all, Problem{d, c, fmt.Sprintf("%q directive is not allowed here", d.Name())})
		case d.ParamCount() < info.Min || d.ParamCount() > info.Max:
			all = append(all, Problem{d, c, fmt.Sprintf("invalid number of arguments in %q directive", d.Name())})
		case d.Is("proxy_pass") && set&(InLocation|InLocationIf|InLimitExcept) != 0 && !strings.Contains(d.Param(0), "$") && !httpURL(d.Param(0)):
			all = append(all, Problem{d, c, "invalid URL prefix"})
		case !info.Repeat && seen[info]:
			all = append(all, Problem{d, c, fmt.Sprintf("%q directive is duplicate", d.Name())})
		}
		if known && allowed && !info.Repeat {
			seen[info] = true
		}
	}
	if c.Name == "upstream" {
		all = append(all, c.backups()...)
	}
	return all
}

// httpURL reports whether proxy_pass of http takes a URL's beginning.
func httpURL(url string) bool {
	scheme, _, ok := strings.Cut(url, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// backups finds backup servers that a method before them does not allow.
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

// lookUp returns what is known of a directive in a context.
func lookUp(rows []DirectiveInfo, set ContextSet) (info *DirectiveInfo, known, allowed bool) {
	for i := range rows {
		if rows[i].Contexts&set != 0 {
			return &rows[i], true, true
		}
	}
	return nil, len(rows) > 0, false
}

// set is the kind of place that a context is; 0 where nothing is known of it.
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
