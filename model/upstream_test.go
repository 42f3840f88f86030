package model

import (
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

func TestUpstreams(t *testing.T) {
	const (
		lua  = "balancer_by_lua_block { b.set(1) } "
		good = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; "
		set  = "set $h app.test; proxy_pass http://$h:81;"
	)
	for _, c := range []struct{ version, http, location, want string }{
		{"openresty-1.27.1.2", "upstream be { server 0.0.0.1; " + lua + "}", "proxy_pass http://be;", "passes"},
		{"openresty-1.27.1.2", "upstream be { server 0.0.0.1; ip_hash; " + lua + "}", "proxy_pass http://be;", "passes"},
		{"openresty-1.27.1.2", "upstream be { server 0.0.0.1; " + lua + "ip_hash; }", "proxy_pass http://be;", "fails: ip_hash below balancer_by_lua_block"},
		{"openresty-1.27.1.2", "upstream be { server 127.0.0.1:81; " + lua + "ip_hash; }", "proxy_pass http://be;", "passes"},
		{"openresty-1.27.1.2", "upstream be { server 0.0.0.1 down; " + lua + "}", "proxy_pass http://be;", "passes"},
		{"openresty-1.27.1.2", "upstream be { server 127.0.0.1:81 down; " + lua + "ip_hash; }", "proxy_pass http://be;", "fails: all servers"},
		{"angie-1.12.1", "", set, "passes"},
		{"angie-1.12.1", "", "resolver off; " + set, "fails: nginx answers 502: no resolver defined to resolve app.test"},
		{"angie-1.12.1", "resolver off;", "resolver 127.0.0.1; " + set, "passes"},
		{"angie-1.12.1", "resolver off; upstream APP.test { server 127.0.0.1; }", set, "passes"},
		{"angie-1.12.1", "resolver off; server { location / { proxy_pass http://App.test:81/x; } }", set, "passes"},
		{"angie-1.12.1", "resolver off;", "set $h 127.0.0.1; proxy_pass http://$h:81;", "passes"},
		{"angie-1.12.1", "resolver off;", "proxy_pass http://app.test:81;", "passes"},
		{"angie-1.12.1", "resolver off;", "proxy_pass http://$host:81;", "passes"},
		{"tengine-3.1.0", "upstream be { server 127.0.0.1; }", "proxy_pass http://$arg_u;", "unsure: the client chooses the host of proxy_pass ($arg_u)"},
		{"tengine-3.1.0", "upstream be { server 127.0.0.1; }", "proxy_pass http://be/$arg_u;", "passes"},
		{"tengine-3.1.0", "", "proxy_pass http://$cookie_u; proxy_set_body x;", "fails: proxy_set_body"},
	} {
		v, err := parser.ParseVersion(c.version)
		if err != nil {
			t.Fatal(err)
		}
		s := server(t, c.http, "location / { "+good+c.location+" }")
		h := modelOf(s).Request(s.Children[0], WebSocket, v).Handshake()
		if got := h.Outcome.String() + ": " + h.Reason; !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s %s: %s, want %s", c.version, c.http, c.location, got, c.want)
		}
	}
}
