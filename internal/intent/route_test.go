package intent

import (
	"slices"
	"strings"
	"testing"
)

func TestReadExpression(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`^/ws$`, "/ws"},
		{`^/ws(/.*)?$`, "/ws /ws/*"},
		{`^/(api|ws)/`, "/api/ /ws/"},
		{`^/(ws|websocket|wss)`, "/websocket /ws /wss"},
		{`/api/kernels/[^/]+/channels`, "/api/kernels/*/channels"},
		{`/api/v[0-9]+/(users/)?websocket$`, "/api/v*/users/websocket /api/v*/websocket"},
		{`\.(js|css)$`, ".css .js"},
		{`^/Videos/(.*)/(?!live)`, "/Videos/*/"},
		{`^/(?<section>.*)`, "/*"},
		{`^/socket\.io`, "/socket.io"},
		{`(?>ws)++`, "*ws*"}, // PCRE only
		{`^/stream$`, "/stream"},
	} {
		got := readExpression(test.expr)
		slices.Sort(got)
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.expr, got, test.want)
		}
	}
}

func TestReadExpressionIsBounded(t *testing.T) {
	if n := len(readExpression(strings.Repeat("(a|b|c|d)?x*", 40))); n > maxRoutes {
		t.Errorf("%d paths, want %d at most", n, maxRoutes)
	}
	if n := len(readExpression("(" + strings.Repeat("a?", 200) + ")?")); n > maxRoutes {
		t.Errorf("%d paths, want %d at most", n, maxRoutes)
	}
}

func TestNewRoute(t *testing.T) {
	for path, want := range map[string]string{
		"/":         "",
		"/*":        "",
		"/a//b/":    "a b",
		"/a/*/b/*/": "a * b",
		"@named":    "@named",
	} {
		if got := strings.Join(newRoute(path).segments, " "); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
