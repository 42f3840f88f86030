package rules

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// unusedIf returns the finding about a location whose only proxy_pass is in an if,
// and is used for no handshake.
func (l *Location) unusedIf() (Finding, bool) {
	q := l.Request
	if q.Pass != nil || l.Opener == nil || l.Handler() != nil || l.Unread() != nil {
		return Finding{}, false
	}
	for _, c := range l.Children {
		pass := c.First("proxy_pass")
		if c.Name != "if" || pass == nil {
			continue
		}
		related := []Related{{pass.Span(), "not used for handshakes"}}
		switch by := q.By; {
		case by != nil && by.Is("return") && by.In == l.Opener.Block && onlySelects(c) && l.doubtsOnly(c):
			return Finding{Severity: Error, Span: by.Span(), Once: true, Related: related, Message: fmt.Sprintf(
				"this return answers every request: an if without break or return only selects a proxy_pass, and nginx goes on to the next line: every handshake gets %s%s", q.Answer, l.belief())}, true
		case len(q.Perhaps) == 0 && q.Level == l.Context && (mentions(c.Opener, "http_upgrade") || mentions(c.Opener, "http_connection")):
			return Finding{Severity: Warning, Span: wordsSpan(c.Opener), Once: true, Related: related, Message: fmt.Sprintf(
				"no browser meets this condition: they send \"Upgrade: websocket\" and \"Connection: Upgrade\" or \"keep-alive, Upgrade\", so this proxy_pass is not used; compare with ~*%s", l.belief())}, true
		}
	}
	return Finding{}, false
}

// onlySelects reports whether nginx goes on behind an if, whatever is in it.
func onlySelects(c *parser.Context) bool {
	return !slices.ContainsFunc(c.Directives, func(d *parser.Directive) bool { return d.Is("return", "break", "rewrite", "if") })
}

// doubtsOnly reports whether nothing but an if is uncertain about a location.
func (l *Location) doubtsOnly(c *parser.Context) bool {
	return !slices.ContainsFunc(l.Request.Perhaps, func(d *parser.Directive) bool { return d != c.Opener })
}

// refusedFirefox reports what lets the handshakes of Chromium pass but not those of
// Firefox.
func refusedFirefox(p *Pass, l *Location) {
	if l.Score.Level < intent.Likely || !p.comparesConnection() || l.Request.Handshake().Outcome != model.Passes {
		return
	}
	q := p.Request(l.Context, model.Firefox, p.newest)
	h := q.Handshake()
	if h.Outcome != model.Fails {
		return
	}
	span := l.Request.Pass.Span()
	if q.By != nil {
		span = wordsSpan(q.By)
	} else if d := q.Sets("Connection"); d != nil {
		span = d.Span()
	}
	p.Report(Finding{Severity: Warning, Span: span, Once: true, Message: fmt.Sprintf(
		"Firefox sends \"Connection: keep-alive, Upgrade\", and its handshakes fail (%s): a comparison with $http_connection must look for the word upgrade (~* upgrade)%s", h.Reason, l.belief())}, l)
}

// compares reports whether a text compares $http_connection in an if or a map.
func compares(src []byte) bool {
	name := []byte("http_connection")
	for at := 0; ; at += len(name) {
		i := bytes.Index(src[at:], name)
		if i < 0 {
			return false
		}
		at += i
		before := bytes.TrimRight(src[:at], "${\"'")
		before = bytes.TrimRight(before[max(0, len(before)-8):], " \t")
		if bytes.HasSuffix(before, []byte("(")) || bytes.HasSuffix(before, []byte("map")) {
			return true
		}
	}
}

// anyComparesConnection reports whether a file of the configuration compares
// $http_connection.
func (t *Tree) anyComparesConnection() bool {
	return slices.ContainsFunc(t.Files, func(f *parser.File) bool { return compares(f.Src) })
}
