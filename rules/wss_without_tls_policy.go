package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
)

// WSSWithoutTLSPolicy finds Services of WebSockets over TLS to which NGINX Gateway Fabric
// has no TLS settings.
var WSSWithoutTLSPolicy = &Rule{
	Name:     "wss-without-tls-policy",
	Summary:  "a Service with appProtocol kubernetes.io/wss has no BackendTLSPolicy",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  wssWithoutTLSPolicy,
}

func wssWithoutTLSPolicy(p *ClusterPass) {
	r := p.gateway()
	for _, service := range p.Objects("Service") {
		if !r.services.has(service.Name, service.Namespace) || r.secured.has(service.Name, service.Namespace) {
			continue
		}
		for _, port := range service.At("spec", "ports").Items() {
			if protocol := port.At("appProtocol"); protocol.Text() == "kubernetes.io/wss" {
				p.Report(Finding{
					Severity: Error, Span: protocol.Span(),
					Message: fmt.Sprintf("NGINX Gateway Fabric refuses this backend, because no BackendTLSPolicy targets Service %s: for pods without TLS the value is kubernetes.io/ws, or nothing", service.Name),
					fix: func() (fixer.Fix, bool) {
						return fixer.Fix{Message: "the pods speak plain HTTP: kubernetes.io/ws", Safety: fixer.Shown, Edits: []fixer.Edit{{Span: protocol.Span(), New: "kubernetes.io/ws"}}}, true
					},
				})
			}
		}
	}
}
