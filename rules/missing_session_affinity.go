package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// MissingSessionAffinity finds Ingresses that spread the requests of a polling session
// over several pods.
var MissingSessionAffinity = &Rule{
	Name:     "missing-session-affinity",
	Summary:  "an Ingress spreads the polling of an application over several pods",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  missingSessionAffinity,
}

func missingSessionAffinity(p *ClusterPass) {
	for _, o := range p.Objects("Ingress") {
		by := p.servedBy(o).Controller
		if o.Partial() || by == nil || p.keepsSessions(o, by) {
			continue
		}
		for _, r := range o.Routes() {
			if e := endpointOf(r.Path); e != nil && e.Sticky == "polling" {
				p.spread(r, by, e.App)
			}
		}
	}
}

// affinities are the annotations and keys that send each client to a pod of its own, or
// seem to, the one to add first.
var affinities = map[*kube.Controller][]string{
	kube.IngressNginx: {"affinity", "upstream-hash-by", "load-balance"},
	kube.F5:           {"lb-method", "sticky-cookie-services"},
}

func (p *ClusterPass) keepsSessions(o *kube.Object, by *kube.Controller) bool {
	for _, name := range affinities[by] {
		if p.Annotation(o, by, name).Exists() {
			return true
		}
	}
	for _, c := range p.Configs() {
		for _, name := range affinities[by] {
			if c.Controller == by && c.At(name).Exists() {
				return true
			}
		}
	}
	return false
}

// spread reports a path whose service has several pods.
func (p *ClusterPass) spread(r kube.Route, by *kube.Controller, app string) {
	replicas, workload := p.pods(r.Service, r.Object.Namespace)
	if replicas < 2 {
		return
	}
	name, value := by.Prefix+affinities[by][0], "cookie"
	if by == kube.F5 {
		value = "ip_hash"
	}
	p.Report(Finding{
		Severity: Warning, Span: r.Path.Span(), Related: []Related{{workload.Span(), "the pods"}},
		Message: fmt.Sprintf("requests to %s are spread over %d pods, but %s polls before it upgrades, and every request of a session must reach the same pod (\"Session ID unknown\", 400): add the annotation %s: %s",
			r.Path.Text(), replicas, app, name, value),
		fix: addAnnotation(r.Object, name, value, "add "+name+": "+value),
	})
}
