package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// WebSocketScheme finds ws:// and wss:// where nginx wants http:// and https://,
// or no scheme at all.
var WebSocketScheme = &Rule{
	Name:     "websocket-scheme",
	Summary:  "the scheme is ws:// or wss://, but nginx accepts only http:// and https://",
	Group:    Upstream,
	Severity: Error,
	Location: schemesOfVariables,
	Level:    webSocketScheme,
}

func webSocketScheme(p *Pass, c *parser.Context) {
	if c.Lacks(addressed) || !c.HTTP() {
		return
	}
	for _, d := range c.Own("proxy_pass") {
		if meant := meantScheme(d.Param(0)); meant != "" {
			p.wrongScheme(c, d, fmt.Sprintf("%s refuses %s (invalid URL prefix): a WebSocket starts as an HTTP request, so the scheme is %s",
				p.program(), scheme(d.Param(0)), meant), meant+afterScheme(d.Param(0)))
		}
	}
	if c.Name != "upstream" {
		return
	}
	for _, d := range c.Own("server") {
		if meantScheme(d.Param(0)) != "" {
			p.wrongScheme(c, d, fmt.Sprintf("%s refuses a scheme here (invalid host in upstream %q): a server is an address without a scheme", p.program(), d.Param(0)), afterScheme(d.Param(0)))
		}
	}
}

// addressed are the directives with an address.
var addressed = parser.NewNameSet("proxy_pass", "server")

// schemesOfVariables finds wrong schemes in variables: nginx accepts the
// configuration and answers 500.
func schemesOfVariables(p *Pass, l *Location) {
	if url := l.Request.Pass.Param(0); noScheme(url) {
		p.Report(Finding{
			Severity: Error, Span: l.Request.Pass.Span(),
			Message: fmt.Sprintf("%s does not begin with http:// or https://: %s answers 500 (invalid URL prefix)%s", url, p.program(), l.belief()),
		}, l)
	}
	if !strings.HasPrefix(l.Request.Pass.Param(0), "$") {
		return
	}
	for _, url := range l.values(l.Request.Pass.Param(0)) {
		if meant := meantScheme(url); meant != "" {
			p.Report(Finding{
				Severity: Error, Span: l.Request.Pass.Span(), Message: fmt.Sprintf(
					"%s comes to %s, which %s answers with 500 (invalid URL prefix): a WebSocket starts as an HTTP request, so the scheme is %s%s",
					l.Request.Pass.Param(0), url, p.program(), meant, l.belief()),
			}, l)
			break
		}
	}
}

// noScheme reports whether a URL with variables begins with text that cannot become
// a scheme.
func noScheme(url string) bool {
	before, _, variable := strings.Cut(strings.ToLower(url), "$")
	return variable && before != "" && scheme(before) == "" && !strings.HasPrefix("https://", before) && !strings.HasPrefix("http://", before)
}

// wrongScheme reports a scheme that nginx refuses.
func (p *Pass) wrongScheme(c *parser.Context, d *parser.Directive, message, right string) {
	fix := fixer.Fix{Message: "write " + right, Safety: fixer.Safe, Changes: []string{"target"}, Edits: []fixer.Edit{replaceWord(d.ParamWord(0), requoted(d.ParamWord(0), right))}}
	if location := c.Enclosing("location"); location != nil {
		fix.Names = []*parser.Context{location}
	}
	p.Report(Finding{Severity: Error, Span: d.Span(), Context: c, Message: message, Fixes: []fixer.Fix{fix}}, nil)
}

// meantScheme returns the scheme that was meant by ws:// or wss://, or "".
func meantScheme(url string) string {
	if url == "" || url[0]|0x20 != 'w' {
		return ""
	}
	switch strings.ToLower(scheme(url)) {
	case "ws://":
		return "http://"
	case "wss://":
		return "https://"
	}
	return ""
}

func scheme(url string) string { return url[:len(url)-len(afterScheme(url))] }

func afterScheme(url string) string {
	if i := strings.Index(url, "://"); i >= 0 {
		return url[i+len("://"):]
	}
	return url
}

// requoted puts a new value into a word's quotes.
func requoted(w parser.Word, value string) string {
	if text := w.Text(); text[0] == '"' || text[0] == '\'' {
		return text[:1] + value + text[:1]
	}
	return value
}
