package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// HTTP2Listen finds HTTP/2 on the sockets of WebSocket servers, and tells the
// truth about it: only without TLS before 1.25.1 does it break them.
var HTTP2Listen = &Rule{
	Name:     "http2-listen",
	Summary:  "listen ... http2 on a socket of a WebSocket server",
	Group:    Correctness,
	Severity: Error,
	Level:    http2Listen,
}

// http2Directive: the directive came, the parameter was deprecated, and
// plaintext sockets speak both protocols.
var http2Directive = parser.Version{Major: 1, Minor: 25, Patch: 1}

func http2Listen(p *Pass, c *parser.Context) {
	if !p.ListensHTTP2() || c.Name != "server" || c.Parent.Name != "http" {
		return
	}
	for _, l := range c.Listens() {
		if l.HTTP2 && p.first(l.Address) {
			p.socket(p.Sockets()[l.Address])
		}
	}
}

// surestByServer returns of each server the location that is surest to be meant for
// WebSockets, where one is likely to be.
func (t *Tree) surestByServer() map[*parser.Context]*Location {
	servers := make(map[*parser.Context]*Location)
	for _, l := range t.Meant {
		s := l.Server()
		if l.Score.Level >= intent.Likely && (servers[s] == nil || l.Score.Points > servers[s].Score.Points) {
			servers[s] = l
		}
	}
	return servers
}

// socket reports one socket, at the first listen that has http2.
func (p *Pass) socket(s *parser.Socket) {
	var about *Location
	var with []parser.Listen
	for _, l := range s.Listens {
		if about == nil {
			about = p.surestOf()[l.Server]
		}
		if l.HTTP2 {
			with = append(with, l)
		}
	}
	if about == nil || len(with) == 0 {
		return
	}
	f := Finding{Severity: Info, Span: with[0].Directive.Span(), Message: http2Truth}
	if s.Plaintext && p.Settings.Versions.AnyBefore(http2Directive) {
		f.Severity = Error
		f.Message = "a plaintext socket with http2 speaks nothing but HTTP/2 before nginx 1.25.1: every HTTP/1.1 request, and so every WebSocket, gets binary garbage"
		if !p.Settings.Versions.AllBefore(http2Directive) {
			f.Severity = Warning
		}
	}
	fix := fixer.Fix{Message: "take http2 off the socket", Safety: fixer.Unsafe}
	seen := make(map[*parser.Directive]bool)
	for _, l := range with {
		if seen[l.Directive] {
			continue
		}
		seen[l.Directive] = true
		if l.Directive != with[0].Directive {
			f.Related = append(f.Related, Related{l.Directive.Span(), "shares the socket: http2 on either turns it on for both"})
		}
		for _, w := range l.Directive.Params() {
			if w.Value() == "http2" {
				fix.Edits = append(fix.Edits, removeWord(w))
			}
		}
	}
	if len(seen) > 1 {
		fix.Message = fmt.Sprintf("take http2 off all %d listens of the socket, for one alone changes nothing", len(seen))
	}
	f.Fixes = []fixer.Fix{fix}
	f.Context = about.Context
	p.ReportOnce(s, f, nil)
}

// http2Truth is measured: no version offers RFC 8441 (SETTINGS 8), and a client
// that offers http/1.1 by ALPN shakes hands on every version.
const http2Truth = "HTTP/2 is no harm to browsers here: nginx has no WebSockets over HTTP/2 (RFC 8441), so they open an HTTP/1.1 connection for them; " +
	"only a client that offers h2 alone cannot connect"
