package rules

import "github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"

// RetiredController finds repositories whose Ingresses ingress-nginx serves, which gets no
// more releases.
var RetiredController = &Rule{
	Name:     "retired-controller",
	Summary:  "ingress-nginx is retired: it gets no more releases or security fixes",
	Group:    Kubernetes,
	Severity: Info,
	Pedantic: true,
	Cluster:  retiredController,
}

func retiredController(p *ClusterPass) {
	if at := p.ingressNginx(); at.Exists() {
		p.Report(Finding{
			Severity: Info, Span: at.Span(),
			Message: "ingress-nginx is retired: since March 2026 it gets no releases and no fixes for security holes; the page of this rule lists what replaces its annotations",
		})
	}
}

// ingressNginx returns what says that ingress-nginx is used: its class, its settings, or
// else an annotation.
func (p *ClusterPass) ingressNginx() kube.Value {
	for _, class := range p.Objects("IngressClass") {
		if name := class.At("spec", "controller"); name.Text() == kube.IngressNginx.Class {
			return name
		}
	}
	for _, c := range p.Configs() {
		if name := c.Object.At("metadata", "name"); c.Controller == kube.IngressNginx && name.Exists() {
			return name
		}
	}
	for _, o := range p.Objects("Ingress") {
		if by := p.servedBy(o); by.Controller == kube.IngressNginx && by.At.Exists() {
			return by.At
		}
	}
	return kube.Value{}
}
