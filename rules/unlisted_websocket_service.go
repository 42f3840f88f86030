package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// UnlistedWebSocketService finds names in websocket-services that are no services of the
// Ingress. F5's controller splits the list at commas and nowhere else.
var UnlistedWebSocketService = &Rule{
	Name:     "unlisted-websocket-service",
	Summary:  "websocket-services names a service that the Ingress does not have",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  unlistedWebSocketService,
}

func unlistedWebSocketService(p *ClusterPass) {
	p.annotations(func(a kube.Annotated) {
		if a.Controller != kube.F5 || a.Short != "websocket-services" || a.Object.Partial() {
			return // in a template not all services are known
		}
		services := make(map[string]bool)
		for _, name := range a.Object.Backends() {
			services[name] = true
		}
		for name := range strings.SplitSeq(a.Text(), ",") {
			if len(services) == 0 || services[name] {
				continue
			}
			f := Finding{Severity: Error, Span: a.Span()}
			trimmed := strings.TrimSpace(name)
			f.Message = fmt.Sprintf("%q is no service of this Ingress: F5's controller refuses the whole Ingress", name)
			if trimmed != name && services[trimmed] {
				f.Message = fmt.Sprintf("%q has a space that counts as part of the name: F5's controller finds no such service and refuses the whole Ingress", name)
				f.fix = setValue(a.Value, withoutSpaces(a.Text()), "remove the spaces", fixer.Safe)
			}
			p.Report(f)
			return
		}
	})
}

// withoutSpaces removes the spaces around the names of a list.
func withoutSpaces(list string) string {
	names := strings.Split(list, ",")
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	return strings.Join(names, ",")
}
