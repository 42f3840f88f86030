package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// MissingWebSocketService finds paths of WebSockets to whose services F5's controller
// sends no Upgrade header.
var MissingWebSocketService = &Rule{
	Name:     "missing-websocket-service",
	Summary:  "websocket-services lacks the service of a WebSocket path, so F5's controller sends no Upgrade header",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  missingWebSocketService,
}

func missingWebSocketService(p *ClusterPass) {
	for _, o := range p.Objects("Ingress") {
		if p.servedBy(o).Controller != kube.F5 || o.Partial() || p.sendsUpgrade(o) {
			continue
		}
		list := p.Annotation(o, kube.F5, "websocket-services")
		listed := strings.Split(withoutSpaces(list.Text()), ",")
		for _, r := range o.Routes() {
			if r.Service == "" || !r.Path.Exists() || !webSocketName().MatchString(r.Path.Text()) || slices.Contains(listed, r.Service) {
				continue
			}
			listed = append(listed, r.Service)
			p.Report(Finding{
				Severity: Error, Span: r.Path.Span(), fix: listService(o, list, r.Service),
				Message: fmt.Sprintf("F5's controller sends no Upgrade header to %s, because nginx.org/websocket-services does not list it: no WebSocket works here (for WebSockets: path %s names WebSockets)", r.Service, r.Path.Text()),
			})
		}
	}
}

// sendsUpgrade reports whether other lines may send the headers of WebSockets.
func (p *ClusterPass) sendsUpgrade(o *kube.Object) bool {
	upgrades := func(v kube.Value) bool { return strings.Contains(strings.ToLower(v.Text()), "upgrade") }
	for _, name := range []string{"location-snippets", "server-snippets", "proxy-set-headers"} {
		if upgrades(p.Annotation(o, kube.F5, name)) {
			return true
		}
	}
	return slices.ContainsFunc(p.Configs(), func(c kube.Config) bool {
		return c.Controller == kube.F5 && (upgrades(c.At("location-snippets")) || c.At("ingress-template").Exists())
	})
}

// listService is the fix that adds a service to the list.
func listService(o *kube.Object, list kube.Value, service string) func() (fixer.Fix, bool) {
	message := "list the service, so that Upgrade is sent"
	if list.Exists() {
		return setValue(list, list.Text()+","+service, message, fixer.Unsafe)
	}
	return addAnnotation(o, kube.F5.Prefix+"websocket-services", service, message)
}
