package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// InvalidConfigMapValue finds values in the ConfigMap of a controller that it ignores, or
// that nginx refuses.
var InvalidConfigMapValue = &Rule{
	Name:     "invalid-configmap-value",
	Summary:  "the controller or nginx does not accept a value of the controller's ConfigMap",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  invalidConfigMapValue,
}

func invalidConfigMapValue(p *ClusterPass) {
	for _, c := range p.Configs() {
		for _, e := range c.Entries() {
			switch key := c.Controller.Key(e.Key()); {
			case !e.Known():
			case c.InMap() && kube.NotString(e):
				p.Report(Finding{
					Severity: Error, Span: e.Span(), fix: setValue(e, e.Span().Text(), "put it in quotes", fixer.Safe),
					Message: fmt.Sprintf("%s: %s is no string, because it has no quotes: Kubernetes refuses the whole ConfigMap", e.Key(), e.Text()),
				})
			case key != nil && key.Check != nil:
				p.invalidKey(c, e, key.Check(e.Text()))
			}
		}
	}
}

// invalidKey reports what becomes of a value.
func (p *ClusterPass) invalidKey(c kube.Config, e kube.Value, v kube.Verdict) {
	if v.Problem == "" {
		return
	}
	f := Finding{Severity: Error, Span: e.Span(), Message: fmt.Sprintf("%s: %q is not a value for %s: %s", e.Key(), e.Text(), c.Controller.Name, v.Problem)}
	if v.Right != "" {
		f.fix = setValue(e, v.Right, fmt.Sprintf("set it to %q, which is what it says", v.Right), fixer.Unsafe)
	}
	p.Report(f)
}
