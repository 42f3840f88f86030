package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// DamagedHandshake finds directives that remove from a handshake, or from its
// response, what both sides need besides Upgrade and Connection.
var DamagedHandshake = &Rule{
	Name:     "damaged-handshake",
	Summary:  "a directive changes the request or the response so that the handshake fails",
	Group:    Correctness,
	Severity: Error,
	Location: damagedHandshake,
}

// damage is what a directive does.
type damage struct {
	*parser.Directive
	severity Severity
	what     string
	changes  []string // that plain requests see where it is removed
}

func damagedHandshake(p *Pass, l *Location) {
	for _, d := range slices.Concat(l.damagedHeaders(), l.emptyHost(), l.damagingSettings(), l.movedHeaders()) {
		p.Report(Finding{
			Severity: d.severity, Span: d.Span(), Message: d.what + l.belief(),
			Once: true, fix: func() (fixer.Fix, bool) { return l.takeOut(d) },
		}, l)
	}
}

// damagingSettings are the directives other than header lines.
func (l *Location) damagingSettings() (all []damage) {
	level := l.Request.Level
	last := func(name string) *parser.Directive { return level.Effective(name).Last() }
	add := func(d *parser.Directive, what string) {
		all = append(all, damage{d, Error, what, []string{d.Name(), "method", "Content-Length"}})
	}
	if d := last("proxy_pass_request_headers"); d != nil && d.Param(0) == "off" && (len(l.Request.All("Sec-WebSocket-Key")) == 0 || len(l.Request.All("Sec-WebSocket-Version")) == 0) {
		add(d, "none of the client's headers reach the application, not even Sec-WebSocket-Key: it refuses the handshake with 400 or 426")
	}
	if d := last("proxy_method"); d != nil && l.Request.EmptyMethod() {
		add(d, fmt.Sprintf("%s is empty in a handshake, so the application gets a request without a method, and answers 400 or 405", d.Param(0)))
	} else if d != nil && l.Request.Method.Known && l.Request.Method.Text != "GET" {
		add(d, fmt.Sprintf("the handshake goes upstream as %s: a WebSocket begins with GET, and the application answers 400 or 405", l.Request.Method.Text))
	}
	if d := last("proxy_set_body"); d != nil && l.hasText(d.Param(0)) {
		add(d, "the application gets a body after the handshake and reads it as the first WebSocket bytes: many close the connection, or nginx answers 502")
	}
	for _, name := range []string{"Upgrade", "Sec-WebSocket-Accept"} {
		if d := l.Request.Hides(name); d != nil && l.Request.Restores(name) == nil {
			add(d, fmt.Sprintf("%s is removed from the response, and browsers reject a 101 without it", d.Param(0)))
		}
	}
	return all
}

// takeOut deletes a directive of the location itself. The last header line of a
// location stays: without it others would be inherited. An empty Host gets the
// client's instead.
func (l *Location) takeOut(d damage) (fixer.Fix, bool) {
	name := d.Name()
	set := l.Effective(name)
	host := name == "proxy_set_header" && strings.EqualFold(d.Param(0), "Host")
	last := len(set.Directives) == 1 && (name == "proxy_set_header" || name == "proxy_hide_header")
	several := strings.HasPrefix(name, "more_") && d.ParamCount() > 1
	if l.Opener == nil || d.In != l.Opener.Block || several || last && !host {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: "delete this " + name, Safety: fixer.Safe,
		Edits: []fixer.Edit{removeDirective(d.Directive)}, Names: []*parser.Context{l.Context}, Changes: d.changes,
	}
	if host {
		fix.Message, fix.Edits = "send the client's own Host", []fixer.Edit{replaceParam(d.Directive, 1, l.hostValue())}
	}
	if !l.Score.Dedicated {
		fix.Message, fix.Safety = fix.Message+", for plain requests too", fixer.Unsafe
	}
	l.alsoChanges(&fix, name, never)
	return fix, true
}
