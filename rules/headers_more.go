package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// movedHeaders are directives of the headers-more module (OpenResty, Debian's
// libnginx-mod-http-headers-more-filter) that take a header of the handshake or of
// its answer away. Those of all levels apply together: an inner level cancels none
// (measured with 0.38 on nginx 1.26.3).
func (l *Location) movedHeaders() (all []damage) {
	for _, m := range moreDirectives {
		for _, name := range m.headers {
			if l.setsAgain(m.sets, name) {
				continue
			}
			for c := l.Request.Level; c != nil && c.Name != "main"; c = c.Parent {
				for _, d := range c.Own(m.clears) {
					if names(d, name) {
						all = append(all, damage{d, Error, fmt.Sprintf(m.what, d.Name(), name), nil})
					}
				}
			}
		}
	}
	return all
}

// moreDirectives are the pairs of directives that remove headers and set them, with
// the headers that a handshake needs.
var moreDirectives = []struct {
	clears, sets string
	headers      []string
	what         string
}{
	{"more_clear_headers", "more_set_headers", []string{"Upgrade", "Sec-WebSocket-Accept"}, "%s removes %s from the response, and browsers reject a 101 without it"},
	{"more_clear_input_headers", "more_set_input_headers", []string{"Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}, "%s removes the client's %s: the application refuses the handshake with 400 or 426"},
}

// names reports whether a directive of headers-more names a header for every
// response: without options, as it is or by a prefix and *.
func names(d *parser.Directive, header string) bool {
	found := false
	for i := range d.ParamCount() {
		name, _, _ := strings.Cut(strings.ToLower(d.Param(i)), ":")
		if strings.HasPrefix(name, "-") {
			return false
		}
		prefix, wild := strings.CutSuffix(strings.TrimSpace(name), "*")
		found = found || prefix == strings.ToLower(header) || wild && strings.HasPrefix(strings.ToLower(header), prefix)
	}
	return found
}

// setsAgain reports whether a directive of that name may put a header back.
func (l *Location) setsAgain(directive, header string) bool {
	for c := l.Request.Level; c != nil; c = c.Parent {
		for _, d := range c.Own(directive) {
			for i := range d.ParamCount() {
				if strings.Contains(strings.ToLower(d.Param(i)), strings.ToLower(header)) {
					return true
				}
			}
		}
	}
	return false
}

// emptyHost is a line that keeps nginx from sending any Host: before 1.31.4 an
// empty value cancels the default. HTTP/1.1 servers must refuse that (RFC 9112,
// section 3.2).
func (l *Location) emptyHost() (all []damage) {
	d := l.Request.Sets("Host")
	if d == nil || l.sets("Host") > 1 || l.Tree.Settings.Versions.All(parser.OneHost) {
		return nil
	}
	if v := l.sentBy(d); !v.Known || v.Text != "" {
		return nil
	}
	what := "no Host reaches the application: Go answers every request with 400, Node every request but a handshake"
	if l.Tree.Settings.Versions.Any(parser.OneHost) {
		what += ", unless nginx is 1.31.4 or newer"
	}
	return []damage{{d, Error, what, []string{"Host"}}}
}
