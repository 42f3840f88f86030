package rules

import (
	"fmt"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ShortWorkerShutdown finds a worker-shutdown-timeout of a controller that cuts WebSockets
// soon after each reload.
var ShortWorkerShutdown = &Rule{
	Name:     "short-worker-shutdown",
	Summary:  "the controller's worker-shutdown-timeout cuts WebSockets soon after each reload",
	Group:    Kubernetes,
	Severity: Info,
	Cluster:  shortWorkerShutdown,
}

// usualShutdown is the default of ingress-nginx.
const usualShutdown = 240 * time.Second

func shortWorkerShutdown(p *ClusterPass) {
	for _, c := range p.Configs() {
		set := c.At("worker-shutdown-timeout")
		d, err := parser.ParseTime(c.Text("worker-shutdown-timeout"))
		if err != nil || d >= usualShutdown || d == 0 {
			continue
		}
		unset := "the default is 240 s"
		if c.Controller == kube.F5 {
			unset = "without it they stay until they end"
		}
		if o, why := p.anySign(); o != nil {
			p.Report(Finding{
				Severity: Info, Span: set.Span(),
				Message: fmt.Sprintf("each reload of nginx, as after a change of any Ingress, cuts all WebSockets after %s; %s (for WebSockets: %s of %s)", seconds(d), unset, why, o.Name),
			})
		}
	}
}

// anySign returns the first Ingress that is assumed to be meant for WebSockets, and why.
func (p *ClusterPass) anySign() (*kube.Object, string) {
	for _, o := range p.Objects("Ingress") {
		if why := p.sign(o); why != "" {
			return o, why
		}
	}
	return nil, ""
}
