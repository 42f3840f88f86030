package kube

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// F5 is F5's NGINX Ingress Controller (nginx/kubernetes-ingress). The names and checks are
// those of the source of August 2026 (5.6.0: internal/configs, internal/k8s).
var F5 = &Controller{
	Name: "F5's NGINX Ingress Controller", Prefix: "nginx.org/", Class: "nginx.org/ingress-controller", Keys: f5Keys,
	own:      []string{"http-snippets", "server-snippets", "main-snippets", "location-snippets", "lb-method", "set-real-ip-from", "real-ip-header"},
	mapNames: []string{"nginx-config", "nginx-ingress"},
	images:   []string{"nginx/nginx-ingress", "nginx-ic/nginx-plus-ingress", "nginxinc/nginx-ingress"},
	Annotations: plain(`
	add-header add-header-inherit app-root basic-auth-realm basic-auth-secret client-body-buffer-size client-max-body-size
	custom-http-errors fail-timeout grpc-services hsts hsts-behind-proxy hsts-include-subdomains hsts-max-age
	http-redirect-code keepalive limit-req-burst limit-req-delay limit-req-dry-run limit-req-key limit-req-log-level
	limit-req-no-delay limit-req-rate limit-req-reject-code limit-req-scale limit-req-zone-size listen-ports
	listen-ports-ssl location-snippets max-conns max-fails mergeable-ingress-type path-regex policies proxy-buffer-size
	proxy-buffering proxy-buffers proxy-busy-buffers-size proxy-hide-headers proxy-max-temp-file-size proxy-next-upstream
	proxy-next-upstream-timeout proxy-next-upstream-tries proxy-pass-headers proxy-redirect-from proxy-redirect-to
	proxy-set-headers redirect-to-https rewrite-target rewrites server-snippets server-tokens ssl-ciphers
	ssl-prefer-server-ciphers ssl-redirect ssl-services sticky-cookie-services upstream-zone-size use-cluster-ip
	websocket-services use-proxy-protocol rate-limit-key`,
		&Annotation{"proxy-read-timeout", nginxTime},
		&Annotation{"proxy-send-timeout", nginxTime},
		&Annotation{"proxy-connect-timeout", nginxTime},
		&Annotation{"lb-method", balancing},
	),
}

// refusedWhole is what the controller does with an Ingress that has a wrong value.
const refusedWhole = "the controller refuses the whole Ingress"

func nginxTime(value string) Verdict {
	if _, err := parser.ParseTime(value); err == nil {
		return Verdict{}
	}
	return Verdict{Problem: "it has to be a time of nginx, such as 3600s or 1h: " + refusedWhole}
}

// balancing checks a method (internal/configs/parsing_helpers.go); those of NGINX Plus
// are accepted there.
func balancing(value string) Verdict {
	method := strings.Join(strings.Fields(value), " ")
	known := []string{"round_robin", "least_conn", "ip_hash", "random", "random two", "random two least_conn", "random two least_time=header", "random two least_time=last_byte"}
	if slices.Contains(known, method) || strings.HasPrefix(method, "hash ") || strings.HasPrefix(method, "least_time ") {
		return Verdict{}
	}
	return Verdict{Problem: "it has to be a balancing method of nginx, such as ip_hash or least_conn: " + refusedWhole}
}
