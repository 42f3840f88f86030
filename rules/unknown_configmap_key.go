package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
)

// UnknownConfigMapKey finds misspelt keys in the ConfigMap of a controller.
var UnknownConfigMapKey = &Rule{
	Name:     "unknown-configmap-key",
	Summary:  "the ConfigMap of a controller has a key about WebSockets that is misspelt",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  unknownConfigMapKey,
}

// keysMeant are keys that one controller does not have, and what does their work there.
var keysMeant = map[*kube.Controller]map[string]string{
	kube.IngressNginx: {"configuration-snippet": "location-snippet"},
}

func unknownConfigMapKey(p *ClusterPass) {
	for _, c := range p.Configs() {
		names := kube.NamesOf(c.Controller.Keys())
		for _, e := range c.Entries() {
			if !e.Known() || slices.Contains(names, e.Key()) {
				continue
			}
			meant := keysMeant[c.Controller][e.Key()]
			if meant == "" {
				meant = spell.Name(e.Key(), names)
			}
			if meant == "" || !decides(meant) {
				continue
			}
			p.Report(Finding{
				Severity: Warning, Span: e.KeySpan(), fix: renameKey(c, e, meant),
				Message: fmt.Sprintf("the ConfigMap of %s has no key %s: it is ignored without a word; did you mean %s?", c.Controller.Name, e.Key(), meant),
			})
		}
	}
}

// renameKey is the fix that corrects a key.
func renameKey(c kube.Config, e kube.Value, right string) func() (fixer.Fix, bool) {
	return func() (fixer.Fix, bool) {
		span := e.KeySpan()
		ok := !c.At(right).Exists() && strings.Count(span.Text(), e.Key()) == 1
		return fixer.Fix{
			Message: "rename it to " + right, Safety: fixer.Unsafe,
			Edits: []fixer.Edit{{Span: span, New: strings.Replace(span.Text(), e.Key(), right, 1)}},
		}, ok
	}
}
