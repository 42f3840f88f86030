package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// RefusedSnippet finds snippets that the controller does not accept by default: the whole
// Ingress is then left out.
var RefusedSnippet = &Rule{
	Name:     "refused-snippet",
	Summary:  "the controller accepts no snippets unless it is configured to",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  refusedSnippet,
}

func refusedSnippet(p *ClusterPass) {
	allowed, why := p.allowsSnippets()
	p.annotations(func(a kube.Annotated) {
		if a.Known == nil || !strings.Contains(a.Short, "snippet") || a.Controller == kube.IngressNginx && allowed {
			return
		}
		if a.Controller == kube.F5 || p.sign(a.Object) == "" {
			return // the flag of F5's controller is not in the objects that are read
		}
		p.Report(Finding{
			Severity: Warning, Span: a.KeySpan(),
			Message: fmt.Sprintf("ingress-nginx refuses an Ingress with a %s unless its ConfigMap has allow-snippet-annotations: \"true\" and annotations-risk-level: Critical%s", a.Short, why),
		})
	})
}

// allowsSnippets reports whether a ConfigMap of the controller allows snippets, and what
// it lacks.
func (p *ClusterPass) allowsSnippets() (allowed bool, why string) {
	for _, c := range p.Configs() {
		allow, risk := c.Text("allow-snippet-annotations"), c.Text("annotations-risk-level")
		on, _ := strconv.ParseBool(allow)
		switch {
		case c.Controller != kube.IngressNginx || allow == "" && risk == "":
		case on && strings.EqualFold(risk, "critical"):
			return true, ""
		case !on:
			why = fmt.Sprintf(" (%s does not allow them)", described(c.Object))
		default:
			why = fmt.Sprintf(" (%s lacks annotations-risk-level: Critical, which v1.12 and newer need)", described(c.Object))
		}
	}
	return false, why
}

// described names an object for a message.
func described(o *kube.Object) string {
	if o.Name == "" {
		return "the " + o.Kind
	}
	return o.Kind + " " + o.Name
}
