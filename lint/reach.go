package lint

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A reach says which locations of a configuration have requests that a patch may change.
// What a location sends depends on its text, on the levels around it, on the locations
// that it leads to, and on the maps and upstreams that these name. Others need not be
// compared.
type reach struct {
	all     bool // every location
	servers []reachedServer
}

// A reachedServer is a server, before and after the patch, with locations in reach.
type reachedServer struct {
	before, after *parser.Context
	all           bool                     // every location
	locations     map[*parser.Context]bool // else these outer ones, with all that is in them
}

// has reports whether the requests of a location may have changed.
func (s reachedServer) has(c *parser.Context) bool {
	return s.all || s.locations[outer(c)]
}

// outer returns the outermost location that a context lies in.
func outer(c *parser.Context) *parser.Context {
	for c.Parent != nil && c.Parent.Name != "server" {
		c = c.Parent
	}
	return c
}

// maxTouched is the number of changed names above which every location is compared.
const maxTouched = 50

// reachOf compares a configuration with the one that a patch makes of it.
func reachOf(before, after *model.Model) reach {
	isTemplate := func(f *parser.File) bool { return f.Masked() != nil }
	if before.Fragment && before.Level.Name != "http" || slices.ContainsFunc(before.Files, isTemplate) || slices.ContainsFunc(after.Files, isTemplate) {
		return reach{all: true}
	}
	old, patched := surroundingsOf(before), surroundingsOf(after)
	touched := old.touched(patched)
	if len(old.servers) != len(patched.servers) || len(touched) > maxTouched || !old.same(patched) || old.mention(touched) || patched.mention(touched) {
		return reach{all: true}
	}
	servers := make([]reachedServer, len(old.servers))
	var sockets atomic.Bool
	parallel.Each(len(servers), func() func(int) {
		return func(i int) {
			a, b := old.servers[i], patched.servers[i]
			same := sameContext(a, b)
			switch {
			case same && !mentions(a, touched):
			case !sameSockets(a, b): // servers share them
				sockets.Store(true)
			default:
				servers[i] = reachIn(before, a, b, touched)
			}
		}
	})
	if sockets.Load() {
		return reach{all: true}
	}
	return reach{servers: slices.DeleteFunc(servers, func(s reachedServer) bool { return s.before == nil })}
}

// reachIn returns which locations of a server are in reach. The server has changed, or
// has a name that did.
func reachIn(m *model.Model, before, after *parser.Context, touched map[string]bool) reachedServer {
	s := reachedServer{before: before, after: after, locations: make(map[*parser.Context]bool)}
	level := simpleIn(before)
	if s.all = before.Opener == nil || len(before.Children) != len(after.Children) || !slices.EqualFunc(level, simpleIn(after), sameDirective); s.all {
		return s
	}
	moves := func(d *parser.Directive) bool { return d.Is("rewrite", "if", "set") || hasName(d.Span(), touched) }
	if s.all = slices.ContainsFunc(level, moves); s.all {
		return s
	}
	for i, c := range before.Children {
		other := after.Children[i]
		if sameContext(c, other) && !mentions(c, touched) {
			continue
		}
		if s.all = c.Name != "location" || !sameWords(c.Opener, other.Opener) || !sameHandlers(c, other); s.all {
			return s
		}
		s.locations[c] = true
	}
	for grown := true; grown; {
		grown = false
		for _, c := range before.Children {
			if !s.locations[c] && s.leadsHere(m, c) {
				s.locations[c], grown = true, true
			}
		}
	}
	return s
}

// leadsHere reports whether a request of a location, or of one in it, may go on to a
// location in reach: through try_files, error_page or the rewrite module.
func (s reachedServer) leadsHere(m *model.Model, location *parser.Context) bool {
	found := false
	location.Walk(func(c *parser.Context) bool {
		if found = found || slices.ContainsFunc(c.Directives, func(d *parser.Directive) bool { return d.Is("rewrite", "if", "set", "echo_exec") }); found {
			return false
		}
		for _, name := range []string{"try_files", "error_page"} {
			for _, d := range c.Effective(name).Directives {
				found = found || s.isTarget(m, d)
			}
		}
		return !found
	})
	return found
}

// isTarget reports whether the last parameter of a directive leads to a location in
// reach, or to one that is not known.
func (s reachedServer) isTarget(m *model.Model, d *parser.Directive) bool {
	if d.ParamCount() < 2 {
		return false
	}
	uri := d.Param(d.ParamCount() - 1)
	switch {
	case strings.HasPrefix(uri, "="):
		return false
	case strings.HasPrefix(uri, "@") && !strings.Contains(uri, "$"):
		return slices.ContainsFunc(s.before.Children, func(c *parser.Context) bool {
			return c.Named() == uri && s.locations[c]
		})
	case strings.HasPrefix(uri, "/") && !strings.Contains(uri, "$"):
		uri, _, _ = strings.Cut(uri, "?")
		to := m.Route(s.before, uri)
		return to != nil && to != s.before && s.locations[outer(to)]
	}
	return true
}

// sameHandlers reports whether two locations, and those in them, have the same
// proxy_pass and the like: others depend on it that there is one.
func sameHandlers(a, b *parser.Context) bool {
	x, y := a.Handler(), b.Handler()
	return (x == nil) == (y == nil) && (x == nil || sameDirective(x, y)) && slices.EqualFunc(a.Children, b.Children, sameHandlers)
}
