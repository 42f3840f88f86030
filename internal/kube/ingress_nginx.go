package kube

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// IngressNginx is kubernetes/ingress-nginx. The names are those of v1.15.1
// (internal/ingress/annotations) and of older versions back to 0.20. What it does with a
// value was run with its own annotation code of July 2024 (about v1.11), or read in
// v1.15.1.
var IngressNginx = &Controller{
	Name: "ingress-nginx", Prefix: "nginx.ingress.kubernetes.io/", Class: "k8s.io/ingress-nginx", Keys: configKeys,
	own: []string{
		"allow-snippet-annotations", "annotations-risk-level", "use-forwarded-headers", "compute-full-forwarded-for", "http-snippet", "server-snippet",
		"main-snippet", "location-snippet", "enable-real-ip", "proxy-body-size", "proxy-real-ip-cidr", "use-gzip", "upstream-keepalive-connections",
	},
	mapNames: []string{"ingress-nginx-controller", "nginx-ingress-controller", "nginx-configuration", "nginx-ingress-ingress-nginx-controller"},
	images:   []string{"ingress-nginx/controller", "/nginx-ingress-controller"},
	chart:    "ingress-nginx",
	Annotations: plain(`
	affinity-canary-behavior allowlist-source-range app-root auth-always-set-cookie auth-cache-duration auth-cache-key auth-keepalive
	auth-keepalive-requests auth-keepalive-share-vars auth-keepalive-timeout auth-method auth-proxy-set-headers auth-realm
	auth-request-redirect auth-response-headers auth-secret auth-secret-type auth-signin auth-signin-redirect-param auth-snippet
	auth-tls-error-page auth-tls-match-cn auth-tls-pass-certificate-to-upstream auth-tls-secret auth-tls-verify-client
	auth-tls-verify-depth auth-type auth-url canary canary-by-cookie canary-by-header canary-by-header-pattern
	canary-by-header-value canary-weight canary-weight-total client-body-buffer-size configuration-snippet cors-allow-credentials
	cors-allow-headers cors-allow-methods cors-allow-origin cors-expose-headers cors-max-age custom-headers custom-http-errors
	default-backend denylist-source-range disable-proxy-intercept-errors enable-access-log enable-cors enable-global-auth
	enable-modsecurity enable-opentelemetry enable-owasp-core-rules enable-rewrite-log fastcgi-index fastcgi-params-configmap
	force-ssl-redirect from-to-www-redirect http2-push-preload limit-allowlist limit-burst-multiplier limit-rate limit-rate-after
	limit-rpm limit-rps limit-whitelist mirror-host mirror-request-body mirror-target modsecurity-snippet
	modsecurity-transaction-id opentelemetry-operation-name opentelemetry-trust-incoming-span permanent-redirect
	permanent-redirect-code preserve-trailing-slash proxy-body-size proxy-buffer-size proxy-buffers-number
	proxy-busy-buffers-size proxy-cookie-domain proxy-cookie-path proxy-max-temp-file-size proxy-next-upstream
	proxy-next-upstream-timeout proxy-next-upstream-tries proxy-redirect-from proxy-redirect-to proxy-request-buffering
	proxy-ssl-ciphers proxy-ssl-name proxy-ssl-protocols proxy-ssl-secret proxy-ssl-server-name proxy-ssl-verify
	proxy-ssl-verify-depth relative-redirects rewrite-target satisfy server-alias server-snippet service-upstream
	session-cookie-change-on-failure session-cookie-conditional-samesite-none session-cookie-domain session-cookie-expires
	session-cookie-max-age session-cookie-name session-cookie-path session-cookie-samesite session-cookie-secure ssl-ciphers
	ssl-passthrough ssl-prefer-server-ciphers ssl-redirect stream-snippet temporal-redirect temporal-redirect-code
	upstream-hash-by-subset upstream-hash-by-subset-size upstream-vhost use-port-in-redirects use-regex whitelist-source-range
	x-forwarded-prefix
	add-base-url base-url-scheme enable-dynamic-tls-records enable-influxdb enable-opentracing global-rate-limit
	global-rate-limit-ignored-cidrs global-rate-limit-key global-rate-limit-window grpc-backend influxdb-host
	influxdb-measurement influxdb-port influxdb-server-name lua-resty-waf lua-resty-waf-allow-unknown-content-types
	lua-resty-waf-debug lua-resty-waf-extra-rules lua-resty-waf-ignore-rulesets lua-resty-waf-process-multipart-body
	lua-resty-waf-score-threshold opentracing-operation-name opentracing-trust-incoming-span secure-backends
	secure-verify-ca-secret session-cookie-hash upstream-fail-timeout upstream-max-fails`,
		&Annotation{"proxy-read-timeout", seconds("proxy_read_timeout", 60)},
		&Annotation{"proxy-send-timeout", seconds("proxy_send_timeout", 60)},
		&Annotation{"proxy-connect-timeout", seconds("proxy_connect_timeout", 5)},
		&Annotation{"proxy-http-version", oneOf("it is ignored, and requests go to the pods as HTTP/1.1", true, "1.0", "1.1")},
		&Annotation{"proxy-buffering", oneOf("it is ignored, and buffering is off", true, "on", "off")},
		&Annotation{"affinity", affinity},
		&Annotation{"affinity-mode", oneOf("it is ignored, and the mode is balanced", false, "balanced", "persistent")},
		&Annotation{"load-balance", oneOf(leftOut, false, "round_robin", "chash", "chashsubset", "sticky_balanced", "sticky_persistent", "ewma")},
		&Annotation{"connection-proxy-header", oneOf(leftOut, false, "close", "keep-alive")},
		&Annotation{"backend-protocol", backendProtocol},
		&Annotation{"limit-connections", wholeNumber},
		&Annotation{"upstream-hash-by", hashKey},
	),
}

