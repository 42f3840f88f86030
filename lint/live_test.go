package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// liveCases are servers: the content of the server level, and a location whose path
// says that it is meant for WebSockets. BACKEND is a strict one.
var liveCases = []struct{ name, server, location string }{
	{"bare", "", "location /ws { proxy_pass http://BACKEND; }"},
	{"healthy", "", "location /ws { proxy_pass http://BACKEND; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }"},
	{"version only", "", "location /ws { proxy_pass http://BACKEND; proxy_http_version 1.1; }"},
	{"no version", "", "location /ws {\n proxy_pass http://BACKEND;\n proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $usual; }"},
	{"1.0", "proxy_http_version 1.0;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $usual; }"},
	{"server headers", "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $usual; proxy_set_header Host $host;", "location /ws { proxy_pass http://BACKEND; }"},
	{"server headers lost", "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $usual; proxy_set_header Host $host;", "location /ws { proxy_pass http://BACKEND; proxy_set_header X-A a; }"},
	{"server Host", "proxy_http_version 1.1;\n proxy_set_header Host $host;\n proxy_set_header X-B 'b c';", "location /ws {\n  # here\n  proxy_pass http://BACKEND; # there\n}"},
	{"Connection close", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection close; }"},
	{"Connection empty", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"\"; }"},
	{"Connection empty and upgrade", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_set_header Connection \"\"; }"},
	{"keep-alive", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection keep-alive; }"},
	{"swapped", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $usual; proxy_set_header Connection $http_upgrade; }"},
	{"misspelt", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgarde; proxy_set_header Connection upgrade; }"},
	{"add_header", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; add_header Upgrade $http_upgrade; add_header Connection upgrade; }"},
	{"http_connection", "proxy_http_version 1.1;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection; }"},
	{"set and if", "proxy_http_version 1.1;", "location /ws { set $c ''; if ($http_upgrade) { set $c upgrade; } proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $c; }"},
	{"if proxies", "proxy_http_version 1.1;", "location /ws { proxy_pass http://127.0.0.1:1; if ($http_upgrade) { proxy_pass http://BACKEND; } proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }"},
	{"nested inherits", "proxy_http_version 1.1;", "location /ws { proxy_set_header X-O o; proxy_pass http://BACKEND; location /ws/in { proxy_pass http://BACKEND; } }"},
	{"named", "proxy_http_version 1.1; proxy_set_header X-S s;", "location /ws { try_files /none @ws; } location @ws { proxy_pass http://BACKEND; proxy_set_header Upgrade $http_upgrade; }"},
	{"regex", "", "location ~ ^/(ws|wss)$ { proxy_pass http://BACKEND; proxy_set_header Host $host; }"},
	{"included headers", "", "location /ws { include headers.conf; proxy_pass http://BACKEND; }"},
	{"included at server", "include headers.conf;", "location /ws { proxy_pass http://BACKEND; }"},
	{"cleared in location", "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $usual;", "location /ws { proxy_pass http://BACKEND; proxy_set_header Connection ''; }"},
	{"answers itself", "", "location /ws { return 403; }"},
	{"timeout 0", "", "location /ws { proxy_pass http://BACKEND; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_read_timeout 0; }"},
	{"upstream with keepalive", "", "location /ws { proxy_pass http://pool; proxy_http_version 1.1; }"},
}

// liveTree writes the cases as one tree; each has a server and an address.
func liveTree(t *testing.T, backend string) (files map[string]string, addresses []string) {
	var b strings.Builder
	b.WriteString(nginxtest.Prologue + "http {\n    " + nginxtest.TempPaths + "\n")
	b.WriteString("    map $http_upgrade $usual { default upgrade; '' close; }\n    upstream pool { server BACKEND; keepalive 4; }\n")
	for _, c := range liveCases {
		address := nginxtest.FreeAddress(t)
		addresses = append(addresses, address)
		fmt.Fprintf(&b, "    server {\n        listen %s;\n        %s\n        %s\n        location /plain { proxy_pass http://BACKEND; }\n    }\n", address, c.server, c.location)
	}
	b.WriteString("}\n")
	return map[string]string{
		"nginx.conf":   strings.ReplaceAll(b.String(), "BACKEND", backend),
		"headers.conf": "proxy_set_header Host $http_host;\nproxy_set_header X-Real-IP $remote_addr;\n",
	}, addresses
}

