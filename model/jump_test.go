package model

import (
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// What random configurations taught on running nginx (lint/live_random_test.go),
// each cut down to what matters.
func TestJumps(t *testing.T) {
	const (
		good  = "proxy_pass http://b; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
		named = "location @n { " + good + " } "
	)
	for _, c := range []struct{ path, server, want string }{
		{"/ws", "location /ws { " + good + " empty_gif; }", "fails: empty_gif answers in the place of proxy_pass"},
		{"/ws", "location /ws { empty_gif; " + good + " }", "passes"},
		{"/ws", "location /ws { " + good + " fastcgi_pass c; }", "fails: fastcgi_pass cannot carry"},
		{"/ws", "location /ws { fastcgi_pass c; " + good + " }", "passes"},
		{"/ws", "location /ws { try_files $uri =404; " + good + " }", "fails: nginx answers 404"},
		{"/ws", "location /ws { try_files /none /other; " + good + " } location /other { return 204; }", "fails: nginx answers 204"},
		{"/ws", "location /ws { try_files $uri /ws; " + good + " }", "fails: nginx answers 500"},
		{"/ws", "location /ws { try_files $uri /ws/index.html; " + good + " }", "unsure"},
		{"/ws", "location /ws { if ($host = a) { proxy_pass http://b; break; } " + strings.Replace(good, "proxy_pass http://b; ", "", 1) + " }", "unsure: Upgrade and Connection reach the upstream, unless the if"},
		{"/ws", "location /ws { if ($host = a) { proxy_pass http://b; } return 426; }", "unsure: nginx answers 426"},
		{"/ws", named + "location /ws { try_files $uri @n; if ($http_upgrade) { } proxy_pass http://b; }", "fails: the request goes upstream as HTTP/1.0"},
		{"/ws", named + "location /ws { try_files $uri @n; if (!-e $request_filename) { } }", "fails: no proxy_pass"}, // an if that matches drops try_files
		{"/ws", named + "location /ws { error_page 404 = @n; root /x; }", "passes"},
		{"/ws", named + "location /ws { error_page 404 @n; root /x; }", "fails: error_page makes the answer a 404"},
		{"/ws", named + "location /ws { error_page 418 =200 @n; return 418; }", "fails: error_page makes the answer a 200"},
		{"/ws", "error_page 403 = /in; location = /in { " + good + " } location /ws { return 403; }", "passes"},
		{"/ws", "error_page 404 = @a; location @a { return 404; } location /ws { return 404; }", "fails: nginx answers 404"},
		{"/ws", "location /ws { set $c upgrade; try_files /none @k; } location @k { set $x $c; " + strings.Replace(good, " upgrade;", " $x;", 1) + " }", "passes"},
		{"/ws", "location /ws { error_page 403 = @n; } if ($http_upgrade) { return 403; } " + named, "fails: nginx answers 403"},
		{"/ws", "location /ws { rewrite ^ https://a.test$request_uri permanent; " + good + " }", "fails: nginx answers 301"},
		{"/ws", "location /ws { rewrite ^ http://a.test/; " + good + " }", "fails: nginx answers 302"},
		{"/ws", "location /ws { rewrite ^/w(.*) /x$1; " + good + " }", "unsure"},
		{"/ws", "location /ws { rewrite ^/old /x permanent; " + good + " }", "passes"},
		{"/", "location / { rewrite ^/a(.*)$ /b$1; } location /b { " + good + " }", "unsure: no proxy_pass: nginx serves files, unless the rewrite in line"},
		{"/", "location / { if ($host = a) { rewrite ^/a/ /b last; } return 404; }", "unsure: nginx answers 404 itself, unless the rewrite in line"},
		{"/", "location / { rewrite ^/a /b redirect; }", "fails: no proxy_pass"},
		{"/", "location / { rewrite ^/a /b; " + good + " }", "passes"},
		{"/ws", "location = /ws { rewrite ^/ws/a /b last; return 404; }", "fails: nginx answers 404"},
		{"/a", "location /a { rewrite ^ /ws last; } location /ws { " + good + " }", "passes"},
		{"/a", "rewrite ^ /ws last; location / { location ~ ws { " + good + " } }", "passes"},
		{"/a", "rewrite ^ /ws last;", "fails: no proxy_pass"},
		{"/ws", "location /ws { if ($host = a) { break; } return 403; }", "unsure"},
		{"/ws", "location /ws/ { " + good + " } location / { " + good + " }", "fails: nginx answers 301"},
		{"/ws", "location /ws/ { return 204; } location / { " + good + " }", "passes"},
		{"/ws", "location /ws/ { " + good + " } location = /ws { " + good + " }", "passes"},
		{"/ws", named + "location /ws/ { error_page 301 = @n; proxy_pass http://b; }", "passes"},
		{"/ws", "location /ws { internal; " + good + " }", "fails: nginx answers 404"},
		{"/ws/a", "location /ws { internal; location /ws/a { " + good + " } }", "fails: nginx answers 404"},
		{"/a", "location /a { try_files /none /ws; } location /ws { internal; " + good + " }", "passes"},
		{"/ws", "location /ws { deny 10.0.0.0/8; deny all; " + good + " }", "fails: nginx answers 403"},
		{"/ws", "location /ws { return 403; limit_except POST { } " + good + " }", "passes"},
		{"/ws", "location /ws { limit_except POST { proxy_pass http://b; } " + strings.Replace(good, "http://b", "ws://b", 1) + " }", "passes"},
		{"/ws", "location /ws { set $b ''; " + strings.Replace(good, "b;", "$b$request_uri;", 1) + " }", "fails: proxy_pass names no host"},
		{"/ws", "location /ws { if ($late = Up) { } set $c upgrade; " + strings.Replace(good, " upgrade;", " $late;", 1) + " }", "fails: Connection is sent as \"close\""},
		{"/ws", "location /ws { proxy_set_header Sec-WebSocket-Version 8; " + good + " }", "fails: Sec-WebSocket-Version"},
		{"/ws", "location /ws { " + strings.Replace(good, "$http_upgrade", `" websocket"`, 1) + " }", "passes"},
	} {
		s := server(t, "map $c $late { upgrade upgrade; default close; }", c.server)
		m := modelOf(s)
		h := m.Request(m.Route(s, c.path), WebSocket, parser.Version{Major: 1, Minor: 26, Patch: 3}).Handshake()
		if got := h.Outcome.String() + ": " + h.Reason; !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", c.server, got, c.want)
		}
	}
}
