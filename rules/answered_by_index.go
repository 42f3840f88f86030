package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// indexBeforeNamed reports a try_files of the root that looks for a directory before
// it goes to a named WebSocket location. A root that is set is a directory.
func (p *Pass) indexBeforeNamed(l *Location) {
	for _, lead := range p.leads(l.Server()).to[l.Named()] {
		modifier, path := lead.from.LocationName()
		if d := lead.Directive; d.Is("try_files") && path == "/" && (modifier == "" || modifier == "=") && triesDirectory(d) && lead.from.Effective("root").Last() != nil {
			p.Report(Finding{Severity: Info, Span: d.Span(), Once: true, Related: []Related{{wordsSpan(l.Opener), "other paths get here"}}, Message: fmt.Sprintf(
				"a handshake for / itself gets the index page or 403: $uri/ is the directory of the site, and nginx does not go on to %s%s", l.Named(), l.belief())}, l)
		}
	}
}

func triesDirectory(d *parser.Directive) bool {
	for _, file := range d.Params()[:d.ParamCount()-1] {
		if file.Value() == "$uri/" {
			return true
		}
	}
	return false
}

// indexBeforeRoot reports a location = / that serves files beside a WebSocket
// location /.
func (p *Pass) indexBeforeRoot(l *Location) {
	server := l.Server()
	if server == nil || server.Implied() {
		return
	}
	exact := p.Route(server, "/")
	if modifier, _ := exact.LocationName(); modifier != "=" || exact.Unread() != nil || exact.First("index") == nil && exact.First("try_files") == nil {
		return
	}
	if q := p.Request(exact, model.WebSocket, p.newest); q.Pass != nil || len(q.Perhaps) > 0 || q.By != nil {
		return
	}
	p.Report(Finding{Severity: Info, Span: wordsSpan(exact.Opener), Once: true, Context: exact, Related: []Related{{wordsSpan(l.Opener), "other paths get here"}}, Message: fmt.Sprintf(
		"a handshake for / itself does not get to the proxy_pass of location /: this location looks for a page%s", l.belief())}, l)
}

// directoryTried reports whether a try_files looks for a directory and the location's
// paths may be those of directories.
func (l *Location) directoryTried(d *parser.Directive) bool {
	tries := false
	for _, file := range d.Params()[:d.ParamCount()-1] {
		tries = tries || strings.HasSuffix(file.Value(), "/")
	}
	return tries && (strings.HasPrefix(l.modifier, "~") || strings.HasSuffix(l.path, "/"))
}
