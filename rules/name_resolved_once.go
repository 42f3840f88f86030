package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// NameResolvedOnce finds names of containers that nginx looks up when it starts
// and never again.
var NameResolvedOnce = &Rule{
	Name:     "name-resolved-once",
	Summary:  "a container name is resolved only when nginx starts",
	Group:    Upstream,
	Severity: Info,
	Pedantic: true,
	Location: nameResolvedOnce,
}

func nameResolvedOnce(p *Pass, l *Location) {
	if l.Score.Level < intent.Likely || strings.Contains(l.Request.Pass.Param(0), "$") {
		return
	}
	if u := l.Upstream(); u != nil {
		p.serversOf(u, l)
	} else if a, ok := parseAddress(l.Request.Pass.Param(0)); ok && p.containerName(a.host) && !(a.noPort && l.Config.Fragment) {
		p.Report(p.resolvedOnce(l.Request.Pass, a.host, a.host), l)
	}
}

// serversOf reports the servers of an upstream, for the first location that it
// serves.
func (p *Pass) serversOf(u *parser.Context, l *Location) {
	for _, d := range u.Own("server") {
		if host, _, _ := strings.Cut(d.Param(0), ":"); p.containerName(host) && !hasWord(d, "resolve") {
			f := p.resolvedOnce(d, host, d.Param(0))
			f.Once = true
			p.Report(f, l)
		}
	}
}

// containerName reports whether a host is a container, as the compose file or
// the want of a dot tells.
func (t *Tree) containerName(host string) bool {
	if t.Container != nil && slices.ContainsFunc(t.Container.Others, func(s Service) bool { return slices.Contains(s.Names, host) }) {
		return true
	}
	return isName(host) && !strings.Contains(host, ".") && host != "localhost"
}

func (p *Pass) resolvedOnce(d *parser.Directive, host, named string) Finding {
	way := "a variable in proxy_pass and a resolver make nginx look it up again"
	if p.Settings.Versions.Any(parser.ResolveParameter) {
		way += fmt.Sprintf(`; so do a "resolve" parameter and a zone (%s)`, p.Settings.Versions.Named(parser.ResolveParameter))
	}
	return Finding{
		Severity: Info, Span: d.Span(), Message: fmt.Sprintf(
			"nginx looks up %s only when it starts: without an answer it does not start (host not found in upstream %q), and when the container gets a new address, nginx uses the old one until a reload; %s",
			host, named, way),
	}
}
