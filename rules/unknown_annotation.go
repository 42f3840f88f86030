package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
)

// UnknownAnnotation finds annotations for WebSockets that the controller does not read.
// It says nothing about it, so the setting seems to be there.
var UnknownAnnotation = &Rule{
	Name:     "unknown-annotation",
	Summary:  "an Ingress has an annotation for WebSockets that its controller does not know",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  unknownAnnotation,
}

// meantFor says what to do instead of an annotation that ingress-nginx does not have.
var meantFor = map[string]string{
	"enable-websocket":  "ingress-nginx proxies WebSockets without one",
	"websocket":         "ingress-nginx proxies WebSockets without one",
	"websockets":        "ingress-nginx proxies WebSockets without one",
	"upgrade":           "ingress-nginx sends Upgrade and Connection without one",
	"proxy-set-headers": "it is a key of the controller's ConfigMap, whose value names another ConfigMap",
	"proxy-timeout":     "the timeout of WebSockets is proxy-read-timeout",
	"read-timeout":      "the timeout of WebSockets is proxy-read-timeout",
	"timeout":           "the timeout of WebSockets is proxy-read-timeout",
}

// aboutWebSockets are parts of the names of annotations that decide about WebSockets.
var aboutWebSockets = []string{"websocket", "upgrade", "timeout", "snippet", "affinity", "hash", "http-version", "connection", "load-balance", "set-header"}

// decides reports whether an annotation or key decides about WebSockets, by its name.
func decides(name string) bool {
	return slices.ContainsFunc(aboutWebSockets, func(part string) bool { return strings.Contains(name, part) })
}

func unknownAnnotation(p *ClusterPass) {
	p.annotations(func(a kube.Annotated) {
		if a.Known != nil {
			return
		}
		f := Finding{Severity: Warning, Span: a.KeySpan()}
		why, right := explained(a)
		if why == "" {
			return
		}
		f.Message = fmt.Sprintf("%s has no annotation %s: it is ignored without a word; %s", a.Controller.Name, a.Short, why)
		if right != "" {
			f.fix = renameAnnotation(a, right)
		} else if strings.HasSuffix(why, "without one") {
			f.fix = deleteEntry(a.Value, "delete the annotation, which nothing reads", fixer.Safe)
		}
		p.Report(f)
	})
}

// explained says what an annotation that the controller does not know may be meant for,
// or "" if it has nothing to do with WebSockets. Right is the name that was meant.
func explained(a kube.Annotated) (why, right string) {
	names := kube.NamesOf(a.Controller.Annotations)
	for _, other := range kube.Controllers {
		if other != a.Controller && (other.Prefix+a.Short == "nginx.org/websocket-services") {
			return "it is " + other.Prefix + a.Short + " of " + other.Name + "; ingress-nginx proxies WebSockets without one", ""
		}
	}
	if why := meantFor[a.Short]; a.Controller == kube.IngressNginx && why != "" {
		return why, ""
	}
	if meant := spell.Name(a.Short, names); meant != "" && decides(meant) {
		return "did you mean " + meant + "?", meant
	}
	switch {
	case !strings.Contains(a.Short, "websocket"):
		return "", ""
	case a.Controller == kube.IngressNginx:
		return "ingress-nginx proxies WebSockets without one", ""
	}
	return "the services of WebSockets are listed in " + kube.F5.Prefix + "websocket-services", ""
}

// renameAnnotation is the fix that corrects the name.
func renameAnnotation(a kube.Annotated, right string) func() (fixer.Fix, bool) {
	return func() (fixer.Fix, bool) {
		span := a.KeySpan()
		ok := !a.Object.Annotation(a.Controller, right).Exists() && strings.Count(span.Text(), a.Short) == 1
		return fixer.Fix{
			Message: "rename it to " + right, Safety: fixer.Unsafe,
			Edits: []fixer.Edit{{Span: span, New: strings.Replace(span.Text(), a.Short, right, 1)}},
		}, ok
	}
}
