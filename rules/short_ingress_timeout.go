package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ShortIngressTimeout finds Ingresses of ingress-nginx whose idle WebSockets are cut
// after a minute or less.
var ShortIngressTimeout = &Rule{
	Name:     "short-ingress-timeout",
	Summary:  "an Ingress for WebSockets has a proxy-read-timeout of a minute or less",
	Group:    Kubernetes,
	Severity: Warning,
	Cluster:  shortIngressTimeout,
}

// pinging matches paths of applications that ping at least every 25 seconds by default:
// Socket.IO and SockJS every 25, SignalR every 15.
var pinging = lazyregexp.New(`(?i)socket\.?io|sockjs|signalr`)

func shortIngressTimeout(p *ClusterPass) {
	ofAll, known := p.timeoutOfAll()
	if !known {
		return // invalid-configmap-value reports it
	}
	for _, o := range p.Objects("Ingress") {
		why := p.sign(o)
		if why == "" || p.Manifest(o.File()).Template() || !servedByIngressNginx(o) {
			continue // in a template other lines may set it
		}
		set := o.Annotation(kube.IngressNginx, "proxy-read-timeout")
		value := ofAll
		if n, err := strconv.Atoi(set.Text()); set.Exists() && err == nil && n > 0 {
			value = time.Duration(n) * time.Second
		} else if set.Exists() {
			continue // invalid-annotation-value reports it
		}
		if value > parser.DefaultReadTimeout || value > 25*time.Second && pinging().MatchString(strings.Join(o.Paths(), " ")) {
			continue
		}
		f := Finding{
			Severity: Info, Span: o.At("metadata", "name").Span(),
			Message: fmt.Sprintf("an idle WebSocket is cut after %s, unless the application pings more often: set proxy-read-timeout to seconds, such as \"3600\" (for WebSockets: %s)", seconds(value), why),
		}
		if set.Exists() {
			f.Span = set.Span()
		}
		if value < parser.DefaultReadTimeout {
			f.Severity = Warning
		}
		p.Report(f)
	}
}

// servedByIngressNginx reports whether an Ingress has annotations of ingress-nginx.
func servedByIngressNginx(o *kube.Object) bool {
	for _, a := range o.Annotated() {
		if a.Controller == kube.IngressNginx {
			return true
		}
	}
	return false
}

// timeoutOfAll returns the timeout of Ingresses without the annotation: that of the
// ConfigMap, if it is known.
func (p *ClusterPass) timeoutOfAll() (value time.Duration, known bool) {
	for _, c := range p.Configs() {
		if set := c.At("proxy-read-timeout"); set.Exists() && c.Controller == kube.IngressNginx {
			n, err := strconv.Atoi(set.Text())
			return time.Duration(n) * time.Second, set.Known() && err == nil && n > 0
		}
	}
	return parser.DefaultReadTimeout, true
}
