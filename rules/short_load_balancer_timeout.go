package rules

import "github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"

// ShortLoadBalancerTimeout finds load balancers of AWS and Google Cloud that cut idle
// WebSockets sooner than what is behind them.
var ShortLoadBalancerTimeout = &Rule{
	Name:     "short-load-balancer-timeout",
	Summary:  "a load balancer of AWS or Google Cloud cuts an idle WebSocket before nginx does or the application pings",
	Group:    Hops,
	Severity: Warning,
	Hops:     shortLoadBalancerTimeout,
}

func shortLoadBalancerTimeout(p *HopPass) {
	for _, h := range p.Hops {
		switch {
		case h.HAProxy():
		case h.Kind == hops.Idle:
			p.cuts(h, "raise idle_timeout, up to 4000 s")
		case h.Kind == hops.Life:
			p.cuts(h, "raise the timeout of the backend service")
		}
	}
}
