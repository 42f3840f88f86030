package rules

import (
	"fmt"
	"strconv"
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

func shortIngressTimeout(p *ClusterPass) {
	ofAll, known := p.timeoutOfAll()
	if !known {
		return // invalid-configmap-value reports it
	}
	for _, o := range p.Objects("Ingress") {
		why := p.sign(o)
		if why == "" || p.servedBy(o).Controller != kube.IngressNginx || p.splitFrom(o) != nil {
			continue
		}
		value, set := ofAll, p.Annotation(o, kube.IngressNginx, "proxy-read-timeout")
		if n, err := strconv.Atoi(set.Text()); set.Exists() && err == nil && n > 0 {
			value = time.Duration(n) * time.Second
		} else if set.Exists() || o.Partial() {
			continue // invalid-annotation-value reports it, or other lines may set it
		}
		if f, ok := shortTimeout(o, value, why); ok {
			if set.Exists() {
				f.Span = set.Span()
			}
			p.Report(f)
		}
	}
}

// shortTimeout says that a timeout is too short for the WebSockets of an Ingress.
func shortTimeout(o *kube.Object, value time.Duration, why string) (f Finding, ok bool) {
	f = Finding{Severity: Info, Span: routePlace(o, kube.Value{})}
	app, ping := pingOf(o)
	switch {
	case ping > 0 && value <= ping:
		f.Severity = Warning
		f.Message = fmt.Sprintf("an idle WebSocket is cut after %s, but %s pings only every %s: set proxy-read-timeout to seconds, such as \"3600\" (for WebSockets: %s)", seconds(value), app, seconds(ping), why)
	case ping > 0 || value > parser.DefaultReadTimeout:
		return f, false
	default:
		if value < parser.DefaultReadTimeout {
			f.Severity = Warning
		}
		f.Message = fmt.Sprintf("an idle WebSocket is cut after %s, unless the application pings more often: set proxy-read-timeout to seconds, such as \"3600\" (for WebSockets: %s)", seconds(value), why)
	}
	return f, true
}

// pinging matches paths of applications that ping every 25 seconds by default, or more
// often.
var pinging = lazyregexp.New(`(?i)socket\.?io|sockjs|signalr`)

// pingOf returns the longest time between the pings of an application that a path of an
// Ingress names, or 0.
func pingOf(o *kube.Object) (app string, ping time.Duration) {
	for _, r := range o.Routes() {
		e, text := endpointOf(r.Path), r.Path.Text()
		switch {
		case e != nil && e.Ping > ping:
			app, ping = e.App, e.Ping
		case e == nil && ping == 0 && pinging().MatchString(text):
			app, ping = "the application at "+text, 25*time.Second
		}
	}
	return app, ping
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
