package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ShortRouteTimeout finds HTTPRoutes of NGINX Gateway Fabric whose idle WebSockets are cut
// after a minute or less.
var ShortRouteTimeout = &Rule{
	Name:     "short-route-timeout",
	Summary:  "an HTTPRoute for WebSockets has a read timeout of a minute or less in NGINX Gateway Fabric",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  shortRouteTimeout,
}

func shortRouteTimeout(p *ClusterPass) {
	r := p.gateway()
	for _, route := range r.routes {
		path := webSocketMatch(route)
		if !path.Exists() {
			continue
		}
		set := r.readTimeout(route)
		value := parser.DefaultReadTimeout
		if set.Exists() {
			value = duration(set.Text())
		}
		e := endpointOf(path)
		f := Finding{Severity: Warning, Span: path.Span()}
		if set.Exists() {
			f.Span = set.Span()
		}
		switch {
		case value == 0:
			continue // it is no time that is known
		case e != nil && e.Ping > 0 && value <= e.Ping:
			f.Message = fmt.Sprintf("an idle WebSocket at %s is cut after %s, but %s pings only every %s", path.Text(), seconds(value), e.App, seconds(e.Ping))
		case e != nil && e.Ping > 0 || value > parser.DefaultReadTimeout:
			continue
		default:
			if value == parser.DefaultReadTimeout {
				f.Severity = Info
			}
			f.Message = fmt.Sprintf("an idle WebSocket at %s is cut after %s, unless the application pings more often", path.Text(), seconds(value))
		}
		f.Message += "; the timeout is spec.timeout.read of a ProxySettingsPolicy"
		p.Report(f)
	}
}

// webSocketMatch returns the first path of a route that names WebSockets. Rules with
// timeouts are those of dropped-route-timeout.
func webSocketMatch(route *kube.Object) kube.Value {
	for _, rule := range route.At("spec", "rules").Items() {
		if rule.At("timeouts").Exists() {
			continue
		}
		for _, match := range rule.At("matches").Items() {
			if path := match.At("path", "value"); path.Exists() && path.Known() && webSocketName().MatchString(path.Text()) {
				return path
			}
		}
	}
	return kube.Value{}
}
