package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// SplitWebSocketHost finds hosts in two Ingresses where the one with the path of WebSockets
// lacks the timeout that the other one has.
var SplitWebSocketHost = &Rule{
	Name:     "split-websocket-host",
	Summary:  "a host is in two Ingresses, and the one with the WebSocket path lacks the timeout of the other",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  splitWebSocketHost,
}

func splitWebSocketHost(p *ClusterPass) {
	for _, o := range p.Objects("Ingress") {
		other := p.splitFrom(o)
		if other == nil {
			continue
		}
		route, _ := webSocketRoute(o)
		timeout := other.Annotation(kube.IngressNginx, "proxy-read-timeout")
		p.Report(Finding{
			Severity: Warning, Span: route.Path.Span(), Related: []Related{{timeout.KeySpan(), "set for other paths only"}},
			Message: fmt.Sprintf("%s of %s is in this Ingress, which has no proxy-read-timeout, so an idle WebSocket is cut after 60 s; Ingress %s has %q for the same host, but an annotation counts for the paths of its own Ingress only",
				route.Path.Text(), route.Host, other.Name, timeout.Text()),
			fix: addAnnotation(o, kube.IngressNginx.Prefix+"proxy-read-timeout", timeout.Text(), "set the same timeout here"),
		})
	}
}

// webSocketRoute returns the first route of a host whose path names WebSockets.
func webSocketRoute(o *kube.Object) (kube.Route, bool) {
	for _, r := range o.Routes() {
		if r.Host != "" && r.Path.Exists() && r.Path.Known() && webSocketName().MatchString(r.Path.Text()) {
			return r, true
		}
	}
	return kube.Route{}, false
}

// splitFrom returns another Ingress for the host of an Ingress with a WebSocket path that
// has the timeout that this one lacks, or nil.
func (p *ClusterPass) splitFrom(o *kube.Object) *kube.Object {
	route, ok := webSocketRoute(o)
	if _, ping := pingOf(o); !ok || ping > 0 || o.Partial() || p.servedBy(o).Other != "" || p.Annotation(o, kube.IngressNginx, "proxy-read-timeout").Exists() {
		return nil
	}
	if ofAll, known := p.timeoutOfAll(); !known || ofAll > parser.DefaultReadTimeout {
		return nil
	}
	for _, other := range p.timed()[strings.ToLower(route.Host)] {
		if _, own := webSocketRoute(other); other != o && !own {
			return other
		}
	}
	return nil
}

// findTimed returns the Ingresses with a timeout for connections that stay open, by host.
func findTimed(c *kube.Cluster) map[string][]*kube.Object {
	all := make(map[string][]*kube.Object)
	for _, o := range c.Objects("Ingress") {
		timeout := o.Annotation(kube.IngressNginx, "proxy-read-timeout")
		if !timeout.Exists() || !timeout.Known() || duration(timeout.Text()) < stayingOpen || c.ServedBy(o).Other != "" {
			continue
		}
		for _, r := range o.Routes() {
			host := strings.ToLower(r.Host)
			if of := all[host]; host != "" && (len(of) == 0 || of[len(of)-1] != o) {
				all[host] = append(of, o)
			}
		}
	}
	return all
}
