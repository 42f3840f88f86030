package probe

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// What nginx could not hand over.
func TestGatewayRows(t *testing.T) {
	dead := func(t testing.TB) string { return nginxtest.FreeAddress(t) }
	show(t, []scene{
		{row: "502-nothing-there", serve: dead, server: good, direct: true},
		{row: "502", serve: dead, server: good},
		{row: "502", name: "another port than the application's", server: strings.Replace(good, "APP", "OTHER", 1), direct: true, config: true},
		{row: "502-name", server: "set $backend localhost;\n" + strings.Replace(good, "http://APP", "http://$backend:3000", 1), direct: true, config: true, judge: found("missing-resolver", 14)},
		{row: "502-tls", server: strings.Replace(good, "http://APP", "https://APP", 1), direct: true, config: true},
		{row: "502-tls", name: "plain to TLS", serve: func(t testing.TB) string { return nginxtest.StartTLS(t, nginxtest.StartApp(t, "coder").Address) }, server: good, tls: true},
		{row: "504", serve: silent, server: strings.Replace(good, "proxy_pass", "proxy_read_timeout 300ms; proxy_pass", 1)},
		{row: "504-at-once", server: strings.Replace(good, "proxy_pass", "proxy_read_timeout 0; proxy_pass", 1), direct: true, config: true, judge: found("short-read-timeout", 13)},
		{row: "500", server: "location ~ ^/(.*)$ { proxy_pass http://127.0.0.1:$1; " + passOn + " }", direct: true},
		{row: "gateway", serve: answers(http.StatusServiceUnavailable, "the mesh is down\n"), server: good, verdict: cause.GatewayError},
	})
}
