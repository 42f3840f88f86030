package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingResolver finds names that nginx has to look up while it runs, because
// proxy_pass has a variable, and no resolver to ask.
var MissingResolver = &Rule{
	Name:     "missing-resolver",
	Summary:  "proxy_pass has a variable, but no resolver is set to look up its host",
	Group:    Upstream,
	Severity: Error,
	Location: missingResolver,
}

func missingResolver(p *Pass, l *Location) {
	if !strings.Contains(l.Request.Pass.Param(0), "$") || l.Request.BadTarget() != nil || l.mayResolve() {
		return
	}
	names, all := l.unresolved(p.resolved())
	if len(names) == 0 {
		return
	}
	p.Report(l.resolverFinding(names, all), l)
}

// mayResolve reports whether a resolver is in force, or may be for all that can
// be seen.
func (l *Location) mayResolve() bool {
	for c := l.Request.Level; c != nil; c = c.Parent {
		if slices.ContainsFunc(c.Includes, func(inc *parser.Include) bool { return inc.Missing }) {
			return true // what else is harmless may hold a resolver: ssl.conf for stapling, resolver.conf
		}
	}
	level, versions := l.Request.Level, l.Tree.Settings.Versions
	if d := level.Effective("resolver").Last(); d != nil && !(d.Param(0) == "off" && versions.All(parser.SystemResolver)) {
		return true
	}
	if level.Effective("resolver_file").Last() != nil {
		return true
	}
	return level.Effective("resolver").Last() == nil && versions.Any(parser.SystemResolver)
}

// staticAddresses are those that nginx looks up when it starts, for some
// directive without variables. It then knows them wherever they are named.
func (t *Tree) staticAddresses() map[string]bool {
	all := make(map[string]bool)
	t.Root.Walk(func(c *parser.Context) bool {
		for _, d := range c.Own("proxy_pass") {
			if a, ok := parseAddress(d.Param(0)); ok && !strings.Contains(d.Param(0), "$") {
				all[strings.ToLower(a.host)+":"+a.port] = true
			}
		}
		return c.Name != "upstream" && c.Name != "map"
	})
	return all
}

// unresolved returns the hosts that proxy_pass may come to and that nginx has
// to look up; all says that it comes to no other.
func (l *Location) unresolved(static map[string]bool) (names []string, all bool) {
	all = true
	for _, url := range l.values(l.Request.Pass.Param(0)) {
		a, ok := parseAddress(url)
		switch {
		case !ok && url == "", ok && a.host == "": // 500, whatever resolves
		case !ok, !isName(a.host), !l.defines(a), static[strings.ToLower(a.host)+":"+a.port], l.mayName(a):
			all = false
		case !slices.Contains(names, a.host):
			names = append(names, a.host)
		}
	}
	return names, all
}

// mayName reports whether an address is an upstream block's, or may be one's
// that is not seen; what stands around locations is not seen either, but that no
// one sets a resolver for localhost.
func (l *Location) mayName(a address) bool {
	if l.unseen() && a.host != "localhost" {
		return true
	}
	return a.noPort && (l.Tree.UpstreamIn(a.host, l.Tree.newest) != nil || l.Config.Fragment && !l.Tree.StockImage)
}

// defines reports whether nginx knows all variables that an address is left
// with. Where it does not, the file is a template.
func (l *Location) defines(a address) bool {
	for _, name := range parser.VariablesIn(a.host + a.port + a.uri) {
		if !l.Tree.Defines(name) {
			return false
		}
	}
	return true
}

func (l *Location) resolverFinding(names []string, all bool) Finding {
	f := Finding{Severity: Error, Span: l.Request.Pass.Span()}
	when := ""
	if !all {
		f.Severity, when = Warning, " if a request gets there"
	}
	if l.Config.Fragment && (!l.Tree.StockImage || l.Config.Level.Name != "http") {
		f.Severity, when = Info, when+", unless what includes this file sets one"
	}
	f.Message = fmt.Sprintf("proxy_pass has a variable, so %s looks up its host for each request, but no resolver is set: the handshake gets 502%s (no resolver defined to resolve %s)%s",
		l.Tree.program(), when, names[0], l.belief())
	if fix, ok := l.resolverFix(names); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	return f
}
