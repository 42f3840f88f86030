package rules

import (
	"fmt"
)

// MixedControllers finds Ingresses with annotations of two controllers, of which one is
// read.
var MixedControllers = &Rule{
	Name:     "mixed-controllers",
	Summary:  "an Ingress has annotations of two controllers, and one controller reads it",
	Group:    Kubernetes,
	Severity: Info,
	Cluster:  mixedControllers,
}

func mixedControllers(p *ClusterPass) {
	for _, o := range p.Objects("Ingress") {
		all := o.Annotated()
		for _, a := range all {
			if a.Controller != all[0].Controller {
				p.Report(Finding{
					Severity: Info, Span: a.KeySpan(), Related: []Related{{all[0].KeySpan(), "of " + all[0].Controller.Name}},
					Message: fmt.Sprintf("this annotation is of %s, and others here are of %s: whichever of them serves this Ingress ignores those of the other", a.Controller.Name, all[0].Controller.Name),
				})
				break
			}
		}
	}
}