// leftOut is what annotation validation does (a flag, on by default since v1.12).
const leftOut = "the controller leaves the whole Ingress out"

// seconds checks a timeout: strconv.Atoi, and "s" is appended (annotations/proxy).
func seconds(directive string, byDefault int) func(string) Verdict {
	return func(value string) Verdict {
		n, err := strconv.Atoi(value)
		switch {
		case err == nil && n > 0:
			return Verdict{}
		case err == nil && n == 0:
			return Verdict{Problem: "it becomes " + directive + " 0s, so every request ends at once with 504"}
		case err == nil:
			return Verdict{Problem: fmt.Sprintf("it becomes %s %ds, which nginx refuses, and then no change of any Ingress is loaded", directive, n)}
		}
		v := Verdict{Problem: fmt.Sprintf("it takes whole seconds without a unit, so this is ignored and the timeout is %d s", byDefault)}
		if d, err := parser.ParseTime(strings.TrimSpace(value)); err == nil && d.Seconds() >= 1 {
			v.Right = strconv.Itoa(int(d.Seconds()))
		}
		return v
	}
}

// oneOf checks a value that is one of a few.
func oneOf(problem string, works bool, values ...string) func(string) Verdict {
	return func(value string) Verdict {
		for _, v := range values {
			if strings.TrimSpace(value) == v {
				return Verdict{}
			}
		}
		known := strings.Join(values, ", ")
		if len(values) > 1 {
			known = "one of " + known
		}
		return Verdict{Problem: "it has to be " + known + ": " + problem, Works: works}
	}
}

// affinity checks the kind of session affinity, of which there is one.
func affinity(value string) Verdict {
	if strings.TrimSpace(value) == "cookie" {
		return Verdict{}
	}
	return Verdict{Problem: "it has to be cookie: it is ignored, and there is no affinity", Right: "cookie"}
}

// backendProtocol checks how pods are spoken to (annotations/backendprotocol).
func backendProtocol(value string) Verdict {
	switch strings.ToUpper(strings.TrimSpace(value)) {
	case "HTTP", "HTTPS", "AUTO_HTTP", "GRPC", "GRPCS", "FCGI":
		return Verdict{}
	case "WS":
		return Verdict{Problem: "there is no such protocol: it is ignored, and the controller uses HTTP, which is right for WebSockets", Works: true, Right: "HTTP"}
	case "WSS":
		return Verdict{Problem: "there is no such protocol: it is ignored, and the controller speaks plain HTTP to a port that expects TLS", Right: "HTTPS"}
	}
	return Verdict{Problem: "it has to be one of HTTP, HTTPS, AUTO_HTTP, GRPC, GRPCS, FCGI: it is ignored, and the controller uses HTTP"}
}

func wholeNumber(value string) Verdict {
	if _, err := strconv.Atoi(value); err == nil {
		return Verdict{}
	}
	return Verdict{Problem: "it has to be a whole number: " + leftOut}
}

// hashKey checks the key of consistent hashing: without a variable it is a constant.
func hashKey(value string) Verdict {
	switch {
	case strings.Contains(value, "$"):
		return Verdict{}
	case value == "ip":
		return Verdict{Problem: "it is a constant, because it has no variable: all requests go to one pod", Right: "$binary_remote_addr"}
	}
	return Verdict{Problem: "it is a constant, because it has no variable: all requests go to one pod"}
}
