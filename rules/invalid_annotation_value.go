package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// InvalidAnnotationValue finds values of annotations that the controller does not accept:
// it ignores the annotation, or the whole Ingress.
var InvalidAnnotationValue = &Rule{
	Name:     "invalid-annotation-value",
	Summary:  "the controller does not accept the value of an annotation of an Ingress",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  invalidAnnotationValue,
}

func invalidAnnotationValue(p *ClusterPass) {
	p.annotations(func(a kube.Annotated) {
		if a.Known == nil || a.Known.Check == nil || kube.NotString(a.Value) {
			return
		}
		verdict := a.Known.Check(a.Text())
		if verdict.Problem == "" {
			return
		}
		f := Finding{Severity: Error, Span: a.Span(), Message: fmt.Sprintf("%s: %q is not a value for %s: %s", a.Short, a.Text(), a.Controller.Name, verdict.Problem)}
		if verdict.Works {
			f.Severity = Warning
		}
		if verdict.Right != "" {
			f.fix = setValue(a.Value, verdict.Right, fmt.Sprintf("set it to %q", verdict.Right), fixer.Unsafe)
			if a.Short != "affinity" && a.Short != "upstream-hash-by" {
				f.fix = setValue(a.Value, verdict.Right, fmt.Sprintf("set it to %q, which is what it says", verdict.Right), fixer.Safe)
			}
		}
		if a.Controller == kube.IngressNginx && a.Short == "connection-proxy-header" {
			f.fix = deleteEntry(a.Value, "delete it: the controller sends Connection for WebSockets by itself", fixer.Safe)
		}
		p.Report(f)
	})
}
