package rules

import (
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// RewrittenOrigin finds Origins that are made to fit: the application then
// takes handshakes from the pages of any site, with its visitors' cookies.
var RewrittenOrigin = &Rule{
	Name:     "rewritten-origin",
	Summary:  "Origin is rewritten, so pages of any site can open the application's WebSockets",
	Group:    Security,
	Severity: Info,
	Location: rewrittenOrigin,
}

// ours are the variables that say nothing of the page that asks.
var ours = []string{"scheme", "host", "http_host", "server_name", "server_port", "proxy_host", "proxy_port", "hostname", "server_addr"}

func rewrittenOrigin(p *Pass, l *Location) {
	d := l.Request.Sets("Origin")
	if l.Score.Level < intent.Likely || l.Request.Set.Unsure != nil || d == nil {
		return
	}
	what := fmt.Sprintf("is always %s", d.Param(1))
	if v := l.sentBy(d); v.Known && v.Text == "" {
		what = "is removed"
	} else if !v.Known && slices.ContainsFunc(parser.VariablesIn(d.Param(1)), func(name string) bool { return !slices.Contains(ours, name) }) {
		return // it may be the client's
	}
	p.Report(Finding{
		Severity: Info, Once: true, Span: d.Span(),
		Message: fmt.Sprintf("Origin %s: the application cannot refuse handshakes from other sites' pages, which browsers send with the visitor's cookies;"+
			" pass on the client's Host, and configure the allowed Origins in the application", what) + l.belief(),
	}, l)
}
