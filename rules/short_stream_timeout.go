package rules

import (
	"fmt"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ShortStreamTimeout finds TCP proxies of WebSockets that nginx cuts when they are
// idle: proxy_timeout of the stream module, 10 minutes by default, counts the time
// since the last byte in either direction.
var ShortStreamTimeout = &Rule{
	Name:     "short-stream-timeout",
	Summary:  "proxy_timeout of a stream server cuts idle WebSockets",
	Group:    Timeouts,
	Severity: Warning,
	Level:    shortStreamTimeout,
}

func shortStreamTimeout(p *Pass, c *parser.Context) {
	if c.Name != "server" || c.Opener == nil || c.Enclosing("stream") == nil || c.First("proxy_pass") == nil {
		return
	}
	set := c.Effective("proxy_timeout")
	d := set.Last()
	if d == nil || set.Unsure != nil || deliberate(d) {
		return
	}
	value, err := parser.ParseTime(d.Param(0))
	if err != nil || value == 0 || value > time.Minute {
		return
	}
	sign := p.streamSign(c)
	if sign == "" {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: d.Span(), Context: c, Once: true,
		Message: fmt.Sprintf("%s cuts a WebSocket that is idle for %s, where the default is 10 minutes: clients see code 1006 (%s)", p.program(), seconds(value), sign),
		Related: []Related{{c.First("proxy_pass").Span(), "passes the connections on"}},
		fix: func() (fixer.Fix, bool) {
			return fixer.Fix{
				Message: "set proxy_timeout to 1h, for all connections that it applies to", Safety: fixer.Unsafe,
				Edits: []fixer.Edit{replaceParam(d, 0, "1h")},
			}, true
		},
	}, nil)
}

// streamWords match names and comments that mention WebSockets.
var streamWords = lazyregexp.New(`(?i)web-?sockets?|(^|[^a-z])(wss?|socket\.?io)([^a-z]|$)`)

// streamSign returns why a stream server is assumed to carry WebSockets, or "": an
// address, the name of an upstream or a comment says so.
func (p *Pass) streamSign(server *parser.Context) string {
	pass := server.First("proxy_pass").Param(0)
	if streamWords().MatchString(pass) {
		return "proxy_pass names WebSockets"
	}
	blocks := []*parser.Context{server}
	for _, u := range server.Parent.Children {
		if u.Name == "upstream" && u.Opener != nil && u.Opener.Param(0) == pass {
			blocks = append(blocks, u)
		}
	}
	for _, block := range blocks {
		for _, d := range block.Own("server") {
			if streamWords().MatchString(d.Param(0)) {
				return "a server of the upstream names WebSockets"
			}
		}
		if commentMatches(block.Opener) {
			return "a comment mentions WebSockets"
		}
	}
	return ""
}

// commentMatches reports whether a comment right above a block or in it mentions
// WebSockets.
func commentMatches(opener *parser.Directive) bool {
	f := opener.Span().File
	return commentIn(f, commentsAbove(f, lineStart(f, opener.Span().Start)), opener.Span().End, streamWords().Match)
}
