package rules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// works are configurations of which the pages say in passing that they work.
var works = []struct{ page, text, path string }{
	{"missing-upgrade-headers", `location /ws { UP; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection; }`, "/ws"},
	{"missing-upgrade-headers", `location /ws { UP; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "keep-alive, Upgrade"; }`, "/ws"},
	{"missing-upgrade-headers", `location /ws { UP; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection ""; proxy_set_header Connection upgrade; }`, "/ws"},
	{"missing-upgrade-headers", `location /ws { UP; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $any; }`, "/ws"},
}

const up = "proxy_pass http://127.0.0.1:3000; proxy_http_version 1.1"

func example(server string) fence {
	text := "map $http_upgrade $any { ~*websocket Upgrade; }\nserver { listen 8080;\n" + server + "\n}\n"
	return fence{text: strings.ReplaceAll(text, "UP", up)}
}

func TestWhatWorks(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		for _, w := range works {
			target, app := example(w.text).start(t, n, "coder")
			if got := handshake(t, target, app, w.path); got != "101" {
				t.Errorf("%s: %v: %s ends %s", w.page, n, w.text, got)
			}
		}
	}
}

// What the page of http2-listen says: beside TLS, HTTP/2 harms no one who
// offers HTTP/1.1; and http2 acts on the socket.
func TestHTTP2BesideTLS(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		f := fence{text: strings.ReplaceAll(`
server { listen 8443 ssl; server_name one.test; location /ws { UP; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; } }
server { listen 8443 ssl http2; server_name two.test; return 204; }
`, "UP", up)}
		target, app := f.start(t, n, "coder")
		if !target.TLS {
			t.Fatal("no TLS")
		}
		if got := handshake(t, target, app, "/ws"); got != "101" {
			t.Errorf("%v: ends %s", n, got)
		}
		if got := target.Protocol(t, "h2", "http/1.1"); got != "h2" {
			t.Errorf("%v: the socket speaks %q", n, got)
		}
	}
}

// What the page of short-read-timeout says of what starts the time anew, and of
// proxy_send_timeout.
func TestWhatKeepsAlive(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		t.Run(n.Version, func(t *testing.T) {
			t.Parallel()
			f := example(`location /ws { UP; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_read_timeout 2s; }
				location /send { UP; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_send_timeout 1s; }`)
			target, app := f.start(t, n, "coder")
			pinging, err := nginxtest.Dial(t, target.At("/ws"))
			if err != nil {
				t.Fatal(err)
			}
			idle, err := nginxtest.Dial(t, target.At("/send"))
			if err != nil {
				t.Fatal(err)
			}
			for range 4 {
				time.Sleep(time.Second)
				if err := pinging.Ping(); err != nil {
					t.Fatalf("cut in spite of pings: %v", err)
				}
			}
			if err := app.Echo(idle, "still there"); err != nil {
				t.Errorf("cut by proxy_send_timeout: %v", err)
			}
			if took, how, err := pinging.WaitCut(10 * time.Second); err != nil || how != "fin" {
				t.Errorf("after the pings: %v, %s, %v", took, how, err)
			}
		})
	}
}

// What the page of missing-ip-hash says of backup, and of keepalive.
func TestNginxRefusesIPHashBeforeBackup(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		for text, want := range map[string]bool{
			"upstream a { ip_hash; server 127.0.0.1:1; server 127.0.0.1:2 backup; }\n": false,
			"upstream a { server 127.0.0.1:1; server 127.0.0.1:2; ip_hash; }\n":        true,
		} {
			dir := nginxtest.Write(t, map[string]string{"nginx.conf": before + nginxtest.TempPaths + text + after})
			if _, ok := n.Test(dir, "nginx.conf"); ok != want {
				t.Errorf("%v takes %s: %v", n, text, ok)
			}
		}
	}
}

// What the page of missing-resolver says of names that nginx knows all the same.
func TestKnownNamesNeedNoResolver(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		f := example(`location /ws { proxy_pass http://localhost:3000$request_uri; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }
			location / { proxy_pass http://localhost:3000; }`)
		f.options = []string{"real"}
		target, app := f.start(t, n, "coder")
		if got := handshake(t, target, app, "/ws"); got != "101" {
			t.Errorf("%v: ends %s", n, got)
		}
	}
}
