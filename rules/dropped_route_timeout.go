package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// DroppedRouteTimeout finds timeouts of HTTPRoutes that NGINX Gateway Fabric does not
// support.
var DroppedRouteTimeout = &Rule{
	Name:     "dropped-route-timeout",
	Summary:  "NGINX Gateway Fabric does not support timeouts of an HTTPRoute",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  droppedRouteTimeout,
}

func droppedRouteTimeout(p *ClusterPass) {
	r := p.gateway()
	for _, route := range r.routes {
		if r.readTimeout(route).Exists() {
			continue
		}
		for _, rule := range route.At("spec", "rules").Items() {
			if timeouts := rule.At("timeouts"); timeouts.Exists() {
				p.Report(Finding{
					Severity: severityOf(timeouts), Span: timeouts.KeySpan(),
					Message: fmt.Sprintf("NGINX Gateway Fabric drops timeouts of an HTTPRoute: an idle WebSocket is cut after 60 s; set spec.timeout.read in a ProxySettingsPolicy with targetRefs to HTTPRoute %s", route.Name),
				})
			}
		}
	}
}

// severityOf is a warning for timeouts that are meant for connections that stay open:
// longer than nginx's default, or none.
func severityOf(timeouts kube.Value) Severity {
	for _, t := range timeouts.Entries() {
		if d := duration(t.Text()); d > parser.DefaultReadTimeout || d == 0 {
			return Warning
		}
	}
	return Info
}
