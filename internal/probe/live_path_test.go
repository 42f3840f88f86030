package probe

import (
	"net/http"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

const slashed = "location /ws/ { proxy_pass http://APP; " + passOn + " }"

func TestPathRows(t *testing.T) {
	show(t, []scene{
		{row: "slash-redirect", server: slashed, direct: true},
		{row: "slash-redirect", name: "the other way", path: "/ws/", server: "rewrite ^/(.*)/$ /$1 permanent;\n" + good},
		{row: "scheme-redirect", server: "location / { return 301 https://$host$request_uri; }"},
		{row: "scheme-redirect", name: "before locations", server: "return 308 https://$host$request_uri;\n" + good, config: true},
		{row: "scheme-redirect", name: "another name", server: "return 301 http://www.example.test$request_uri;"},
		{row: "login-redirect", server: "location / { return 302 /login?next=$request_uri; }"},
		{row: "login-redirect", name: "single sign-on", server: "location / { return 302 https://sso.example.test/start; }"},
		{row: "other-redirect", server: "location / { return 302 /welcome; }"},
		{row: "slash-missing", path: "/ws", server: "location = /ws/ { proxy_pass http://APP; " + passOn + " }\nlocation /ws { return 404; }"},
		{row: "nginx-404", path: "/socket", server: good, direct: true},
		{row: "nginx-404", name: "with the configuration", path: "/socket", server: good, config: true},
		{row: "nginx-405", server: "location /ws { return 405; }"},
		{row: "another-page", path: "/socket", server: "location / { try_files $uri /index.html; }\n" + good, app: "uvicorn", direct: true},
		{row: "model-says-files", path: "/socket", server: "location / { root html; try_files $uri /index.html; }\n" + good, config: true},
		{row: "application-404", serve: onlyAt("/app/ws"), path: "/app/ws", server: "location /app/ { proxy_pass http://APP/; " + passOn + " }", direct: true, config: true},
		{row: "model-says-files", name: "a regular expression takes the file", path: "/ws/x.json", server: good + "\nlocation ~ ^/ws/.*\\.json$ { root html; }", config: true},
		{row: "same-404", serve: onlyAt("/app/ws"), path: "/ws", server: good, config: true},
		{row: "wrong-path-502", app: "socket.io-attached", path: "/socket.io/?EIO=4&transport=websocket", server: "location /socket.io/ { proxy_pass http://APP/; " + passOn + " }", direct: true, config: true, judge: found("stripped-endpoint", 13)},
		{row: "cached", http: "proxy_cache_path cache keys_zone=c:1m;", app: "uvicorn", direct: true, config: true,
			server: "location /ws { proxy_pass http://APP; proxy_cache c; proxy_cache_valid 200 1m; add_header X-Cache-Status $upstream_cache_status; " + passOn + " }",
			warm: func(t testing.TB, target nginxtest.Target) {
				if _, err := target.Get("/ws"); err != nil {
					t.Fatal(err)
				}
			}},
	})
}

// What is refused, by nginx or the application.
func TestRefusalRows(t *testing.T) {
	show(t, []scene{
		{row: "nginx-401", server: "auth_basic realm; auth_basic_user_file nginx.conf;\n" + good, direct: true, config: true},
		{row: "unauthorized", serve: answers(http.StatusUnauthorized, "log in\n"), server: good},
		{row: "nginx-403", server: "location /ws { deny all; proxy_pass http://APP; " + passOn + " }"},
		{row: "nginx-403", name: "limit_except", server: "location /ws { limit_except POST { deny all; } proxy_pass http://APP; " + passOn + " }", config: true},
		{row: "model-says-refused", server: "location /ws { return 403; }", config: true},
		{row: "forbidden", serve: answers(http.StatusForbidden, "Request blocked by the firewall\n"), server: good},
		{row: "limited", serve: answers(http.StatusTooManyRequests, "slowly\n"), server: good},
		{row: "limited", name: "limit_conn", http: "limit_conn_zone $server_name zone=one:1m;", direct: true, config: true,
			server: "location /ws { limit_conn one 1; proxy_pass http://APP; " + passOn + " }",
			warm: func(t testing.TB, target nginxtest.Target) {
				if c, err := nginxtest.Dial(t, target.At("/ws")); err != nil || c.Status != 101 {
					t.Fatal(c, err)
				}
			}},
		{row: "too-large", server: "large_client_header_buffers 2 1k;\n" + good, ask: func(o *Options) { o.Fields = longField }},
		{row: "too-large", name: "the path", server: "large_client_header_buffers 2 1k;\n" + good, path: "/ws?token=" + longText},
		{row: "direct-refuses", serve: answers(http.StatusNotFound, "no such room\n"), server: good, direct: true},
		{row: "direct-refuses", name: "origin", server: good, direct: true, verdict: cause.OriginRefused, ask: func(o *Options) { o.Origin = "https://another.test" }},
		{row: "direct-subprotocol", serve: answers(http.StatusBadRequest, "client must ask for the subprotocol mqtt\n"), server: good, direct: true},
	})
}
