package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// headers returns the header lines that replace the client's own. If no variable was
// set, all locations below a level share them, and so do levels that include the same
// directives from one file.
func (r *requestState) headers(set parser.Setting, v parser.Version) []Header {
	if r.sets || set.From == nil {
		return r.lines(set, v)
	}
	key := headerSet{first: set.Directives[0], last: set.Last(), n: len(set.Directives), kind: r.kind, v: v}
	known, ok := r.model.headerSets.Load(key)
	if ok && !sameList(known.(*sentLines).of, set.Directives) { // other lists with the same first and last directive
		key = headerSet{from: set.From, kind: r.kind, v: v}
		known, ok = r.model.headerSets.Load(key)
	}
	if ok {
		return known.(*sentLines).headers
	}
	lines := &sentLines{set.Directives, slices.Clip(r.lines(set, v))}
	r.model.headerSets.Store(key, lines)
	return lines.headers
}

// sameList reports whether two non-empty lists have the same directives. Usually they
// are the same list, which can be long.
func sameList(a, b []*parser.Directive) bool {
	return len(a) == len(b) && &a[0] == &b[0] || slices.Equal(a, b)
}

// A headerSet identifies what the header lines of a level depend on: its directives,
// represented by the first, the last and their number, or the level.
type headerSet struct {
	first, last *parser.Directive
	n           int
	from        *parser.Context
	kind        Kind
	v           parser.Version
}

type sentLines struct {
	of      []*parser.Directive
	headers []Header
}

// stepsPerLine is the cost of evaluating and keeping a header line.
const stepsPerLine = 50

// lines returns the header lines of a setting. Empty values are not sent. Host and
// Connection have defaults; the default "Connection: close" was removed in 1.29.7.
func (r *requestState) lines(set parser.Setting, v parser.Version) []Header {
	r.steps += stepsPerLine * len(set.Directives)
	headers := make([]Header, 0, len(set.Directives)+2)
	host, connection := false, false
	for _, d := range set.Directives {
		if d.ParamCount() != 2 {
			continue
		}
		name := d.Param(0)
		host = host || strings.EqualFold(name, "Host")
		connection = connection || strings.EqualFold(name, "Connection")
		if value := r.expand(d.Param(1)); !value.Known || value.Text != "" {
			headers = append(headers, Header{name, value, d})
		}
	}
	if v.Has(parser.OneHost) {
		headers = lastHost(headers)
		host = slices.ContainsFunc(headers, func(h Header) bool { return strings.EqualFold(h.Name, "Host") })
	}
	if !host {
		headers = append(headers, Header{"Host", Value{Text: "${proxy_host}"}, nil})
	}
	if !connection && parser.DefaultConnectionClose(v) {
		headers = append(headers, Header{"Connection", literal("close"), nil})
	}
	return headers
}

func lastHost(headers []Header) []Header {
	last := -1
	for i, h := range headers {
		if strings.EqualFold(h.Name, "Host") {
			last = i
		}
	}
	kept := headers[:0]
	for i, h := range headers {
		if i == last || !strings.EqualFold(h.Name, "Host") {
			kept = append(kept, h)
		}
	}
	return kept
}

// SpoilsHandshake reports whether a header line keeps applications from answering a
// handshake. After Content-Length or Transfer-Encoding they wait for a body that
// never arrives (coder/websocket, tornado), or answer 400. Some answer Expect with
// 100 before 101. A length of 0 does no harm; neither do TE, Trailer, Range and
// If-Match.
func SpoilsHandshake(name string, value Value) bool {
	switch {
	case value.Known && value.Text == "":
		return false
	case strings.EqualFold(name, "Content-Length"):
		return !value.Known || strings.Trim(value.Text, " \t") != "0"
	}
	return strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Expect")
}

// OnlyHandshakes reports whether only handshakes have a header: Sec-WebSocket-Key and
// the like (RFC 6455, section 11.3).
func OnlyHandshakes(header string) bool {
	const beginning = "Sec-WebSocket-"
	return len(header) > len(beginning) && strings.EqualFold(header[:len(beginning)], beginning)
}
