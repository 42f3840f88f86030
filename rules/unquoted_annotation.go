package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// UnquotedAnnotation finds annotations that YAML reads as numbers or booleans.
// Kubernetes accepts only strings there.
var UnquotedAnnotation = &Rule{
	Name:     "unquoted-annotation",
	Summary:  "the value of an annotation is a number or a boolean, where Kubernetes accepts only strings",
	Group:    Kubernetes,
	Severity: Error,
	Cluster:  unquotedAnnotation,
}

func unquotedAnnotation(p *ClusterPass) {
	p.annotations(func(a kube.Annotated) {
		if !kube.NotString(a.Value) {
			return
		}
		text := a.Span().Text()
		p.Report(Finding{
			Severity: Error, Span: a.Span(),
			Message: fmt.Sprintf("%s: %s is no string, because it has no quotes: Kubernetes refuses the whole object", a.Short, text),
			fix:     setValue(a.Value, text, "put it in quotes", fixer.Safe),
		})
	})
}
