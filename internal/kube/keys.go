package kube

import (
	"strconv"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// configKeys are the keys of ingress-nginx's ConfigMap: those of v1.15.1
// (internal/ingress/controller/config, internal/ingress/defaults, template/configmap.go).
var configKeys = sync.OnceValue(func() []*Annotation {
	return plain(`
	access-log-params access-log-path add-headers allow-backend-server-header allow-cross-namespace-resources
	annotation-value-word-blocklist app-root bind-address bind-address-ipv4 bind-address-ipv6 block-cidrs
	block-referers block-user-agents brotli-level brotli-min-length brotli-types client-body-buffer-size
	client-body-timeout client-header-buffer-size client-header-timeout compute-full-forwarded-for custom-http-errors
	debug-connections default-type denylist-source-range disable-access-log disable-http-access-log disable-ipv6
	disable-ipv6-dns disable-proxy-intercept-errors disable-stream-access-log enable-access-log-for-default-backend
	enable-aio-write enable-auth-access-log enable-brotli enable-modsecurity enable-multi-accept enable-ocsp
	enable-opentelemetry enable-owasp-modsecurity-crs enable-real-ip enable-serial-reloads enable-syslog
	enable-underscores-in-headers error-log-level error-log-path force-ssl-redirect forwarded-for-header
	forwarded-for-proxy-protocol-header forwarded-host-header generate-request-id geoip2-autoreload-in-minutes
	global-allowed-response-headers global-auth-always-set-cookie global-auth-cache-duration global-auth-cache-key
	global-auth-method global-auth-request-redirect global-auth-response-headers global-auth-signin
	global-auth-signin-redirect-param global-auth-snippet global-auth-url global-external-auth grpc-buffer-size-kb
	gzip-disable gzip-level gzip-min-length gzip-types hide-headers hsts hsts-include-subdomains hsts-max-age
	hsts-preload http-access-log-path http-redirect-code http-snippet http2-max-concurrent-streams http2-max-field-size
	http2-max-header-size http2-max-requests ignore-invalid-headers keep-alive keep-alive-requests
	large-client-header-buffers limit-conn-status-code limit-conn-zone-variable limit-rate limit-rate-after
	limit-req-status-code load-balance location-snippet log-format-escape-json log-format-escape-none log-format-stream
	log-format-upstream lua-shared-dicts main-snippet map-hash-bucket-size max-worker-connections max-worker-open-files
	modsecurity-snippet nginx-status-ipv4-whitelist nginx-status-ipv6-whitelist no-auth-locations
	no-tls-redirect-locations opentelemetry-config opentelemetry-operation-name opentelemetry-trust-incoming-span
	otel-max-export-batch-size otel-max-queuesize otel-sampler otel-sampler-parent-based otel-sampler-ratio
	otel-schedule-delay-millis otel-service-name otlp-collector-host otlp-collector-port preserve-trailing-slash
	proxy-add-original-uri-header proxy-body-size proxy-buffer-size proxy-buffering proxy-buffers-number
	proxy-busy-buffers-size proxy-cookie-domain proxy-cookie-path proxy-headers-hash-bucket-size
	proxy-headers-hash-max-size proxy-http-version proxy-max-temp-file-size proxy-next-upstream
	proxy-next-upstream-timeout proxy-next-upstream-tries proxy-protocol-header-timeout proxy-real-ip-cidr
	proxy-redirect-from proxy-redirect-to proxy-request-buffering proxy-ssl-location-only proxy-stream-next-upstream
	proxy-stream-next-upstream-timeout proxy-stream-next-upstream-tries proxy-stream-responses proxy-stream-timeout
	relative-redirects retry-non-idempotent reuse-port server-name-hash-bucket-size server-name-hash-max-size
	server-snippet server-tokens service-upstream skip-access-log-urls ssl-buffer-size ssl-ciphers ssl-dh-param
	ssl-early-data ssl-ecdh-curve ssl-protocols ssl-redirect ssl-reject-handshake ssl-session-cache
	ssl-session-cache-size ssl-session-ticket-key ssl-session-tickets ssl-session-timeout stream-access-log-path
	stream-snippet strict-validate-path-type syslog-host syslog-port upstream-hash-by upstream-hash-by-subset
	upstream-hash-by-subset-size upstream-keepalive-connections upstream-keepalive-requests upstream-keepalive-time
	upstream-keepalive-timeout use-forwarded-headers use-geoip2 use-gzip use-http2 use-port-in-redirects
	use-proxy-protocol variables-hash-bucket-size variables-hash-max-size whitelist-source-range worker-cpu-affinity
	worker-processes`,
		&Annotation{"proxy-read-timeout", secondsOf("proxy_read_timeout", 60)},
		&Annotation{"proxy-send-timeout", secondsOf("proxy_send_timeout", 60)},
		&Annotation{"proxy-connect-timeout", secondsOf("proxy_connect_timeout", 5)},
		&Annotation{"worker-shutdown-timeout", refusedTime},
		&Annotation{"allow-snippet-annotations", boolean("it is ignored, and snippets are refused")},
		&Annotation{"annotations-risk-level", riskLevel},
		&Annotation{"proxy-set-headers", objectName},
	)
})

// f5Keys are the keys of the ConfigMap of F5's controller
// (internal/configs/configmaps.go of 5.6.0). It does not check these times.
var f5Keys = sync.OnceValue(func() []*Annotation {
	return plain(`
	access-log access-log-off add-header add-header-inherit app-protect-compressed-requests-action
	app-protect-cookie-seed app-protect-cpu-thresholds app-protect-dos-arb-fqdn app-protect-dos-log-format
	app-protect-dos-log-format-escaping app-protect-failure-mode-action app-protect-physical-memory-util-thresholds
	app-protect-reconnect-period-seconds client-body-buffer-size client-max-body-size default-server-access-log-off
	default-server-return disable-forwarded-headers enforce-initial-report error-log-level fail-timeout hsts
	hsts-behind-proxy hsts-include-subdomains hsts-max-age http-redirect-code http-snippets http2 ingress-template
	keepalive keepalive-requests keepalive-timeout lb-method license-token-secret-name location-snippets log-format
	log-format-escaping main-snippets main-template map-hash-bucket-size map-hash-max-size max-fails
	oidc-access-tokens-timeout oidc-access-tokens-zone-size oidc-id-tokens-timeout oidc-id-tokens-zone-size
	oidc-pkce-timeout oidc-pkce-zone-size oidc-refresh-tokens-timeout oidc-refresh-tokens-zone-size oidc-sids-timeout
	oidc-sids-zone-size otel-exporter-endpoint otel-exporter-header-name otel-exporter-header-value otel-service-name
	otel-trace-in-http proxy-buffer-size proxy-buffering proxy-buffers proxy-busy-buffers-size proxy-hide-headers
	proxy-max-temp-file-size proxy-pass-headers proxy-protocol real-ip-header real-ip-recursive redirect-to-https
	resolver-addresses resolver-ipv6 resolver-timeout resolver-valid server-names-hash-bucket-size
	server-names-hash-max-size server-snippets server-tokens set-real-ip-from ssl-certificate-secret-name ssl-ciphers
	ssl-dhparam-file ssl-prefer-server-ciphers ssl-protocols ssl-redirect ssl-trusted-certificate-secret-name
	ssl-verify stream-log-format stream-log-format-escaping stream-snippets transportserver-template upstream-zone-size
	usage-report-endpoint usage-report-interval usage-report-proxy-host variables-hash-bucket-size
	variables-hash-max-size virtualserver-template worker-connections worker-cpu-affinity worker-processes
	worker-rlimit-nofile zone-sync zone-sync-port zone-sync-resolver-addresses zone-sync-resolver-ipv6
	zone-sync-resolver-valid`,
		&Annotation{"proxy-read-timeout", refusedTime},
		&Annotation{"proxy-send-timeout", refusedTime},
		&Annotation{"proxy-connect-timeout", refusedTime},
		&Annotation{"worker-shutdown-timeout", refusedTime},
	)
})

// secondsOf checks a number of seconds that mapstructure reads: other bases than ten
// count as well.
func secondsOf(directive string, byDefault int) func(string) Verdict {
	check := seconds(directive, byDefault)
	return func(value string) Verdict {
		if n, err := strconv.ParseInt(value, 0, 64); err == nil && n > 0 {
			return Verdict{}
		}
		return check(value)
	}
}

// refusedTime checks a time that the controller passes on to nginx as it is.
func refusedTime(value string) Verdict {
	if _, err := parser.ParseTime(value); err == nil {
		return Verdict{}
	}
	return Verdict{Problem: "it is passed on as it is, nginx refuses it, and then no change of any Ingress is loaded"}
}

// boolean checks what strconv.ParseBool reads.
func boolean(problem string) func(string) Verdict {
	return func(value string) Verdict {
		if _, err := strconv.ParseBool(value); err == nil || value == "" {
			return Verdict{}
		}
		v := Verdict{Problem: "it has to be true or false: " + problem}
		switch strings.ToLower(strings.TrimSpace(value)) {
		case "on", "yes", "enabled":
			v.Right = "true"
		}
		return v
	}
}

// riskLevel checks a level of risk; any other word is the lowest
// (annotations/parser.StringRiskToRisk).
func riskLevel(value string) Verdict {
	switch strings.ToLower(value) {
	case "low", "medium", "high", "critical":
		return Verdict{}
	}
	return Verdict{Problem: "it has to be one of Low, Medium, High, Critical: any other word counts as Low, and Ingresses with annotations above it are left out"}
}

// objectName checks the name of another ConfigMap.
func objectName(value string) Verdict {
	if namespace, name, ok := strings.Cut(value, "/"); ok && namespace != "" && name != "" || value == "" {
		return Verdict{}
	}
	return Verdict{Problem: "it has to be NAMESPACE/NAME of a ConfigMap: the controller finds none, and sends none of the headers"}
}
