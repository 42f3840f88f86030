package model

import (
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// server loads the body of a server below an http block and returns the server.
func server(t *testing.T, http, body string) *parser.Context {
	t.Helper()
	cfg := load(t, tree("nginx.conf", "http { "+http+" server { "+body+" } }"), "nginx.conf", parser.Options{})
	s := cfg.Servers()
	return s[len(s)-1]
}

func TestRoute(t *testing.T) {
	s := server(t, "", `location / { } location /ws { location /ws/in { } location ~ x$ { } } location = /ws { } location ^~ /static { }
		location ~ \.php$ { } location ~* ^/API { } location ~ (?<!a)b { }`)
	for path, want := range map[string]string{
		"/": "/", "/other": "/", "/ws": "= /ws", "/ws/": "/ws", "/ws/in/1": "/ws/in", "/ws/zx": "~ x$", "/static/a.php": "^~ /static",
		"/a.php": `~ \.php$`, "/api/v1": "~* ^/API", "//ws//a": "/ws", "/ws/in/a.php": `~ \.php$`,
	} {
		var words []string
		for _, p := range modelOf(s).Route(s, path).Opener.Params() {
			words = append(words, p.Value())
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%s reaches %q, want %q", path, got, want)
		}
	}
	if s := server(t, "", "location /a { }"); modelOf(s).Route(s, "/b") != s {
		t.Error("a path that fits no location stays in the server")
	}
}

const someMaps = `map $http_upgrade $m { default upgrade; '' close; } map $http_upgrade $re { ~*^web upgrade; }
	map $http_upgrade $only { default upgrade; } map $http_upgrade $twice { default a; } map $http_upgrade $twice { default b; }
	map $m $chain { upgrade $http_connection; } map $host $unknown { default a; b c; } map $x $y { default $y; }
	map $http_upgrade $WebSocket_Key { WEBSOCKET yes; default no; }`

func TestEvaluate(t *testing.T) {
	s := server(t, someMaps, "")
	for _, c := range []struct {
		expr, ws, plain string // plain "?" and the like: not known
	}{
		{"$http_upgrade", "websocket", ""}, {"${http_upgrade}x", "websocketx", "x"}, {"$HTTP_UPGRADE", "websocket", ""},
		{"$http_upgarde", "", ""}, {"$http_conection", "", ""}, {"$m", "upgrade", "close"}, {"$M", "upgrade", "close"}, {"$re", "upgrade", ""},
		{"$only", "upgrade", "upgrade"}, {"$twice", "b", "b"}, {"$chain", "Upgrade", ""}, {"$websocket_key", "yes", "no"},
		{"$unknown", "?", "?"}, {"$y", "?", "?"}, {"$http_connection", "Upgrade", "?"}, {"$host", "?", "?"}, {"a$", "a$", "a$"}, {"$1", "?", "?"},
	} {
		for kind, want := range map[Kind]string{WebSocket: c.ws, Plain: c.plain} {
			got := modelOf(s).Evaluate(c.expr, kind)
			if want == "?" && got.Known || want != "?" && (!got.Known || got.Text != want) {
				t.Errorf("%s for kind %d is %+v, want %q", c.expr, kind, got, want)
			}
		}
	}
}

// A handshake's way through a location, told as outcome and reason.
func TestHandshake(t *testing.T) {
	const good = "proxy_pass http://b; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "
	old, now := parser.Version{Major: 1, Minor: 22, Patch: 1}, parser.Version{Major: 1, Minor: 29, Patch: 7}
	for _, c := range []struct {
		location string
		version  parser.Version
		want     string
	}{
		{good + "upgrade;", old, "passes"}, {good + "$m;", old, "passes"}, {good + "close;", old, "fails"}, {good + "$undefined;", old, "unsure"},
		{good + `"keep-alive, Upgrade";`, old, "passes"}, {good + "$only;", old, "passes"},
		{"proxy_pass http://b; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;", old, "fails: the request goes upstream as HTTP/1.0"},
		{"proxy_pass http://b; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;", now, "passes"},
		{"proxy_pass http://b;", now, "fails: no Upgrade header is sent"}, {"return 403;", now, "fails: nginx answers 403 itself"},
		{"root /x;", now, "fails: no proxy_pass"}, {"grpc_pass b;", now, "fails: grpc_pass"}, {"uwsgi_pass b;", now, "passes"},
		{good + "upgrade; proxy_set_header upgrade websocket;", old, "fails: Upgrade is sent 2 times"},
		{good + "upgrade; proxy_method POST;", old, "fails: proxy_method"}, {good + "upgrade; deny all;", old, "fails: nginx answers 403"},
		{good + "upgrade; allow 10.0.0.0/8; deny all;", old, "passes"}, {good + "upgrade; satisfy any; deny all;", old, "fails"},
		{good + "upgrade; limit_except POST { deny all; }", old, "fails: nginx answers 403"}, {good + "upgrade; limit_except GET { deny all; }", old, "passes"},
		{good + "upgrade; proxy_hide_header Upgrade;", old, "fails"}, {good + "upgrade; proxy_read_timeout 0;", old, "fails"},
		{good + "upgrade; proxy_set_header Sec-WebSocket-Key '';", old, "fails: Sec-WebSocket-Key"}, {good + "upgrade; proxy_pass_request_headers off;", old, "fails"},
		{good + "upgrade; proxy_set_header Content-Length 5;", old, "fails: Content-Length is sent as \"5\""}, {good + "upgrade; proxy_set_header content-length $arg_n;", old, "unsure: content-length is"},
		{good + "upgrade; proxy_set_header Transfer-Encoding chunked;", old, "fails: Transfer-Encoding"}, {good + "upgrade; proxy_set_header Expect 100-continue;", old, "fails: Expect"},
		{good + "upgrade; proxy_set_header Content-Length 0;", old, "passes"}, {good + "upgrade; proxy_set_header Content-Length $content_length; proxy_set_header TE trailers;", old, "passes"},
		{good + "upgrade; auth_request /a;", old, "unsure"}, {good + "upgrade; include none;", old, "unsure"},
		{good + "upgrade; if ($http_upgrade) { return 400; }", old, "fails: nginx answers 400"}, {good + "upgrade; if ($http_upgrade = '') { return 400; }", old, "passes"},
		{good + "upgrade; if ($http_upgrade != websocket) { return 400; }", old, "passes"}, {good + "upgrade; if ($request_method !~ ^(GET|POST)$) { return 405; }", old, "passes"},
		{good + "upgrade; if ($host = a) { return 301; }", old, "unsure"}, {good + "$c; set $c ''; if ($http_upgrade) { set $c upgrade; }", old, "passes"},
		{good + "$c; set $c upgrade; if ($host) { set $c close; }", old, "unsure"}, {good + "upgrade; rewrite ^/x /y break;", old, "passes"},
		{"error_page 418 = @n; return 418;", old, "passes"}, {"try_files $uri @n;", old, "passes"}, {"try_files $uri /index.html;", old, "fails"},
	} {
		s := server(t, someMaps, "location /ws { "+c.location+" } location @n { "+good+"upgrade; }")
		h := modelOf(s).Request(modelOf(s).Route(s, "/ws"), WebSocket, c.version).Handshake()
		if got := h.Outcome.String() + ": " + h.Reason; !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", c.location, got, c.want)
		}
	}
}

func TestListens(t *testing.T) {
	s := server(t, "server { listen 8080 http2; }", "listen 8080; listen 127.0.0.1:80; listen [::]:443 ssl http2; listen unix:/x; listen localhost; listen 443 quic;")
	want := []string{"*:8080", "127.0.0.1:80", "[::]:443", "unix:/x", "localhost:80", "*:443"}
	for i, l := range s.Listens() {
		if l.Address != want[i] || l.HTTP2 != (i == 2) || l.Plaintext() != (i != 2 && i != 5) {
			t.Errorf("%s: %+v", want[i], l)
		}
	}
	if socket := modelOf(s).Sockets()["*:8080"]; len(socket.Listens) != 2 || !socket.HTTP2 || !socket.Plaintext {
		t.Errorf("two servers share the socket, got %+v", socket)
	}
	if l := server(t, "", "").Listens(); len(l) != 1 || l[0].Address != "*:80" {
		t.Errorf("a server without listen: %v", l)
	}
}