// TestLive compares the model with running nginx, and then its predictions about the
// patch: every handshake that was called broken and fixed succeeds, every working one
// still does, and plain requests elsewhere are unchanged.
func TestLive(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		t.Run(n.Version, func(t *testing.T) {
			backend := nginxtest.StartBackend(t)
			files, addresses := liveTree(t, backend.Address)
			dir := nginxtest.Write(t, files)
			before := shakeHands(t, n, dir, addresses, backend)
			version, err := parser.ParseVersion(n.Version)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimPrefix(dir, "/")
			// That rule's fix means to change what plain requests send.
			res, err := Run(Options{FS: os.DirFS("/"), Paths: []string{name}, Version: version, Fix: true, UnsafeFixes: true, Ignore: []string{"map-closes-keepalive"}})
			if err != nil {
				t.Fatal(err)
			}
			for i, server := range res.Configs[0].Servers() {
				said := requested(server, "/ws", model.WebSocket, version).Handshake()
				if passes := said.Outcome == model.Passes; passes != before[i].passes || said.Outcome == model.Unsure {
					t.Errorf("%s: nginx answers %d, the model says it %v: %s", liveCases[i].name, before[i].status, said.Outcome, said.Reason)
				}
			}
			for _, h := range res.Held {
				if h.Fix.Refused {
					t.Errorf("held: %s: %s", h.Reason, h.Fix.Message)
				}
			}
			for _, f := range res.Left {
				if f.Severity > rules.Info {
					t.Errorf("left: %v: %s", f.Span.File.Position(f.Span.Start), f.Message)
				}
			}
			fixed := nginxtest.Write(t, files)
			for _, p := range res.Patches {
				if err := os.WriteFile(filepath.Join(fixed, filepath.Base(p.File.Name)), p.New, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			messages, _ := n.Test(dir, "nginx.conf")
			if after, ok := n.Test(fixed, "nginx.conf"); !ok || len(after) > len(messages) {
				t.Fatalf("nginx -t of the patched tree: %v", after)
			}
			moved := moveAddresses(t, fixed, addresses)
			after := shakeHands(t, n, fixed, moved, backend)
			for i, c := range liveCases {
				if want := c.name != "answers itself"; after[i].passes != want {
					t.Errorf("%s: after the patch nginx answers %d", c.name, after[i].status)
				}
				if before[i].plain != after[i].plain {
					t.Errorf("%s: /plain sent %q and now %q", c.name, before[i].plain, after[i].plain)
				}
			}
		})
	}
}

type shaken struct {
	status int
	passes bool
	plain  string // what a plain request elsewhere in the server sends
}

func shakeHands(t *testing.T, n nginxtest.Nginx, dir string, addresses []string, backend *nginxtest.Backend) []shaken {
	t.Helper()
	n.Start(t, dir, "nginx.conf", addresses[0])
	all := make([]shaken, len(addresses))
	for i, address := range addresses {
		all[i].status, all[i].passes, _ = nginxtest.Handshake(address, "/ws")
		if _, err := nginxtest.Get(address, fmt.Sprintf("/plain/%d", i)); err != nil {
			t.Fatal(err)
		}
		r := backend.Seen(fmt.Sprintf("/plain/%d", i))
		headers := r.Header.Clone()
		host := strings.ReplaceAll(r.Host, address, "ADDRESS")
		all[i].plain = fmt.Sprint(r.Proto, host, headers)
	}
	return all
}

// moveAddresses gives the servers new addresses, because those of the first run may
// still be in use.
func moveAddresses(t *testing.T, dir string, addresses []string) []string {
	t.Helper()
	path := filepath.Join(dir, "nginx.conf")
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, moved := string(src), make([]string, len(addresses))
	for i, address := range addresses {
		moved[i] = nginxtest.FreeAddress(t)
		text = strings.Replace(text, "listen "+address+";", "listen "+moved[i]+";", 1)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return moved
}
