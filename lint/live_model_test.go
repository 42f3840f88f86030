package lint

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A modelCase is a location that the model has to judge as nginx treats it. BACKEND is
// a strict application, OK and NO are servers that answer 200 and 403. UP stands for
// the lines that pass the upgrade on.
type modelCase struct {
	name, server, location string
	want                   model.Outcome
	passes                 string // the paths, separated by spaces, at which a handshake passes
	fails                  string // those at which it fails
}

var modelCases = []modelCase{
	{"port and capture", "", "location ~ ^/api/(v1|v2)/ws { UP proxy_pass http://BACKEND$1; }", model.Fails, "", "/api/v1/ws"},
	{"port and a capture that may be empty", "", "location ~ ^/ws/(.*)$ { UP proxy_pass http://BACKEND$1; }", model.Unsure, "/ws/", "/ws/chat /ws//chat"},
	{"port and a capture with a slash", "", "location ~ ^/ws(/.*)$ { UP proxy_pass http://BACKEND$1; }", model.Passes, "/ws/chat", ""},
	{"port and a capture that may be anything", "", "location ~ ^/ws(.*)$ { UP proxy_pass http://BACKEND$1; }", model.Passes, "/ws/chat", ""},
	{"port and a named capture", "", "location ~ ^/ws/(?<rest>[a-z]+)$ { UP proxy_pass http://BACKEND$rest; }", model.Fails, "", "/ws/chat"},
	{"upstream and capture", "", "location ~ ^/ws/(.*)$ { UP proxy_pass http://app$1; }", model.Unsure, "/ws/", "/ws/chat"},
	{"port and map", "", "location /ws { UP proxy_pass http://BACKEND$usual; }", model.Fails, "", "/ws"},
	{"two schemes", "", "location /ws { UP set $b http://BACKEND; proxy_pass http://$b; }", model.Fails, "", "/ws"},
	{"two schemes and an upstream", "", "location /ws { UP set $b http://app; proxy_pass http://$b; }", model.Fails, "", "/ws"},
	{"scheme of the client and a scheme", "", "location /ws { UP set $b http://BACKEND; proxy_pass $scheme://$b$request_uri; }", model.Fails, "", "/ws"},
	{"no scheme", "", "location /ws { UP set $b BACKEND; proxy_pass $b; }", model.Fails, "", "/ws"},
	{"one scheme", "", "location /ws { UP set $b BACKEND; proxy_pass http://$b; }", model.Passes, "/ws", ""},
	{"all servers down", "", "location /ws { UP proxy_pass http://down; }", model.Fails, "", "/ws"},
	{"one server down", "", "location /ws { UP proxy_pass http://half; }", model.Passes, "/ws", ""},

	{"method of a header", "", "location /ws { UP proxy_method $http_nope; proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"key of a header", "", "location /ws { UP proxy_set_header Sec-WebSocket-Key $http_nope; proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"version of a header", "", "location /ws { UP proxy_set_header Sec-WebSocket-Version $http_sec_websocket_key; proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"own key and version", "", "location /ws { UP proxy_set_header Sec-WebSocket-Version $http_sec_websocket_version; proxy_set_header Sec-WebSocket-Key $http_sec_websocket_key; proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"second Upgrade, empty", "", "location /ws { UP proxy_set_header UPGRADE $http_nope; proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"second Upgrade of a subprotocol", "", "location /ws { UP proxy_set_header UPGRADE $http_sec_websocket_protocol; proxy_pass http://BACKEND; }", model.Unsure, "/ws", ""},
	{"second Upgrade of Host", "", "location /ws { UP proxy_set_header UPGRADE $host; proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},

	{"hidden and passed", "", "location /ws { UP proxy_pass http://BACKEND; proxy_hide_header Upgrade; proxy_pass_header upgrade; }", model.Passes, "/ws", ""},
	{"hidden and passed above", "proxy_pass_header Upgrade;", "location /ws { UP proxy_pass http://BACKEND; proxy_hide_header Upgrade; }", model.Passes, "/ws", ""},
	{"hidden and added", "", "location /ws { UP proxy_pass http://BACKEND; proxy_hide_header Upgrade; add_header Upgrade $http_upgrade always; }", model.Passes, "/ws", ""},
	{"hidden and added, not always", "", "location /ws { UP proxy_pass http://BACKEND; proxy_hide_header Upgrade; add_header Upgrade $http_upgrade; }", model.Fails, "", "/ws"},
	{"accept hidden and added", "", "location /ws { UP proxy_pass http://BACKEND; proxy_hide_header Sec-WebSocket-Accept; add_header Sec-WebSocket-Accept $upstream_http_sec_websocket_accept always; }", model.Passes, "/ws", ""},
	{"hidden", "", "location /ws { UP proxy_pass http://BACKEND; proxy_hide_header upgrade; }", model.Fails, "", "/ws"},

	{"mirror into its own location", "", "location /ws { UP proxy_pass http://BACKEND; mirror /ws; }", model.Fails, "", "/ws"},
	{"mirror into the same location", "", "location / { UP proxy_pass http://BACKEND; mirror /copy; }", model.Unsure, "", "/ws"},
	{"mirror that upgrades", "UP", "location /ws { proxy_pass http://BACKEND; mirror /copy; } location /copy { internal; proxy_pass http://BACKEND; }", model.Unsure, "", "/ws"},
	{"mirror that does not", "", "location /ws { UP proxy_pass http://BACKEND; mirror /copy; } location /copy { internal; proxy_pass http://OK; }", model.Passes, "/ws", ""},
	{"mirror that answers", "", "location /ws { UP proxy_pass http://BACKEND; mirror /copy; } location /copy { return 204; }", model.Passes, "/ws", ""},
	{"auth_request into its own location", "", "location /ws { UP proxy_pass http://BACKEND; auth_request /ws; }", model.Fails, "", "/ws"},
	{"auth_request into the same location", "", "location / { UP proxy_pass http://BACKEND; auth_request /verify; }", model.Unsure, "", "/ws"},
	{"auth_request that upgrades", "UP", "location /ws { proxy_pass http://BACKEND; auth_request /auth; } location /auth { internal; proxy_pass http://BACKEND; }", model.Unsure, "", "/ws"},
	{"auth_request that allows", "", "location /ws { UP proxy_pass http://BACKEND; auth_request /auth; } location /auth { internal; proxy_pass http://OK; }", model.Passes, "/ws", ""},
	{"auth_request that refuses", "", "location /ws { UP proxy_pass http://BACKEND; auth_request /auth; } location /auth { return 403; }", model.Fails, "", "/ws"},
	{"auth_request that answers", "", "location /ws { UP proxy_pass http://BACKEND; auth_request /auth; } location /auth { return 204; }", model.Passes, "/ws", ""},
	{"auth_request that is not found", "", "location /ws { UP proxy_pass http://BACKEND; auth_request /auth; } location /auth { return 404; }", model.Fails, "", "/ws"},

	{"redirected", "", "location /ws { UP proxy_pass http://BACKEND; rewrite ^ https://x.example/ redirect; }", model.Fails, "", "/ws /ws/a"},
	{"redirected by name", "", "location /ws { UP proxy_pass http://BACKEND; rewrite ^/ws(.*)$ https://x.example/$1 permanent; }", model.Fails, "", "/ws /ws/a"},
	{"an if drops try_files", "", "location /ws { UP proxy_pass http://BACKEND; try_files $uri =404; if ($uri ~ ^/ws) { set $a 1; } }", model.Passes, "/ws /ws/a", ""},
	{"an if that no path of the location meets", "", "location /ws { UP proxy_pass http://BACKEND; if ($request_uri ~ ^/admin) { return 403; } }", model.Passes, "/ws /ws/a", ""},
	{"an if that some paths meet", "", "location /ws { UP proxy_pass http://BACKEND; if ($uri ~ ^/ws/a) { return 403; } }", model.Unsure, "/ws", "/ws/a"},

	{"a rewrite that leaves nothing", "", "location /ws { UP proxy_pass http://BACKEND; rewrite ^/ws(.*)$ $1 break; }", model.Unsure, "/ws/a", "/ws"},
	{"a rewrite that leaves nothing of the only path", "", "location = /ws { UP proxy_pass http://BACKEND; rewrite ^/ws(.*) $1 break; }", model.Fails, "", "/ws"},
	{"a rewrite that leaves no slash", "", "location /ws/ { UP proxy_pass http://BACKEND; rewrite ^/ws/(.*)$ $1 break; }", model.Unsure, "", "/ws/ /ws/a"},
	{"a rewrite that leaves a slash", "", "location /ws/ { UP proxy_pass http://BACKEND; rewrite ^/ws/(.*)$ /$1 break; }", model.Passes, "/ws/ /ws/a", ""},
	{"a rewrite that leaves a path", "", "location /api/ws { UP proxy_pass http://BACKEND; rewrite ^/api(.*)$ $1 break; }", model.Passes, "/api/ws /api/ws/a", ""},

	{"no Host", "", "location /ws { UP proxy_set_header Host ''; proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"robots", "if ($robot) { return 403; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"robots, asked twice", "if ($robot) { return 403; }", "location /ws { if ($robot) { return 403; } UP proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"no browsers", "if ($http_user_agent ~ Mozilla) { return 403; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"some browsers", "if ($http_user_agent ~ Firefox) { return 403; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Unsure, "", ""},
	{"an address", "if ($remote_addr = 192.0.2.1) { return 403; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Unsure, "/ws", ""},
	{"an address, and no headers", "if ($remote_addr = 192.0.2.1) { return 403; }", "location /ws { proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"an address and an error page", "error_page 403 = @ws; if ($remote_addr = 127.0.0.1) { return 403; }", "location /ws { proxy_pass http://BACKEND; } location @ws { UP proxy_pass http://BACKEND; }", model.Unsure, "/ws", ""},
	{"only over TLS", "if ($scheme = http) { return 301 https://$host$request_uri; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"not over TLS", "if ($https) { return 403; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"a proxy that speaks TLS", "if ($http_x_forwarded_proto = http) { return 301 https://$host$request_uri; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"only behind a proxy that speaks TLS", "if ($http_x_forwarded_proto != https) { return 301 https://$host$request_uri; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Unsure, "", "/ws"},
	{"maintenance", "if (-f /nonexistent/maintenance.html) { return 503; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"what is no file", "", "location /ws { UP if (!-f $request_filename) { proxy_pass http://BACKEND; break; } }", model.Passes, "/ws", ""},
	{"no referer", "if ($http_referer = '') { return 403; }", "location /ws { UP proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
}

const upgradeLines = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $usual; "

// modelTree writes the cases as one tree; each has a server and an address.
func modelTree(t *testing.T, backend string) (text string, addresses []string) {
	var b strings.Builder
	ok, no := nginxtest.FreeAddress(t), nginxtest.FreeAddress(t)
	b.WriteString(nginxtest.Prologue + "http {\n    " + nginxtest.TempPaths + "\n")
	b.WriteString("    map $http_upgrade $usual { default upgrade; '' close; }\n    map $http_user_agent $robot { default 0; '' 1; ~*(bot|curl|python) 1; }\n")
	b.WriteString("    upstream app { server BACKEND; }\n    upstream down { server BACKEND down; }\n    upstream half { server BACKEND; server 127.0.0.1:1 down; }\n")
	fmt.Fprintf(&b, "    server { listen %s; return 200; }\n    server { listen %s; return 403; }\n", ok, no)
	for _, c := range modelCases {
		address := nginxtest.FreeAddress(t)
		addresses = append(addresses, address)
		fmt.Fprintf(&b, "    server {\n        listen %s;\n        %s\n        %s\n    }\n", address, c.server, c.location)
	}
	b.WriteString("}\n")
	return strings.NewReplacer("BACKEND", backend, "UP ", upgradeLines, "UP\n", upgradeLines+"\n", "//OK", "//"+ok, "//NO", "//"+no).Replace(b.String()), addresses
}

// TestLiveModel compares what the model says of locations with what each nginx does
// with a handshake of a browser there.
func TestLiveModel(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		t.Run(n.Version, func(t *testing.T) {
			backend := nginxtest.StartBackend(t)
			text, addresses := modelTree(t, backend.Address)
			dir := nginxtest.Write(t, map[string]string{"nginx.conf": text})
			n.Start(t, dir, "nginx.conf", addresses[0])
			version, err := parser.ParseVersion(n.Version)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := parser.Load(mapFS(map[string]string{"nginx.conf": text}), "nginx.conf", parser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			servers := cfg.Servers()[2:]
			for i, c := range modelCases {
				c.check(t, servers[i], addresses[i], version)
			}
		})
	}
}

func (c modelCase) check(t *testing.T, server *parser.Context, address string, v parser.Version) {
	t.Helper()
	passes, fails := strings.Fields(c.passes), strings.Fields(c.fails)
	for i, path := range append(passes, fails...) {
		status, passed, _ := nginxtest.Handshake(address, path)
		if passed && strings.Contains(c.location, "mirror") { // nginx cuts when the mirror's 101 comes, a little later
			_, passed, _ = nginxtest.Target{Address: address}.HandshakeAfter(path, 500*time.Millisecond)
		}
		if want := i < len(passes); passed != want {
			t.Errorf("%s: a handshake at %s ends with %d; passes: %v", c.name, path, status, passed)
		}
		if h := requested(server, path, model.WebSocket, v).Handshake(); h.Outcome != c.want {
			t.Errorf("%s: the model says of %s that it %v: %s", c.name, path, h.Outcome, h.Reason)
		}
	}
	if c.want == model.Passes && len(fails) > 0 || c.want == model.Fails && len(passes) > 0 {
		t.Errorf("%s: some handshakes pass and some fail, and the model is not to be unsure", c.name)
	}
}
