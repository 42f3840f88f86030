package model

import (
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

func TestPassed(t *testing.T) {
	for _, c := range []struct{ location, path, want string }{
		{"location /ws { proxy_pass http://b/; }", "/ws/a", "//a"},
		{"location /ws/ { proxy_pass http://b/api; }", "/ws/a", "/apia"},
		{"location /ws/ { proxy_pass http://b; }", "/ws/a", "/ws/a"},
		{"location /ws/ { proxy_pass http://unix:/run/b.sock; }", "/ws/a", "/ws/a"},
		{"location /ws/ { proxy_pass http://unix:/run/b.sock:/b/; }", "/ws/a", "/b/a"},
		{"location /ws/ { set $u http://b:1/; proxy_pass $u; }", "/ws/a", "/"},
		{"location /ws/ { proxy_pass http://$b/c; }", "/ws/a", "/c"},
		{"location /ws/ { proxy_pass http://$b:3000; }", "/ws/a", "unknown"},
		{"location /ws/ { set $b c; proxy_pass http://$b:3000; }", "/ws/a", "/ws/a"},
		{"location /ws/ { proxy_pass $b; }", "/ws/a", "unknown"},
		{"location /ws/ { rewrite a b break; proxy_pass http://b/; }", "/ws/a", "unknown"},
		{"location /ws/ { rewrite a b permanent; proxy_pass http://b/; }", "/ws/a", "/a"},
		{"location /ws/ { if ($a) { rewrite a b; } proxy_pass http://b/; }", "/ws/a", "unknown"},
		{"location /ws/ { include missing.conf; proxy_pass http://b/; }", "/ws/a", "unknown"},
		{"location /ws/ { access_by_lua_block { x() } proxy_pass http://b/; }", "/ws/a", "unknown"},
	} {
		cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: []byte("events {} http { server { " + c.location + " } }")}}, "nginx.conf", parser.Options{})
		if err != nil {
			t.Fatal(err)
		}
		l := cfg.Servers()[0].Children[0]
		p := modelOf(l).Request(l, WebSocket, parser.Version{Major: 1, Minor: 26, Patch: 0}).Passed()
		got := p.At(l, c.path)
		if p.Unknown {
			got = "unknown"
		}
		if got != c.want {
			t.Errorf("%s: %s becomes %s, want %s", c.location, c.path, got, c.want)
		}
	}
}
