package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// SlashRedirect finds endpoints whose clients omit the location's trailing slash:
// nginx answers 301, which no WebSocket client follows.
var SlashRedirect = &Rule{
	Name:     "slash-redirect",
	Summary:  "clients request the endpoint without the location's trailing slash and are redirected",
	Group:    Paths,
	Severity: Warning,
	Location: slashRedirect,
}

func slashRedirect(p *Pass, l *Location) {
	e := l.Score.Endpoint
	modifier, name := l.LocationName()
	path, slash := strings.CutSuffix(name, "/")
	if e == nil || !slash || path == "" || modifier != "" && modifier != "^~" || !l.asksBare(e, path) || l.taken(path) || l.Effective("auto_redirect").Value() == "off" {
		return
	}
	f := Finding{
		Severity: Warning, Span: wordsSpan(l.Opener),
		Message: fmt.Sprintf("%s redirects %s to %s with 301, and WebSocket clients do not follow redirects; clients of %s request %s%s", l.Tree.program(), path, name, e.App, path, l.belief()),
	}
	if words := l.Opener.Params(); l.passed.URI == "" && !l.Combined() {
		f.Fixes = []fixer.Fix{{Message: "rename the location to " + path, Safety: fixer.Shown, Edits: []fixer.Edit{trimSlash(words[len(words)-1])}}}
	}
	p.Report(f, l)
}

// bare are the endpoints that clients request exactly as written here, and nothing
// below them.
var bare = []intent.Pattern{
	"**/cable", "/-/cable", "**/_stcore/stream", "/api/websocket", "/notifications/hub", "/notifications/anonymous-hub", "**/websockify",
	"**/queue/join", "**/xmpp-websocket", "**/socket/websocket", "**/live/websocket", "**/rest/push", "**/_next/webpack-hmr", "**/api/live/ws",
	"**/terminal.ws", "**/v1/graphql", "**/push/ws", "**/standalone-signaling/spreed", "**/api/*/websocket",
}

func (l *Location) asksBare(e *intent.Endpoint, path string) bool {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	for _, p := range bare {
		if p == e.Path && p.Match(segments) {
			return p != "**/v1/graphql" || l.names(e)
		}
	}
	return false
}

// taken reports whether a location beside it takes the path without the slash.
// No regular expression does: nginx redirects before it asks them
// (ngx_http_core_find_static_location).
func (l *Location) taken(path string) bool {
	for _, sibling := range l.Parent.Children {
		modifier, name := sibling.LocationName()
		if name == path && (modifier == "" || modifier == "^~" || modifier == "=") {
			return true
		}
	}
	return l.Parent.Unread() != nil || l.Parent.Implied()
}

func trimSlash(w parser.Word) fixer.Edit {
	text := w.Span().Text()
	i := strings.LastIndexByte(text, '/')
	return fixer.Edit{Span: w.Span(), New: text[:i] + text[i+1:]}
}
