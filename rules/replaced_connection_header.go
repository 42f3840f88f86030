package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// ReplacedConnectionHeader finds Ingresses that replace the Connection header of
// handshakes by a fixed one.
var ReplacedConnectionHeader = &Rule{
	Name:     "replaced-connection-header",
	Summary:  "connection-proxy-header replaces the Connection header that WebSockets need",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  replacedConnectionHeader,
}

func replacedConnectionHeader(p *ClusterPass) {
	p.annotations(func(a kube.Annotated) {
		if a.Controller != kube.IngressNginx || a.Short != "connection-proxy-header" || a.Known.Check(a.Text()).Problem != "" {
			return
		}
		f := Finding{
			Severity: Info, Span: a.KeySpan(),
			Message: fmt.Sprintf("every request of this Ingress gets \"Connection: %s\", handshakes too: no WebSocket works here", a.Text()),
			fix:     deleteEntry(a.Value, "delete it: the controller then sends Connection as each request needs it", fixer.Unsafe),
		}
		if why := p.sign(a.Object); why != "" {
			f.Severity, f.Message = Error, f.Message+" (for WebSockets: "+why+")"
		}
		p.Report(f)
	})
}
