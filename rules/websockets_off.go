package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"
)

// WebSocketsOff finds zones of Cloudflare in which WebSockets are turned off.
var WebSocketsOff = &Rule{
	Name:     "websockets-off",
	Summary:  "WebSockets are turned off in Cloudflare's settings of a zone",
	Group:    Hops,
	Severity: Warning,
	Hops:     webSocketsOff,
}

func webSocketsOff(p *HopPass) {
	for _, h := range p.Hops {
		if h.Kind == hops.Off {
			p.Report(Finding{
				Severity: Warning, Span: h.At, Related: []Related{{p.Ways[0].At, "meant for WebSockets"}},
				Message: fmt.Sprintf("%s turns WebSockets off: through Cloudflare no handshake gets to nginx", h.Name),
			})
		}
	}
}
