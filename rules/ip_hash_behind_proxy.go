package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// IPHashBehindProxy finds servers that are chosen by the client's address where
// nginx sees the address of a proxy before it.
var IPHashBehindProxy = &Rule{
	Name:     "ip-hash-behind-proxy",
	Summary:  "ip_hash sees the address of a CDN or proxy, not of the client",
	Group:    Balancing,
	Severity: Info,
	Location: ipHashBehindProxy,
}

func ipHashBehindProxy(p *Pass, l *Location) {
	if p.Config.Fragment && !p.StockImage {
		return // realip may be set where it cannot be seen
	}
	u := l.Upstream()
	if u == nil || l.Score.Level < intent.Likely {
		return
	}
	method := byAddress(u)
	if method == nil {
		return
	}
	sign := l.proxyInFront()
	real := l.Request.Level.Effective("set_real_ip_from")
	if sign == nil || real.Last() != nil || real.Unsure != nil || len(liveServers(u)) < 2 {
		return
	}
	p.Report(Finding{
		Severity: Info, Once: true, Span: method.Span(), Related: []Related{{sign.Span(), "sign of a proxy in front of nginx"}},
		Message: fmt.Sprintf("%s uses the address that connects to nginx, which is the proxy's: all clients behind one proxy share one server, unless set_real_ip_from and real_ip_header give nginx the client's address",
			method.Name()),
	}, l)
}

// byAddress returns the method of an upstream, if it goes by the client's address.
func byAddress(u *parser.Context) *parser.Directive {
	if d := u.First("ip_hash"); d != nil {
		return d
	}
	if d := u.First("hash"); d != nil && (d.Param(0) == "$remote_addr" || d.Param(0) == "$binary_remote_addr") {
		return d
	}
	return nil
}

// fromProxy matches what only a proxy before nginx sends.
var fromProxy = lazyregexp.New(`(?i)\$\{?http_(cf_|x_forwarded_(for|proto)\b|x_real_ip\b|true_client_ip\b|fastly_)`)

// proxyInFront returns a directive that tells of a proxy before nginx.
func (l *Location) proxyInFront() *parser.Directive {
	for _, d := range l.Request.Set.Directives {
		if fromProxy().MatchString(d.Param(1)) {
			return d
		}
	}
	for _, d := range l.Server().Own("listen") {
		if hasWord(d, "proxy_protocol") {
			return d
		}
	}
	return nil
}
