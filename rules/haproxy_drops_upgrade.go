package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"
)

// HAProxyDropsUpgrade finds lines of HAProxy that remove what a handshake needs.
var HAProxyDropsUpgrade = &Rule{
	Name:     "haproxy-drops-upgrade",
	Summary:  "HAProxy in front of nginx removes the Upgrade or Connection header of handshakes",
	Group:    Hops,
	Severity: Warning,
	Hops:     haproxyDropsUpgrade,
}

func haproxyDropsUpgrade(p *HopPass) {
	for _, h := range p.Hops {
		if h.Kind != hops.Strip {
			continue
		}
		for _, w := range p.Ways {
			if may, surely := leadsTo(h, w); may {
				f := Finding{Severity: Info, Span: h.At, Related: []Related{{w.At, "behind it"}}}
				if surely || h.Ports == nil {
					f.Severity = Warning
				}
				f.Message = fmt.Sprintf("%s makes a plain request of every handshake (%s): no WebSocket gets through it to nginx", h.Name, h.Why)
				p.Report(f)
			}
		}
	}
}
