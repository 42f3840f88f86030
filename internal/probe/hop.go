package probe

import (
	"net/http"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// A Hop is a system on the way that left a mark in an answer.
type Hop struct {
	Name  string
	Layer cause.Layer
	Mark  string // the header that shows it
}

// marks identify systems on the way: a header, and what its value begins with or,
// after *, contains.
var marks = []struct {
	name          string
	layer         cause.Layer
	header, value string
}{
	{"Cloudflare", cause.Cloudflare, "Cf-Ray", ""},
	{"Cloudflare", cause.Cloudflare, "Server", "cloudflare"},
	{"AWS load balancer", cause.AWS, "Server", "awselb"},
	{"AWS load balancer", cause.AWS, "Set-Cookie", "*AWSALB"},
	{"AWS load balancer", cause.AWS, "Set-Cookie", "*AWSELB"},
	{"AWS load balancer", cause.AWS, "X-Amzn-Trace-Id", ""},
	{"CloudFront", cause.Proxy, "X-Amz-Cf-Id", ""},
	{"Google load balancer", cause.Proxy, "Via", "*1.1 google"},
	{"Fastly", cause.Proxy, "X-Served-By", "cache-"},
	{"Varnish", cause.Proxy, "X-Varnish", ""},
	{"Akamai", cause.Proxy, "Server", "akamai"},
	{"Squid", cause.Proxy, "X-Squid-Error", ""},
	{"Envoy", cause.Envoy, "Server", "envoy"},
	{"Envoy", cause.Envoy, "Server", "istio-envoy"},
	{"Envoy", cause.Envoy, "X-Envoy-Upstream-Service-Time", ""},
	{"Apache", cause.Proxy, "Server", "apache"},
	{"Caddy", cause.Proxy, "Server", "caddy"},
	{"IIS", cause.Proxy, "Server", "microsoft-iis"},
	{"nginx", cause.Nginx, "Server", "nginx"},
	{"nginx (OpenResty)", cause.Nginx, "Server", "openresty"},
	{"nginx (Angie)", cause.Nginx, "Server", "angie"},
	{"nginx (Tengine)", cause.Nginx, "Server", "tengine"},
	{"nginx (freenginx)", cause.Nginx, "Server", "freenginx"},
}

// hops returns the systems that left marks in the answers.
func (q *Inquiry) hops() []Hop {
	var all []Hop
	known := make(map[string]bool)
	for _, m := range marks {
		for _, a := range q.Answers {
			value, ok := marked(a.Header, m.header, m.value)
			if !ok || known[m.name] {
				continue
			}
			known[m.name] = true
			all = append(all, Hop{m.name, m.layer, m.header + ": " + value})
		}
	}
	for _, a := range q.Answers {
		if a.haproxyPage() && !known["HAProxy"] {
			known["HAProxy"] = true
			all = append(all, Hop{"HAProxy", cause.HAProxy, "its own error page"})
		}
	}
	return all
}

func marked(h http.Header, name, value string) (found string, ok bool) {
	for _, v := range h.Values(name) {
		low := strings.ToLower(v)
		if anywhere, ok := strings.CutPrefix(value, "*"); ok && strings.Contains(low, strings.ToLower(anywhere)) || !ok && strings.HasPrefix(low, value) {
			if name == "Set-Cookie" {
				v, _, _ = strings.Cut(v, "=") // its value is private
			}
			return v, true
		}
	}
	return "", false
}

// server reports whether the Server header begins with a text.
func (a *Answer) server(name string) bool {
	_, ok := marked(a.Header, "Server", name)
	return ok
}

// nginxPage reports whether nginx itself, and not the application, wrote the answer:
// in ngx_http_special_response.c every page ends with this line.
func (a *Answer) nginxPage() bool {
	for _, name := range []string{"nginx", "openresty", "angie", "tengine", "freenginx"} {
		if strings.Contains(strings.ToLower(a.Body), "<hr><center>"+name) {
			return true
		}
	}
	return false
}

// haproxyPage reports whether HAProxy itself wrote the answer: its pages look alike
// and have no Server header (http_err_msgs in http.c).
func (a *Answer) haproxyPage() bool {
	return a.Header.Get("Server") == "" && strings.HasPrefix(a.Body, "<html><body><h1>") && strings.HasSuffix(strings.TrimSpace(a.Body), "</body></html>") &&
		strings.Contains(a.Body, "</h1>\n")
}

// envoyOwn reports whether Envoy itself wrote the answer.
func (a *Answer) envoyOwn() bool {
	if !a.server("envoy") && !a.server("istio-envoy") {
		return false
	}
	switch {
	case a.Header.Get("X-Envoy-Upstream-Service-Time") != "": // it came from the upstream
		return false
	case a.Body == "", strings.HasPrefix(a.Body, "upstream connect error"), strings.HasPrefix(a.Body, "no healthy upstream"), strings.HasPrefix(a.Body, "upstream request timeout"):
		return true
	}
	return false
}
