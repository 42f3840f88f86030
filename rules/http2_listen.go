package rules

import (
	"fmt"
	"maps"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// HTTP2Listen finds HTTP/2 on plaintext sockets of WebSocket servers, which
// before 1.25.1 speak nothing else. With TLS it does no harm: no version offers
// WebSockets over HTTP/2 (RFC 8441, SETTINGS 8), so browsers open a connection
// with HTTP/1.1 for them.
var HTTP2Listen = &Rule{
	Name:     "http2-listen",
	Summary:  "a plaintext socket with http2 does not speak HTTP/1.1, which WebSocket needs",
	Group:    Correctness,
	Severity: Error,
	Config:   http2Listen,
}

func http2Listen(p *Pass) {
	p.http2On()
	if !p.ListensHTTP2() {
		return
	}
	sockets := p.Sockets()
	for _, address := range slices.Sorted(maps.Keys(sockets)) {
		p.socket(sockets[address])
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
func (p *Pass) socket(s *model.Socket) {
	var about *Location
	var with []parser.Listen
	for _, l := range s.Listens {
		if about == nil && !p.http2Off(l.Server) {
			about = p.surestOf()[l.Server]
		}
		if l.HTTP2 {
			with = append(with, l)
		}
	}
	if about == nil || len(with) == 0 || !s.Plaintext || p.Settings.Versions.All(parser.BothOnPlaintext) {
		return
	}
	f := Finding{
		Severity: Error, Span: with[0].Directive.Span(),
		Message: "before " + p.Settings.Versions.Named(parser.BothOnPlaintext) + " a plaintext socket with http2 speaks only HTTP/2: every HTTP/1.1 request, and so every WebSocket, gets binary garbage",
	}
	if p.Settings.Versions.Any(parser.BothOnPlaintext) {
		f.Severity = Warning
	}
	fix := fixer.Fix{Message: "remove http2 from the socket", Safety: fixer.Unsafe}
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
		fix.Message = fmt.Sprintf("remove http2 from all %d listens of the socket: removing one alone changes nothing", len(seen))
	}
	f.Fixes = []fixer.Fix{fix}
	f.Context = about.Context
	p.Report(f, nil)
}
