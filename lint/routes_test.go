package lint

import (
	"fmt"
	"net/url"
	"testing"
	"testing/fstest"
)

const routedManifest = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: chat
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600s"
    nginx.ingress.kubernetes.io/affinity: cookie
spec:
  rules:
    - host: chat.example.org
      http:
        paths:
          - { path: /, backend: { service: { name: web, port: { number: 80 } } } }
          - { path: "/ws(/|$)(.*)", backend: { service: { name: chat, port: { name: http } } } }
    - host: "*.example.net"
      http: { paths: [{ path: /ws, backend: { serviceName: old, servicePort: 8080 } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: closed
  annotations:
    nginx.ingress.kubernetes.io/connection-proxy-header: close
spec:
  rules:
    - host: closed.example.org
      http: { paths: [{ path: /ws, backend: { service: { name: chat } } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: two
  annotations: { nginx.org/websocket-services: one }
spec:
  rules:
    - host: two.example.org
      http: { paths: [{ path: /one/ws, backend: { service: { name: one } } }, { path: /two/ws, backend: { service: { name: two } } }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: any }
spec:
  hostnames: [any.example.org]
  rules: [{ matches: [{ path: { value: /ws } }], backendRefs: [{ name: any, port: 1 }] }, { backendRefs: [{ name: rest }] }]
`

// TestRoutes lists the paths of objects, and finds those of a URL.
func TestRoutes(t *testing.T) {
	res, err := Run(Options{FS: fstest.MapFS{"k8s/a.yaml": {Data: []byte(routedManifest)}}, Paths: []string{"k8s"}})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range Routes(res, false) {
		got += fmt.Sprintf("%s%s -> %s (%s) %s %s %s %d\n", r.Host, r.Path, r.Service, r.Controller, r.Handshake.Outcome, r.Timeout, r.Affinity, len(r.Findings))
	}
	want := `chat.example.org/ws(/|$)(.*) -> chat:http (ingress-nginx) passes 60s affinity: cookie 1
*.example.net/ws -> old:8080 (ingress-nginx) passes 60s affinity: cookie 1
closed.example.org/ws -> chat (ingress-nginx) fails 60s  1
two.example.org/one/ws -> one (F5's NGINX Ingress Controller) passes 60s  0
two.example.org/two/ws -> two (F5's NGINX Ingress Controller) fails 60s  1
any.example.org/ws -> any:1 () unsure   0
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	all := Routes(res, true)
	if len(all) != 8 {
		t.Errorf("%d routes in all, want 8", len(all))
	}
	for address, want := range map[string]string{
		"wss://chat.example.org/ws": "chat:http", "wss://CHAT.example.org/ws/a": "chat:http", "wss://chat.example.org/wss": "web:80", "wss://a.example.net/ws": "old:8080",
		"wss://a.example.net/": "", "wss://other.example.org/ws": "", "wss://any.example.org/other": "rest",
	} {
		u, _ := url.Parse(address)
		service := ""
		if r := RouteFor(all, u); r != nil {
			service = r.Service
		}
		if service != want {
			t.Errorf("%s leads to %q, want %q", address, service, want)
		}
	}
}
