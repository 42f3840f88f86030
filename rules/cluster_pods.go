package rules

import (
	"strconv"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// maxWorkloads limits how many workloads are compared with a service.
const maxWorkloads = 200

// pods returns how many pods the manifests give a service, and what says so.
func (p *ClusterPass) pods(service, namespace string) (int, kube.Value) {
	for i, s := range p.Objects("Service") {
		if i >= maxWorkloads {
			break
		}
		if s.Name != service || s.Namespace != namespace && s.Namespace != "" && namespace != "" {
			continue
		}
		for _, kind := range []string{"Deployment", "StatefulSet"} {
			for k, w := range p.Objects(kind) {
				if k < maxWorkloads && selects(s, w) {
					return p.replicas(w)
				}
			}
		}
	}
	return 0, kube.Value{}
}

// replicas returns the least number of pods of a workload.
func (p *ClusterPass) replicas(w *kube.Object) (int, kube.Value) {
	for i, scaler := range p.Objects("HorizontalPodAutoscaler") {
		target := scaler.At("spec", "scaleTargetRef")
		if i >= maxWorkloads || target.At("kind").Text() != w.Kind || target.At("name").Text() != w.Name || scaler.Namespace != w.Namespace {
			continue
		}
		if least := scaler.At("spec", "minReplicas"); least.Exists() && least.Known() {
			n, _ := strconv.Atoi(least.Text())
			return n, least
		}
	}
	set := w.At("spec", "replicas")
	n, _ := strconv.Atoi(set.Text())
	return n, set
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
