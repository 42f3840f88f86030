package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A ClusterRoute is a path of an Ingress or an HTTPRoute, and what happens to a WebSocket
// handshake there.
type ClusterRoute struct {
	Object     *kube.Object
	At         parser.Span // of the path, or of the name of the object
	Host, Path string      // "" for all
	Service    string      // with its port
	Controller string      // "" if it is unknown
	Why        string      // it is assumed to be meant for WebSockets, or ""
	Timeout    string      // proxy_read_timeout, or "" if it is unknown
	Affinity   string      // what keeps a client on one pod, or ""
	Handshake  model.Handshake

	endpoint *intent.Endpoint // of the known application, or nil
}

// ClusterRoutes returns the routes of Ingresses and HTTPRoutes, in order.
func ClusterRoutes(c *kube.Cluster) []ClusterRoute {
	p := &ClusterPass{Cluster: c, shared: newShared(c)}
	var all []ClusterRoute
	for _, m := range c.Manifests {
		for _, o := range m.Objects {
			switch {
			case o.Patch:
			case o.Kind == "Ingress":
				for _, r := range o.Routes() {
					all = append(all, p.ingressRoute(r))
				}
			case o.Kind == "HTTPRoute":
				all = append(all, p.httpRoutes(o)...)
			}
		}
	}
	return all
}

// ingressRoute describes a path of an Ingress.
func (p *ClusterPass) ingressRoute(r kube.Route) ClusterRoute {
	by := p.servedBy(r.Object)
	e := ClusterRoute{Object: r.Object, At: routePlace(r.Object, r.Path), Host: r.Host, Path: r.Path.Text(), Service: withPort(r.Service, r.Port), Why: p.routeSign(r), endpoint: endpointOf(r.Path)}
	switch by.Controller {
	case kube.IngressNginx:
		e.Handshake = passes("ingress-nginx sends Upgrade and Connection for all Ingresses")
		if v := p.Annotation(r.Object, by.Controller, "connection-proxy-header"); v.Exists() {
			e.Handshake = fails("connection-proxy-header replaces Connection")
		}
	case kube.F5:
		list := p.Annotation(r.Object, by.Controller, "websocket-services")
		switch {
		case slices.Contains(strings.Split(list.Text(), ","), r.Service):
			e.Handshake = passes("websocket-services lists the service")
		case p.sendsUpgrade(r.Object) || r.Object.Partial():
			e.Handshake = unsure("what a snippet or a patch sets is not known")
		default:
			e.Handshake = fails("websocket-services does not list the service")
		}
	default:
		e.Controller, e.Handshake = by.Other, unsure("it is unknown which controller serves it")
		if by.Other != "" {
			e.Handshake.Reason = "the controller is not nginx"
		}
		return e
	}
	e.Controller = by.Controller.Name
	e.Timeout, e.Affinity = p.timeoutFor(r.Object, by.Controller), p.affinityFor(r.Object, by.Controller)
	return e
}

// routeSign says why a path is assumed to be meant for WebSockets: its own name, that of
// its service, or else what its Ingress has for all paths.
func (p *ClusterPass) routeSign(r kube.Route) string {
	names := webSocketName()
	switch {
	case names.MatchString(r.Path.Text()):
		return "path " + r.Path.Text() + " names WebSockets"
	case names.MatchString(r.Service):
		return "service " + r.Service + " names WebSockets"
	}
	why := p.sign(r.Object)
	if strings.HasPrefix(why, "path ") || strings.HasPrefix(why, "service ") {
		return "" // the WebSockets are at another path
	}
	return why
}

// timeoutFor returns proxy_read_timeout of an Ingress: of an annotation, the ConfigMap, or
// nginx's default.
func (p *ClusterPass) timeoutFor(o *kube.Object, by *kube.Controller) string {
	set := p.Annotation(o, by, "proxy-read-timeout")
	if !set.Exists() {
		for _, c := range p.Configs() {
			if v := c.At("proxy-read-timeout"); c.Controller == by && v.Exists() {
				set = v
			}
		}
	}
	_, err := strconv.Atoi(set.Text())
	switch {
	case !set.Exists() && o.Partial(), set.Exists() && !set.Known():
		return ""
	case !set.Exists(), by == kube.IngressNginx && err != nil: // it is ignored
		return "60s"
	case by == kube.IngressNginx:
		return set.Text() + "s"
	}
	return set.Text()
}

// affinityFor returns what keeps a client on one pod, or "".
func (p *ClusterPass) affinityFor(o *kube.Object, by *kube.Controller) string {
	for _, name := range affinities[by] {
		if v := p.Annotation(o, by, name); v.Exists() && v.Known() {
			return name + ": " + v.Text()
		}
	}
	return ""
}

func routePlace(o *kube.Object, path kube.Value) parser.Span {
	if path.Exists() {
		return path.Span()
	}
	if name := o.At("metadata", "name"); name.Exists() {
		return name.Span()
	}
	return o.Span()
}

func withPort(service, port string) string {
	if service == "" || port == "" {
		return service
	}
	return service + ":" + port
}

func passes(reason string) model.Handshake {
	return model.Handshake{Outcome: model.Passes, Reason: reason, Likely: model.Passes}
}

func fails(reason string) model.Handshake {
	return model.Handshake{Outcome: model.Fails, Reason: reason, Likely: model.Fails}
}

func unsure(reason string) model.Handshake {
	return model.Handshake{Outcome: model.Unsure, Reason: reason, Likely: model.Unsure}
}
