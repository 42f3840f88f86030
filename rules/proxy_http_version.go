package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ProxyHTTPVersion finds handshakes that go upstream as anything but HTTP/1.1.
var ProxyHTTPVersion = &Rule{
	Name:     "proxy-http-version",
	Summary:  "the handshake goes upstream as HTTP/1.0 or HTTP/2, not HTTP/1.1",
	Group:    Correctness,
	Severity: Error,
	Location: proxyHTTPVersion,
}

func proxyHTTPVersion(p *Pass, l *Location) {
	if !l.wrongVersion() {
		return
	}
	f := l.versionFinding()
	if fix, ok := l.versionFix(); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// wrongVersion reports whether a version of nginx that is judged for speaks
// something else than HTTP/1.1 to the upstream.
func (l *Location) wrongVersion() bool {
	set := l.Request.Version
	if d := set.Last(); d != nil {
		return d.Param(0) != "1.1"
	}
	if set.Unsure != nil || l.unseen() {
		return false // it may be set where it cannot be seen
	}
	return !l.Tree.Settings.Versions.All(parser.HTTP11ByDefault)
}

func (l *Location) versionFinding() Finding {
	d := l.Request.Version.Last()
	switch {
	case d == nil:
		unseen := ""
		if l.Config.Fragment && !l.Tree.StockImage {
			unseen = ", unless the http block that includes this file sets it"
		}
		f := Finding{
			Severity: Warning, Span: l.Request.Pass.Span(),
			Message: l.Tree.program() + " sends the handshake as HTTP/1.0, the default before " + l.Tree.Settings.Versions.From(parser.HTTP11ByDefault) + unseen + ": " + refusesOldHTTP + l.belief(),
		}
		return f
	case d.Param(0) == "2":
		return l.versionAt(d, Finding{
			Severity: Error,
			Message:  "HTTP/2 to the upstream cannot carry a WebSocket: the handshake gets the backend's error or 502" + l.belief(),
		})
	}
	return l.versionAt(d, Finding{
		Severity: Warning,
		Message:  fmt.Sprintf("%s sends the handshake as HTTP/%s: %s%s", l.Tree.program(), d.Param(0), refusesOldHTTP, l.belief()),
	})
}

// refusesOldHTTP is the consequence of HTTP/1.0: RFC 6455 (section 4.1) requires
// 1.1, but not every server insists. Node's ws, gorilla and uvicorn accept it.
const refusesOldHTTP = "backends that insist on HTTP/1.1 (Go's coder/websocket, Python's websockets) refuse it with 400 or 426"

// versionAt places a finding: at the directive, or where that is another level's,
// which concerns other locations too, at the proxy_pass.
func (l *Location) versionAt(d *parser.Directive, f Finding) Finding {
	f.Span = d.Span()
	if l.Request.Version.From != l.Context {
		f.Span = l.Request.Pass.Span()
		f.Related = []Related{{d.Span(), "the version is set here"}}
	}
	return f
}

// versionFix sets 1.1 for the location: in place where the location has a
// version of its own, else in a new line, for an outer level's concerns others.
func (l *Location) versionFix() (fixer.Fix, bool) {
	if l.Opener == nil {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: "use HTTP/1.1 to the upstream, for plain requests too", Safety: fixer.Safe,
		Names: []*parser.Context{l.Context}, Changes: []string{"HTTP version"},
	}
	set := l.Request.Version
	if d := set.Last(); d != nil && set.From == l.Context {
		fix.Edits = []fixer.Edit{replaceParam(d, 0, "1.1")}
	} else {
		fix.Edits = []fixer.Edit{insertAfter(l.anchor("proxy_pass"), []string{"proxy_http_version 1.1;"})}
	}
	l.alsoChanges(&fix, "proxy_http_version", func(c *parser.Context) bool {
		inner := l.Tree.Location(c)
		return inner != nil && inner.Score.Level > intent.None && inner.wrongVersion()
	})
	return fix, true
}
