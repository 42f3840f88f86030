package probe

import (
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// before reports whether a version is older than another.
func before(version, other string) bool {
	v, err := parser.ParseVersion(version)
	o, err2 := parser.ParseVersion(other)
	return err == nil && err2 == nil && v.Before(o)
}

// before129 reports whether a version connects to upstreams over HTTP/1.0 by default.
func before129(version string) bool { return before(version, "1.29.7") }

func since129(version string) bool { return !before129(version) }

const bare = "location /ws { proxy_pass http://APP; proxy_http_version 1.1; proxy_set_header Host $http_host; }"

// found wants the first suspect to have a finding of a rule, at a line.
func found(rule string, line int) func(*testing.T, *Case, Verdict) {
	return func(t *testing.T, c *Case, v Verdict) {
		t.Helper()
		if len(v.Suspects) == 0 || len(v.Suspects[0].Findings) == 0 {
			t.Fatal("no finding")
		}
		f := v.Suspects[0].Findings[0]
		if at := f.Span.File.Position(f.Span.Start).Line; f.Rule.Name != rule || at != line {
			t.Errorf("%s in line %d, want %s in line %d", f.Rule.Name, at, rule, line)
		}
	}
}

func TestHeaderRows(t *testing.T) {
	show(t, []scene{
		{row: "all-good", server: good},
		{row: "all-good", name: "with everything", server: good, direct: true, config: true},
		{row: "all-good", name: "gorilla", app: "gorilla", server: good, direct: true, ask: func(o *Options) { o.Send = "hello" }},
		{row: "all-good", name: "node-ws", app: "node-ws", server: good, direct: true},
		{row: "all-good", name: "socket.io", app: "socket.io", server: strings.ReplaceAll(good, "/ws", "/socket.io/"), path: "/socket.io/?EIO=4&transport=websocket", direct: true, config: true},
		{row: "all-good", name: "uvicorn", app: "uvicorn", server: good, direct: true},
		{row: "all-good", name: "python-websockets", app: "python-websockets", server: good, direct: true},
		{row: "all-good", name: "tornado", app: "tornado", server: good, direct: true},
		{row: "all-good", name: "TLS", server: strings.Replace(good, "}", "proxy_set_header X-Forwarded-Proto $scheme; }", 1), tls: true, config: true},

		{row: "upgrade-wanted", server: bare},
		{row: "upgrade-wanted", name: "with the configuration", server: bare, config: true, judge: found("missing-upgrade-headers", 13)},
		{row: "upgrade-wanted", name: "direct", server: bare, direct: true, config: true},
		{row: "upgrade-wanted", name: "gorilla", app: "gorilla", server: bare, direct: true},
		{row: "upgrade-wanted", name: "node-ws", app: "node-ws", server: bare, direct: true},
		{row: "upgrade-wanted", name: "python-websockets", app: "python-websockets", server: bare, direct: true},
		{row: "upgrade-wanted", name: "tornado", app: "tornado", server: bare, direct: true},
		{row: "upgrade-wanted", name: "keep-alive", server: "location /ws { proxy_pass http://APP; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection keep-alive; }", config: true},
		{row: "plain-page", app: "uvicorn", server: bare, direct: true},
		{row: "plain-page", name: "alone", app: "uvicorn", server: bare},
		{row: "bare-400", app: "socket.io", path: "/socket.io/?EIO=4&transport=websocket", server: strings.ReplaceAll(bare, "/ws", "/socket.io/"), direct: true},
		{row: "model-says-lost", name: "no answer", serve: silentToPlain, server: bare, config: true, ask: func(o *Options) { o.Timeout = time.Second }},
		{row: "model-says-1.0", name: "gevent-websocket", serve: answers(402, ""), only: before129, server: strings.Replace(good, "proxy_http_version 1.1;", "", 1), config: true},
		{row: "model-says-lost", app: "uvicorn", server: bare, config: true, judge: found("missing-upgrade-headers", 13)},

		{row: "http-1.0", only: before129, server: strings.Replace(good, "proxy_http_version 1.1;", "", 1)},
		{row: "http-1.0", name: "explicit", server: strings.Replace(good, "1.1", "1.0", 1), direct: true},
		{row: "model-says-1.0", app: "python-websockets", only: before129, server: strings.Replace(good, "proxy_http_version 1.1;", "", 1), config: true, direct: true, judge: found("proxy-http-version", 13)},
		{row: "handshake-only-502", serve: slams, server: bare, direct: true},
		{row: "http-2", only: since129, serve: h2cBackend, server: "location /ws { proxy_pass http://APP; proxy_http_version 2; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $minimal; }", http: "map $http_upgrade $minimal { default upgrade; '' ''; }", config: true},
		{row: "http-2", name: "with the configuration", only: since129, serve: slams, server: "location /ws { proxy_pass http://APP; proxy_http_version 2; }", config: true},
		{row: "invalid-upgrade", app: "node-ws", server: strings.Replace(good, "proxy_set_header Host", "proxy_set_header Upgrade $http_upgrade; proxy_set_header Host", 1), direct: true, config: true, judge: found("duplicate-header", 13)},
		{row: "malformed", server: strings.Replace(good, "proxy_set_header Host", "proxy_set_header Host $host; proxy_set_header Host", 1), only: hostTwiceSent, direct: true, config: true},
		{row: "model-says-twice", app: "node-ws", server: strings.Replace(good, "proxy_set_header Host", "proxy_set_header Upgrade $http_upgrade; proxy_set_header Host", 1), config: true},
		{row: "plain-refused", app: "uvicorn", server: strings.Replace(good, "$usual", "upgrade", 1), direct: true, good: true},
		{row: "origin-matters", server: strings.Replace(good, "proxy_set_header Host $http_host;", "", 1), direct: true},
		{row: "origin-matters", name: "gorilla", app: "gorilla", server: strings.Replace(good, "proxy_set_header Host $http_host;", "", 1), direct: true, config: true, judge: found("missing-host-header", 13)},
		{row: "origin-refused", name: "alone", server: good, ask: func(o *Options) { o.Origin = "https://another.test" }},
		{row: "origin-refused", server: good, direct: true, ask: func(o *Options) { o.Origin = "https://another.test" }},
		{row: "origin-refused", name: "tornado", app: "tornado", server: good, direct: true, ask: func(o *Options) { o.Origin = "https://another.test" }},
	})
}

func hostTwiceSent(version string) bool { return before(version, "1.31.4") }
