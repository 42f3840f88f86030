package runnable

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

const far = `user www-data;
load_module modules/ngx_stream_module.so;
error_log /var/log/nginx/error.log;
events { worker_connections 1048576; use epoll; }
stream { server { listen 53; proxy_pass 10.0.0.1:53; } }
http {
    include mime.types;
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    upstream app { server app-1:3000 resolve; server unix:/run/app.sock weight=2; }
    more_set_headers "X-A: b";
    server {
        listen 443 ssl http2 backlog=9 proxy_protocol;
        listen [::]:443 quic;
        server_name *.example.com;
        ssl_certificate /etc/letsencrypt/live/x/fullchain.pem;
        include sites/*.conf;
        location /ws { proxy_pass http://app; deny all; }
        location ~ ^/(api|v\d+)/socket$ { proxy_pass https://$host:8443/x; }
        location /old { proxy_pass "https://api.example.com/new path"; limit_except GET { deny all; } }
    }
    server { server_name second; return 204; }
}
`

func ground() *Ground {
	n := 0
	return &Ground{
		Free:        func() string { n++; return fmt.Sprintf("127.0.0.1:%d", 20_000+n) },
		Upstream:    func(s string) string { return fmt.Sprintf("127.0.0.1:%d", 30_000+len(s)) },
		Certificate: "c.pem", Key: "k.pem",
	}
}

func load(t *testing.T, files map[string]string, name string) *parser.Config {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	cfg, err := parser.Load(fsys, name, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

var farFiles = map[string]string{"nginx.conf": far, "sites/b.conf": "location = /b { return 204; }\n", "sites/a.conf": "location /a/ { grpc_pass grpc://far:1; }\n"}

func TestRunnable(t *testing.T) {
	cfg := load(t, farFiles, "nginx.conf")
	g := ground()
	tree := g.Runnable(model.New(cfg, nil))
	all := ""
	for _, text := range tree.Files {
		all += text
	}
	for _, gone := range []string{"www-data", "load_module", "epoll", "1048576", "stream {", "mime.types", "more_set", "app-1", "unix:", "resolve weight", "resolve;", "quic", "backlog", "proxy_protocol", "letsencrypt", "https:", "far:1", "/var/log"} {
		if strings.Contains(all, gone) {
			t.Errorf("%q is still there", gone)
		}
	}
	for _, there := range []string{"weight=2", "ssl http2;", "http://app", "limit_except GET { deny all; }", `/new path"`, "connection_upgrade", "return 204"} {
		if !strings.Contains(all, there) {
			t.Errorf("%q is gone", there)
		}
	}
	if again := g.Runnable(model.New(cfg, nil)); !slices.Equal(again.Doors, tree.Doors) || again.Files["0-nginx.conf"] != tree.Files["0-nginx.conf"] {
		t.Error("another time it is another tree")
	}
	if door := tree.Doors[0]; !door.Own.TLS || !door.Front.TLS || door.Front.Host != "stand-in.example.com" || door.Own.Address == door.Front.Address {
		t.Errorf("the first door is %+v", door)
	}
	if tree.Doors[1].Front.TLS || tree.Doors[1].Front.Host != "second" {
		t.Errorf("the second door is %+v", tree.Doors[1])
	}
}

// What is made runs, and has the servers and locations of the original.
func TestRunnableRuns(t *testing.T) {
	cfg := load(t, farFiles, "nginx.conf")
	g := ground()
	g.Free = func() string { return nginxtest.FreeAddress(t) }
	g.Certificate, g.Key = nginxtest.Certificate(t)
	for _, n := range nginxtest.Installed(t) {
		t.Run(n.Version, func(t *testing.T) { // it ends before the next one uses its addresses
			tree := g.Runnable(model.New(cfg, nil))
			dir := nginxtest.Write(t, tree.Files)
			if messages, ok := n.Test(dir, tree.Main); !ok {
				t.Fatal(messages)
			}
			n.Start(t, dir, tree.Main, tree.Doors[0].Own.Address)
			if status, err := tree.Doors[0].Own.Get("/b"); err != nil || status != 204 {
				t.Errorf("/b: %d, %v", status, err)
			}
		})
	}
}

// If nginx has HTTP/3, a socket with quic is kept, at the port of the TLS socket next
// to it.
func TestRunnableHTTP3(t *testing.T) {
	const text = "server { listen 443 ssl; listen 443 quic reuseport; http2 on; http3 on; } server { listen 80; }"
	g := ground()
	g.HTTP3 = true
	tree := g.Runnable(model.New(load(t, map[string]string{"x.conf": text}, "x.conf"), nil))
	door := tree.Doors[0]
	if want := "listen " + door.Front.Address + " quic;"; !strings.Contains(tree.Files["0-x.conf"], want) {
		t.Errorf("no %q in %s", want, tree.Files["0-x.conf"])
	}
	if door.HTTP2.Address != door.Front.Address || door.HTTP3.Address != door.Front.Address || len(door.Over()) != 2 {
		t.Errorf("the door is %+v", door)
	}
	if over := tree.Doors[1].Over(); len(over) > 0 {
		t.Errorf("the other server speaks %v", over)
	}
}

func TestRunnableFragments(t *testing.T) {
	for text, want := range map[string]string{
		"server { listen 80; location / { proxy_pass http://a; } }\n":              "http {",
		"location / { proxy_pass http://a; }\nlocation /b { return 204; }\n":       "server {",
		"proxy_set_header Connection $connection_upgrade;\nproxy_pass http://a;\n": "location / {",
	} {
		g := ground()
		g.Free = func() string { return nginxtest.FreeAddress(t) }
		g.Certificate, g.Key = nginxtest.Certificate(t)
		tree := g.Runnable(model.New(load(t, map[string]string{"x.conf": text}, "x.conf"), nil))
		if !strings.Contains(tree.Files[tree.Main], want) {
			t.Errorf("%q lies in\n%s", text, tree.Files[tree.Main])
		}
		for _, n := range nginxtest.Available() {
			if messages, ok := n.Test(nginxtest.Write(t, tree.Files), tree.Main); !ok {
				t.Errorf("%v: %q: %v", n, text, messages)
			}
		}
	}
}

// A main file defines what a fragment used before a patch, and nothing that the
// patch brought into use.
func TestRunnableFragmentAgain(t *testing.T) {
	g := ground()
	for _, text := range []string{"location / { return 200 $mine; }\n", "location / { return 200 $mine$new; }\n"} {
		tree := g.Runnable(model.New(load(t, map[string]string{"x.conf": text}, "x.conf"), nil))
		if main := tree.Files[tree.Main]; !strings.Contains(main, "$mine {") || strings.Contains(main, "$new {") {
			t.Errorf("%q lies in\n%s", text, main)
		}
	}
}

// What nginx refuses everywhere stays.
func TestRunnableKeepsWhatIsRefused(t *testing.T) {
	tree := ground().Runnable(model.New(load(t, map[string]string{"x.conf": "server { ssl_certificate ; ssl_certificate_key /k.pem; }\n"}, "x.conf"), nil))
	if text := tree.Files["0-x.conf"]; !strings.Contains(text, "ssl_certificate ;") || strings.Contains(text, "/k.pem") {
		t.Error(text)
	}
}

func TestPaths(t *testing.T) {
	cfg := load(t, farFiles, "nginx.conf")
	got := Paths(model.New(cfg, nil), cfg.Servers()[0])
	want := []string{"/a/", "/a/stand-in", "/b", "/ws", "/ws/stand-in", "/api/socket", "//api/socket", "/old", "/old/stand-in"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
