package probe

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
)

const manyServers = `events {}
http {
    upstream pool { server 127.0.0.1:3001; server 127.0.0.1:3002; }
    server { listen 80; server_name chat.test; return 301 https://$host$request_uri; }
    server {
        listen 443 ssl; server_name chat.test;
        proxy_read_timeout 90s;
        location /ws { proxy_pass http://127.0.0.1:3000; }
        location /pool { proxy_pass http://pool; }
        location /sub/ { proxy_pass http://127.0.0.1:3000/; }
        location /tls { proxy_pass https://127.0.0.1:3443; }
        location /try { try_files $uri @app; }
        location @app { proxy_pass http://127.0.0.1:3009; }
    }
    server { listen 8080; server_name other.test; location / { proxy_pass http://127.0.0.1:4000; } }
}
`

func locate(t *testing.T, text, url string) *Place {
	t.Helper()
	p, err := Locate(lint.Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(text)}}, Paths: []string{"nginx.conf"}}, parseURL(t, url))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A URL is found by name and port; by name alone where ports are mapped, and
// where there is one server only.
func TestLocate(t *testing.T) {
	for url, want := range map[string]struct {
		line   int // of the location; 0 for none
		direct string
	}{
		"wss://chat.test/ws":            {8, "ws://127.0.0.1:3000/ws"},
		"wss://chat.test/ws?a=b":        {8, "ws://127.0.0.1:3000/ws?a=b"},
		"wss://chat.test/pool":          {9, ""},
		"wss://chat.test/sub/x":         {10, ""},
		"wss://chat.test/tls":           {11, "wss://127.0.0.1:3443/tls"},
		"wss://chat.test/try/it":        {12, "ws://127.0.0.1:3009/try/it"},
		"wss://chat.test:9443/ws":       {8, "ws://127.0.0.1:3000/ws"},
		"wss://other.test/":             {5, ""}, // the default server of the port
		"wss://other.test:9443/":        {15, "ws://127.0.0.1:4000/"},
		"ws://unknown.test:8080/":       {15, "ws://127.0.0.1:4000/"},
		"ws://unknown.test:9999/":       {0, ""},
		"wss://CHAT.test./ws":           {8, "ws://127.0.0.1:3000/ws"},
		"wss://chat.test/ws%2Fescaped/": {8, "ws://127.0.0.1:3000/ws%2Fescaped/"},
	} {
		p := locate(t, manyServers, url)
		line := 0
		if p != nil && p.Location.Opener != nil {
			line = p.Location.Opener.Span().File.Position(p.Location.Opener.Span().Start).Line
		}
		if line != want.line || p.DirectURL(parseURL(t, url)) != want.direct {
			t.Errorf("%s: line %d, %q; want %v", url, line, p.DirectURL(parseURL(t, url)), want)
		}
	}
	if p := locate(t, manyServers, "ws://chat.test/ws"); p == nil || p.Request.Answer != "301" {
		t.Errorf("port 80 is not the server that redirects: %v", p)
	}
	const ports = "events {}\nhttp { server { listen 21730; server_name example.test; location / { return 200; } }\nserver { listen 21731; location / { return 201; } } }\n"
	if p := locate(t, ports, "ws://example.test:21731/"); p == nil || p.Request.Answer != "201" || p.ByName || !p.ByPort {
		t.Errorf("the port does not choose the server: %v", p)
	}
	if p := locate(t, ports, "ws://example.test:80/"); p == nil || p.Request.Answer != "200" || !p.ByName || p.ByPort {
		t.Errorf("the name does not tell where no port does: %v", p)
	}
	const one = "events {}\nhttp { server { listen 8080; location / { proxy_pass http://127.0.0.1:3000; } } }\n"
	if p := locate(t, one, "wss://example.test/ws"); p == nil || p.ByName {
		t.Errorf("the only server is not taken: %v", p)
	}
}

// What is found counts for the probed location alone, and in full.
func TestPlaceFindings(t *testing.T) {
	p := locate(t, manyServers, "wss://chat.test/tls")
	if p.ReadTimeout != 90*time.Second || p.ReadAt == nil || p.Model.Outcome != model.Fails {
		t.Errorf("%v, %v", p.ReadTimeout, p.Model)
	}
	found := p.Found(cause.HeadersLost)
	if len(found) != 1 || found[0].Span.File.Position(found[0].Span.Start).Line != 11 || found[0].Intent.Level.String() != "certain" {
		t.Errorf("%v", found)
	}
	patches, unsafe, err := p.Fix(cause.HeadersLost)
	if err != nil || unsafe || len(patches) != 1 {
		t.Fatal(patches, unsafe, err)
	}
	after := locate(t, string(patches[0].New), "wss://chat.test/tls")
	if after.Model.Outcome != model.Passes {
		t.Errorf("after the patch: %v\n%s", after.Model, patches[0].New)
	}
	if other := locate(t, string(patches[0].New), "wss://chat.test/ws"); other.Model.Outcome != model.Fails {
		t.Errorf("the patch mends another location, too\n%s", patches[0].New)
	}
	var none *Place
	if none.Found(cause.HeadersLost) != nil || none.DirectURL(parseURL(t, "ws://a.test/")) != "" {
		t.Error("there is something at no place")
	}
}
