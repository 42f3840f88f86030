package rules

import (
	"fmt"
)

// MixedControllers finds Ingresses with annotations of two controllers, of which one is
// read.
var MixedControllers = &Rule{
	Name:     "mixed-controllers",
	Summary:  "an Ingress has annotations of a controller that does not serve it",
	Group:    Kubernetes,
	Severity: Info,
	Cluster:  mixedControllers,
}

func mixedControllers(p *ClusterPass) {
	for _, o := range p.Objects("Ingress") {
		all := o.Annotated()
		by := p.servedBy(o)
		for _, a := range all {
			f := Finding{Severity: Info, Span: a.KeySpan()}
			switch {
			case by.Other != "":
				f.Message = fmt.Sprintf("this annotation is of %s, but %s serves the Ingress, and ignores it", a.Controller.Name, by.Other)
				f.Related = []Related{{by.At.Span(), "its class"}}
			case by.Controller != nil && by.Controller != a.Controller:
				f.Message = fmt.Sprintf("this annotation is of %s, but %s serves the Ingress, and ignores it", a.Controller.Name, by.Controller.Name)
				f.Related = []Related{{by.At.Span(), "its class"}}
			case by.Controller == nil && a.Controller != all[0].Controller:
				f.Message = fmt.Sprintf("this annotation is of %s, and others here are of %s: whichever of them serves this Ingress ignores those of the other", a.Controller.Name, all[0].Controller.Name)
				f.Related = []Related{{all[0].KeySpan(), "of " + all[0].Controller.Name}}
			default:
				continue
			}
			p.Report(f)
			break
		}
	}
}
