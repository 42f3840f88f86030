package rules

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// maxHosts limits the hosts of one HTTPRoute that are listed.
const maxHosts = 20

// httpRoutes describes the paths of an HTTPRoute.
func (p *ClusterPass) httpRoutes(o *kube.Object) []ClusterRoute {
	hosts := []string{""}
	if named := o.At("spec", "hostnames").Items(); len(named) > 0 {
		hosts = nil
		for _, h := range named[:min(len(named), maxHosts)] {
			hosts = append(hosts, h.Text())
		}
	}
	served := slices.Contains(p.gateway().routes, o)
	var all []ClusterRoute
	for _, rule := range o.At("spec", "rules").Items() {
		matches := rule.At("matches").Items()
		if len(matches) == 0 {
			matches = []kube.Value{{}}
		}
		service := ""
		if backends := rule.At("backendRefs").Items(); len(backends) > 0 {
			service = withPort(backends[0].At("name").Text(), backends[0].At("port").Text())
		}
		for _, host := range hosts {
			for _, match := range matches {
				path := match.At("path", "value")
				e := ClusterRoute{Object: o, At: routePlace(o, path), Host: host, Path: path.Text(), Service: service, endpoint: endpointOf(path)}
				p.describe(&e, served)
				all = append(all, e)
			}
		}
	}
	return all
}

// describe adds what is known about the path of an HTTPRoute, if NGINX Gateway Fabric
// serves it.
func (p *ClusterPass) describe(e *ClusterRoute, served bool) {
	if names := webSocketName(); names.MatchString(e.Path) {
		e.Why = "path " + e.Path + " names WebSockets"
	} else if names.MatchString(e.Service) {
		e.Why = "service " + e.Service + " names WebSockets"
	}
	if e.Handshake = unsure("it is unknown which controller serves it"); !served {
		return
	}
	e.Controller, e.Timeout, e.Handshake = "NGINX Gateway Fabric", "60s", passes("NGINX Gateway Fabric sends Upgrade and Connection for all routes")
	if set := p.gateway().readTimeout(e.Object); set.Exists() {
		e.Timeout = set.Text()
	}
}
