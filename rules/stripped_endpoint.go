package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// StrippedEndpoint finds endpoints whose application serves them at a fixed path
// that proxy_pass strips.
var StrippedEndpoint = &Rule{
	Name:     "stripped-endpoint",
	Summary:  "proxy_pass strips the path that a known application expects",
	Group:    Paths,
	Severity: Warning,
	Location: strippedEndpoint,
}

func strippedEndpoint(p *Pass, l *Location) {
	e := l.stripped()
	if e == nil {
		return
	}
	_, name := l.LocationName()
	f := Finding{
		Severity: Warning, Span: l.Request.Pass.ParamWord(0).Span(),
		Message: fmt.Sprintf("%s reaches %s as %s, but %s serves WebSockets at %s and answers 404 or a page elsewhere, unless it is configured with another path%s",
			name, l.target(), l.passed.At(l.Context, name), e.App, literal(e.Path), l.belief()),
	}
	if fix, ok := l.restore(e, name); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// peculiar are the endpoints whose path tells the application, and which few
// ever move. The paths of others are anyone's: there a name has to tell; and of
// /ws nothing does.
var peculiar = []string{
	"socket.io", "cable", "stream", "hub", "anonymous-hub", "webpack-hmr", "xmpp-websocket", "wsagents", "kernels", "terminal.ws",
	"sockjs-node", "push", "join", "tail", "notifications",
}

// stripped returns the endpoint of a location whose upstream is asked for / in
// its place, or nil. Another path may be one that the application was told; and
// what lies below a prefix of its own is none of an endpoint's.
func (l *Location) stripped() *intent.Endpoint {
	e := l.Score.Endpoint
	modifier, name := l.LocationName()
	if e == nil || !e.PrefixMustReach || l.Score.Level == intent.None || modifier != "" && modifier != "^~" && modifier != "=" {
		return nil
	}
	path := strings.FieldsFunc(name, func(r rune) bool { return r == '/' })
	to := l.passed
	if len(path) == 0 || !e.Path.Match(path) || to.Unknown || to.Variable || to.URI != "/" {
		return nil
	}
	last := path[len(path)-1]
	if known := !e.ByName && slices.Contains(peculiar, last); last == "ws" || !known && !l.names(e) || l.anyPath() {
		return nil
	}
	return e
}

// anyPath reports whether the upstream is a server that has WebSockets at any
// path: Action Cable by itself, which the guides have on port 28080.
func (l *Location) anyPath() bool {
	text := l.Request.Target.Text
	if u := l.Upstream(); u != nil {
		for _, d := range u.Own("server") {
			text += " " + d.Param(0)
		}
	}
	return strings.Contains(text, "28080") || strings.Contains(text, "cable")
}

// literal is the path at which an application serves an endpoint.
func literal(p intent.Pattern) string { return strings.TrimPrefix(string(p), "**") }

// restore passes on the endpoint's path: the location's path if it is the same,
// else its end.
func (l *Location) restore(e *intent.Endpoint, name string) (fixer.Fix, bool) {
	own := literal(e.Path)
	if strings.Contains(own, "*") {
		return fixer.Fix{}, false
	}
	uri := own
	if strings.HasSuffix(name, "/") {
		uri += "/"
	}
	fix := fixer.Fix{Message: "request " + uri, Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"}}
	if uri == name {
		fix.Message, uri = "pass the path on unchanged, without a URI", ""
	}
	fix.Edits = l.withURI(uri)
	return fix, len(fix.Edits) > 0
}
