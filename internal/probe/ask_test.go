package probe

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// heads keeps the heads of the requests that a server gets, byte for byte.
func heads(t *testing.T) (address string, all func() []string) {
	var mu sync.Mutex
	var seen []string
	address = nginxtest.ServeTCP(t, func(c net.Conn) {
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		r := bufio.NewReader(c)
		var b strings.Builder
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			if b.WriteString(line); line == "\r\n" {
				break
			}
		}
		mu.Lock()
		seen = append(seen, b.String())
		mu.Unlock()
		_, _ = io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})
	return address, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(seen)
	}
}

// keyLine is the line that differs each time.
const keyLine = "Sec-WebSocket-Key: KEY"

func withoutKeys(heads []string) []string {
	keys := make(map[string]bool)
	for i, h := range heads {
		lines := strings.Split(h, "\r\n")
		for j, line := range lines {
			if strings.HasPrefix(line, "Sec-WebSocket-Key: ") {
				keys[line], lines[j] = true, keyLine
			}
		}
		heads[i] = strings.Join(lines, "\r\n")
	}
	if len(keys) != strings.Count(strings.Join(heads, ""), keyLine) {
		heads = append(heads, "a key was used twice")
	}
	return heads
}

// TestWhatIsSent compares every byte that is sent with the expected ones.
func TestWhatIsSent(t *testing.T) {
	address, all := heads(t)
	opt := Options{
		URL: parseURL(t, "ws://example.test:8080/ws?room=1"), Timeout: 5 * time.Second, Tries: 2,
		Resolve: map[string]string{"example.test:8080": address},
		Fields:  []ws.Field{{Name: "cookie", Value: "a=b"}}, Subprotocols: []string{"mqtt", "chat"},
	}
	if _, _, err := Run(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	handshake := func(uri, connection, origin string) string {
		return "GET " + uri + " HTTP/1.1\r\nHost: example.test:8080\r\nUpgrade: websocket\r\nConnection: " + connection + "\r\n" + origin +
			"Sec-WebSocket-Version: 13\r\n" + keyLine + "\r\nSec-WebSocket-Protocol: mqtt, chat\r\ncookie: a=b\r\n\r\n"
	}
	const origin = "Origin: http://example.test:8080\r\n"
	want := []string{
		handshake("/ws?room=1", "Upgrade", origin),
		"GET /ws?room=1 HTTP/1.1\r\nHost: example.test:8080\r\ncookie: a=b\r\n\r\n",
		handshake("/ws/?room=1", "Upgrade", origin),
		handshake("/ws?room=1", "keep-alive, Upgrade", origin),
		handshake("/ws?room=1", "Upgrade", ""),
		handshake("/ws?room=1", "Upgrade", origin),
	}
	if got := withoutKeys(all()); !slices.Equal(got, want) {
		t.Errorf("sent\n%q\nwant\n%q", got, want)
	}
}

// A Host of the user's is sent once, and in its place.
func TestHostIsSentOnce(t *testing.T) {
	address, all := heads(t)
	opt := Options{URL: parseURL(t, "ws://"+address+"/"), Timeout: 5 * time.Second, Tries: 1, Fields: []ws.Field{{Name: "host", Value: "other.test"}}}
	if _, _, err := Run(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	for _, h := range all() {
		if strings.Count(strings.ToLower(h), "\r\nhost: ") != 1 || !strings.Contains(h, "Host: other.test\r\n") {
			t.Errorf("sent %q", h)
		}
	}
}

// The user's values replace the default ones. The application itself gets the public
// Host and Origin.
func TestWhatIsSetIsSent(t *testing.T) {
	address, all := heads(t)
	direct, allDirect := heads(t)
	opt := Options{
		URL: parseURL(t, "ws://"+address+"/public"), Direct: parseURL(t, "ws://"+direct+"/inner"), Timeout: 5 * time.Second, Tries: 1,
		Fields: []ws.Field{{Name: "SEC-WebSocket-Version", Value: "8"}}, Origin: "https://page.test",
	}
	if _, _, err := Run(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	for _, h := range append(all(), allDirect()...) {
		if !strings.Contains(h, "Host: "+address+"\r\n") || strings.Contains(h, "Upgrade") && (!strings.Contains(h, "SEC-WebSocket-Version: 8") || strings.Contains(h, "Version: 13")) ||
			strings.Contains(h, "Origin: ") && !strings.Contains(h, "Origin: https://page.test\r\n") {
			t.Errorf("sent %q", h)
		}
	}
	if got := allDirect(); len(got) != len(all()) || !strings.HasPrefix(got[0], "GET /inner HTTP/1.1") {
		t.Errorf("--direct was sent %q", got)
	}
}

func TestOriginAndHost(t *testing.T) {
	for text, want := range map[string][2]string{
		"wss://example.test/":      {"https://example.test", "example.test"},
		"wss://example.test:443/":  {"https://example.test", "example.test"},
		"wss://example.test:8443/": {"https://example.test:8443", "example.test:8443"},
		"ws://[::1]:8080/":         {"http://[::1]:8080", "[::1]:8080"},
		"ws://[::1]/":              {"http://[::1]", "[::1]"},
	} {
		u := parseURL(t, text)
		if origin, host := (Options{URL: u}).origin(), hostField(u); origin != want[0] || host != want[1] {
			t.Errorf("%s: Origin %s, Host %s", text, origin, host)
		}
	}
	if got := (Options{URL: parseURL(t, "ws://a.test/"), Origin: "none"}).origin(); got != "" {
		t.Errorf("none is sent as %q", got)
	}
}

func TestOtherSlash(t *testing.T) {
	for path, want := range map[string]string{"/ws": "/ws/", "/ws/": "/ws", "/": "", "/a%2Fb?c=/": "/a%2Fb/?c=/", "/ws/?a": "/ws?a"} {
		if got, _ := otherSlash(parseURL(t, "ws://a.test"+path)); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// A proxy that makes connections is gone through, and gets the credentials.
func TestThroughProxy(t *testing.T) {
	app := nginxtest.StartApp(t, "coder").Address
	var asked, credentials string
	proxy := startServer(t, func(w http.ResponseWriter, r *http.Request) {
		asked, credentials = r.Method+" "+r.Host, r.Header.Get("Proxy-Authorization")
		nginxtest.Tunnel(w, app)
	})
	opt := Options{URL: parseURL(t, "ws://chat.example.test/ws"), Timeout: 5 * time.Second, Tries: 1}
	opt.Proxy = func(*url.URL) (*url.URL, error) { return parseURL(t, "http://user:secret@"+proxy), nil }
	through, _, err := Run(context.Background(), opt)
	if err != nil || !through.Of(Handshake).OK() {
		t.Errorf("%v, %v", through.Of(Handshake), err)
	}
	if asked != "CONNECT chat.example.test:80" || credentials != "Basic dXNlcjpzZWNyZXQ=" {
		t.Errorf("the proxy was asked %q with %q", asked, credentials)
	}
}

// An end of the context ends everything at once.
func TestInterrupted(t *testing.T) {
	opt := Options{URL: parseURL(t, "ws://"+silent(t)+"/ws"), Timeout: time.Minute, Tries: 1}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, _, err := Run(ctx, opt); err == nil {
		t.Error("no error")
	}
}
