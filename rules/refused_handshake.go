package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// RefusedHandshake finds what has nginx itself refuse every handshake: a
// handshake is a GET without Referer, and limits that were written with pages in
// mind forget that.
var RefusedHandshake = &Rule{
	Name:      "refused-handshake",
	Summary:   "limit_except, deny, valid_referers or an if refuses every handshake",
	Group:     Auth,
	Severity:  Error,
	Location:  refusedFirefox,
	Answering: refusedHandshake,
}

func refusedHandshake(p *Pass, l *Location) {
	if f, ok := l.unusedIf(); ok {
		p.Report(f, l)
		return
	}
	if !l.refused() {
		return
	}
	if message, severity := l.refusal(); message != "" {
		p.Report(Finding{Severity: severity, Span: wordsSpan(l.Request.By), Message: message, Once: true}, l)
	}
}

// refused reports whether a location has a proxy_pass to which no handshake
// gets, because nginx answers it with an error.
func (l *Location) refused() bool {
	q, pass := l.Request, l.Handler()
	if q.By == nil || len(q.Perhaps) > 0 || pass == nil || !pass.Is("proxy_pass") || l.Score.Level == intent.None {
		return false
	}
	if l.Effective("allow").Unsure != nil || l.Effective("internal").Last() != nil {
		return false
	}
	return strings.HasPrefix(q.Answer, "4") || deadPass(q.By, l.Context)
}

// deadPass reports whether a return, or a rewrite that redirects, answers all that the proxy_pass beside it is
// there for.
func deadPass(by *parser.Directive, c *parser.Context) bool {
	return by.Is("return", "rewrite") && c.Opener != nil && by.In == c.Opener.Block && c.First("proxy_pass") != nil
}

// refusal says how; nothing where an error is what was asked for, such as a
// return in a location without more.
func (l *Location) refusal() (string, Severity) {
	answer := l.Request.Answer
	end := fmt.Sprintf("%s answers every one %s%s", l.Tree.program(), answer, l.belief())
	if answer == "444" {
		end = l.Tree.program() + " closes the connection of every one" + l.belief()
	}
	switch by := l.Request.By; {
	case by.Is("deny"):
		return "deny all without an allow refuses handshakes: " + end, Warning // it may be meant
	case by.Is("limit_except"):
		return "limit_except does not allow GET, and a WebSocket handshake is a GET: " + end, Error
	case mentions(by, "invalid_referer"):
		return "browsers send no Referer with a WebSocket handshake, and valid_referers does not list none: " + end, Error
	case deadPass(by, l.Context):
		return "this " + by.Name() + " answers every request of the location, so its proxy_pass is unused: " + end, Info // it may be switched off
	case mentions(by, "http_upgrade") && l.ownUpgrade() != nil:
		return "the location passes on Upgrade, but this condition rejects every handshake: " + end, Warning
	case mentions(by, "http_upgrade") && (l.Score.Told || l.namesWebSockets()):
		return "the location is for WebSockets, but this condition rejects every handshake: " + end, Warning
	case mentions(by, "http_connection"):
		return "browsers send \"Connection: Upgrade\" or \"keep-alive, Upgrade\", and this condition rejects that: " + end, Warning
	case mentions(by, "request_method"):
		return "a WebSocket handshake is a GET, which this condition rejects: " + end, Error
	}
	return "", 0
}

// namesWebSockets reports whether the path of a location alone says what it is for.
func (l *Location) namesWebSockets() bool {
	modifier, path := l.LocationName()
	return !strings.HasPrefix(modifier, "~") && intent.OfPath(path).Level >= intent.Likely
}

func mentions(d *parser.Directive, variable string) bool {
	return d.Is("if") && slices.ContainsFunc(d.Params(), func(w parser.Word) bool {
		return slices.Contains(parser.VariablesIn(w.Value()), variable)
	})
}
