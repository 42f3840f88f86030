package rules

import "github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"

// ShortHAProxyTimeout finds backends of HAProxy that cut idle WebSockets sooner than what
// is behind them.
var ShortHAProxyTimeout = &Rule{
	Name:     "short-haproxy-timeout",
	Summary:  "HAProxy in front of nginx cuts an idle WebSocket before nginx does or the application pings",
	Group:    Hops,
	Severity: Warning,
	Hops:     shortHAProxyTimeout,
}

func shortHAProxyTimeout(p *HopPass) {
	for _, h := range p.Hops {
		if h.Kind == hops.Idle && h.HAProxy() {
			p.cuts(h, "set timeout tunnel, such as 1h")
		}
	}
}
