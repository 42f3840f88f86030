package rules

import (
	"fmt"
	"strconv"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// MissingSessionAffinity finds Ingresses that spread the requests of a polling session
// over several pods.
var MissingSessionAffinity = &Rule{
	Name:     "missing-session-affinity",
	Summary:  "an Ingress spreads the polling of Socket.IO or SockJS over several pods",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  missingSessionAffinity,
}

// polling matches paths of applications that poll before they upgrade.
var polling = lazyregexp.New(`(?i)(^|/)(socket\.io|sockjs)(/|$)`)

func missingSessionAffinity(p *ClusterPass) {
	for _, o := range p.Objects("Ingress") {
		if p.Manifest(o.File()).Template() || !servedByIngressNginx(o) || keepsSessions(o) {
			continue
		}
		for _, rule := range o.At("spec", "rules").Items() {
			for _, path := range rule.At("http", "paths").Items() {
				if text := path.At("path").Text(); polling().MatchString(text) {
					p.spread(o, path)
				}
			}
		}
	}
}

// keepsSessions reports whether an annotation sends each client to a pod of its own, or
// seems to.
func keepsSessions(o *kube.Object) bool {
	for _, name := range []string{"affinity", "upstream-hash-by", "load-balance"} {
		if o.Annotation(kube.IngressNginx, name).Exists() {
			return true
		}
	}
	return false
}

// spread reports a path whose service has several pods.
func (p *ClusterPass) spread(o *kube.Object, path kube.Value) {
	name := path.At("backend", "service", "name").Text()
	replicas, workload := p.pods(name, o.Namespace)
	if replicas < 2 {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: path.At("path").Span(),
		Message: fmt.Sprintf("requests to %s are spread over %d pods, but it polls before it upgrades, and every request of a session must reach the same pod (\"Session ID unknown\", 400): add the annotation affinity: cookie",
			path.At("path").Text(), replicas),
		Related: []Related{{workload.At("spec", "replicas").Span(), "the pods"}},
	})
}

// maxWorkloads limits how many workloads are compared with a service.
const maxWorkloads = 200

// pods returns how many pods the manifests give a service, and what has them.
func (p *ClusterPass) pods(service, namespace string) (int, *kube.Object) {
	for i, s := range p.Objects("Service") {
		if i >= maxWorkloads {
			break
		}
		if s.Name != service || s.Namespace != namespace && s.Namespace != "" && namespace != "" {
			continue
		}
		for _, kind := range []string{"Deployment", "StatefulSet"} {
			for k, w := range p.Objects(kind) {
				if n, err := strconv.Atoi(w.At("spec", "replicas").Text()); k < maxWorkloads && err == nil && selects(s, w) {
					return n, w
				}
			}
		}
	}
	return 0, nil
}

// selects reports whether the selector of a service matches the labels of a workload.
func selects(service, workload *kube.Object) bool {
	selector, labels := service.At("spec", "selector").Entries(), workload.At("spec", "template", "metadata", "labels")
	for _, e := range selector {
		if e.Text() == "" || labels.At(e.Key()).Text() != e.Text() {
			return false
		}
	}
	return len(selector) > 0
}
