package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"
)

// IgnoredTunnelTimeout finds timeout tunnel in a frontend of HAProxy, which ignores it
// there.
var IgnoredTunnelTimeout = &Rule{
	Name:     "ignored-tunnel-timeout",
	Summary:  "timeout tunnel is in a frontend of HAProxy, where it is ignored",
	Group:    Hops,
	Severity: Warning,
	Hops:     ignoredTunnelTimeout,
}

func ignoredTunnelTimeout(p *HopPass) {
	for _, h := range p.Hops {
		if h.Kind == hops.Misplaced {
			p.Report(Finding{
				Severity: Warning, Span: h.At,
				Message: fmt.Sprintf("%s ignores timeout tunnel: it counts in a backend, in listen and in defaults; idle WebSockets are cut by timeout client or timeout server", h.Name),
			})
		}
	}
}
