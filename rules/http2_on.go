package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// http2On reports the directive http2 in plaintext servers, in versions that have it and
// speak nothing else there: those of Tengine.
func (p *Pass) http2On() {
	versions := p.Settings.Versions
	if versions.All(parser.BothOnPlaintext) || !versions.Single() || !versions.All(parser.HTTP2Directive) {
		return
	}
	for _, server := range p.Servers() {
		l := p.surestOf()[server]
		if l == nil {
			continue
		}
		d := server.Effective("http2").Last()
		if d == nil || d.Param(0) != "on" || l.Request.Handshake().Outcome != model.Fails || !l.Request.Garbled() {
			continue
		}
		p.Report(Finding{
			Severity: Error, Span: d.Span(), Context: l.Context, Once: true,
			Message: fmt.Sprintf("before %s a plaintext socket with http2 speaks only HTTP/2: every HTTP/1.1 request, and so every WebSocket, gets binary garbage", versions.Named(parser.BothOnPlaintext)),
			Fixes:   []fixer.Fix{{Message: "turn http2 off", Safety: fixer.Unsafe, Edits: []fixer.Edit{replaceParam(d, 0, "off")}}},
		}, nil)
	}
}

// http2Off reports whether a server has http2 off, and a version that is judged for
// then speaks no HTTP/2 there, whatever its listen says. That is Tengine.
func (p *Pass) http2Off(server *parser.Context) bool {
	return p.Settings.Versions.Any(parser.HTTP2OffWins) && server.Effective("http2").Value() == "off"
}
