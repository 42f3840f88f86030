package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// DuplicateConfigMapHeader finds headers that ingress-nginx sends already in the ConfigMap
// that proxy-set-headers names.
var DuplicateConfigMapHeader = &Rule{
	Name:     "duplicate-configmap-header",
	Summary:  "the ConfigMap of proxy-set-headers repeats a header that ingress-nginx sends itself",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  duplicateConfigMapHeader,
}

func duplicateConfigMapHeader(p *ClusterPass) {
	for _, c := range p.Configs() {
		headers := p.ConfigMap(c.Text("proxy-set-headers"))
		if c.Controller != kube.IngressNginx || headers == nil {
			continue
		}
		for _, e := range headers.At("data").Entries() {
			if !e.Known() || !slices.Contains(webSocketHeaders, strings.ToLower(e.Key())) {
				continue
			}
			p.Report(Finding{
				Severity: Warning, Span: e.KeySpan(), Related: []Related{{c.At("proxy-set-headers").Span(), "the controller reads it because of this"}},
				Message: fmt.Sprintf("every request of every Ingress gets %s twice, because ingress-nginx sends it itself: some applications refuse such a handshake with 400", e.Key()),
				fix:     deleteEntry(e, "delete it: the controller sends it as each request needs it", fixer.Unsafe),
			})
		}
	}
}
