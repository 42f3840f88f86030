package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// What ends before there is an answer, with nginx.
func TestNetworkRows(t *testing.T) {
	toTLS := func(o *Options) { o.URL.Scheme = "wss" }
	show(t, []scene{
		{row: "certificate", server: good, tls: true, ask: func(o *Options) { o.Insecure = false }},
		{row: "tls-to-plain-port", server: good, ask: toTLS},
		{row: "plain-to-tls-port", server: good, tls: true, ask: func(o *Options) { o.URL.Scheme = "ws" }},
		{row: "http2-plain-port", listen: " http2", only: func(v string) bool { return before(v, "1.25.1") }, server: good, config: true},
		{row: "closed", server: "location / { return 444; }"},
		{row: "closed-handshake", direct: true, config: true, judge: found("upgrade-in-subrequest", 16),
			server: passOn + "\nlocation /ws { auth_request /auth; proxy_pass http://APP; }\nlocation = /auth {\n proxy_pass http://APP; }"},
		{row: "silent-all", serve: silent, server: good, ask: impatient},
		{row: "silent-handshake", serve: silentToHandshakes, server: good, ask: impatient},
		{row: "plain-silent", serve: accepts("", pongs), server: strings.Replace(good, "$http_upgrade", "websocket", 1), direct: true, good: true, ask: impatient},
	})
}

func impatient(o *Options) { o.Timeout = time.Second }

// silent is an application that accepts connections and sends nothing.
func silent(t testing.TB) string {
	return nginxtest.ServeTCP(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
}

func silentToHandshakes(t testing.TB) string {
	return startServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			<-r.Context().Done()
		}
	})
}

// silentToPlain answers handshakes only, as Node's ws does on a server that has no
// handler of its own.
func silentToPlain(t testing.TB) string {
	return startServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			<-r.Context().Done()
		}
	})
}

// pongs answers pings until the other side closes.
func pongs(c net.Conn) { pongsFor(c, 10*time.Second) }

// pongsFor answers pings for a time; it reports whether the other side is still
// there.
func pongsFor(c net.Conn, d time.Duration) bool { return framesFor(c, d, func(byte) {}) }

// framesFor also tells of each frame.
func framesFor(c net.Conn, d time.Duration, came func(first byte)) bool {
	_ = c.SetDeadline(time.Now().Add(d))
	defer func() { _ = c.SetDeadline(time.Time{}) }()
	head := make([]byte, 6)
	for {
		if _, err := io.ReadFull(c, head); err != nil {
			return timedOut(err)
		}
		payload := make([]byte, head[1]&0x7f)
		if _, err := io.ReadFull(c, payload); err != nil || head[0] == 0x88 {
			return false
		}
		for i := range payload {
			payload[i] ^= head[2+i%4]
		}
		came(head[0])
		if head[0] == 0x89 {
			_, _ = c.Write(append([]byte{0x8A, byte(len(payload))}, payload...))
		}
	}
}

// Where there is no nginx at all.
func TestNetworkRowsWithoutNginx(t *testing.T) {
	for row, target := range map[string]func(*testing.T) (string, func(*Options)){
		"no-name":     func(*testing.T) (string, func(*Options)) { return "ws://no-such-host.invalid/ws", nil },
		"port-closed": func(t *testing.T) (string, func(*Options)) { return "ws://" + nginxtest.FreeAddress(t) + "/ws", nil },
		"unreachable": func(*testing.T) (string, func(*Options)) {
			return "ws://127.0.0.1:1/ws", func(o *Options) { o.Timeout = 1 }
		},
		"not-http":        func(t *testing.T) (string, func(*Options)) { return "ws://" + nginxtest.ServeTCP(t, ssh) + "/ws", nil },
		"http2-only-edge": func(t *testing.T) (string, func(*Options)) { return "wss://" + startTLS(t, onlyH2) + "/ws", nil },
		"tls-fails":       func(t *testing.T) (string, func(*Options)) { return "wss://" + startTLS(t, noConfig) + "/ws", nil },
		"plain-to-tls-port": func(t *testing.T) (string, func(*Options)) {
			return "ws://" + startTLS(t, func(*tls.Config) {}) + "/ws", nil
		},
		"client-proxy": func(t *testing.T) (string, func(*Options)) {
			refuses := startServer(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
			return "ws://chat.example.test/ws", func(o *Options) {
				o.Proxy = func(*url.URL) (*url.URL, error) { return parseURL(t, "http://user:secret@"+refuses), nil }
			}
		},
	} {
		t.Run(row, func(t *testing.T) {
			text, ask := target(t)
			opt := Options{URL: parseURL(t, text), Timeout: 5 * time.Second, Tries: 1, Insecure: true}
			if ask != nil {
				ask(&opt)
			}
			through, _, err := Run(context.Background(), opt)
			if err != nil {
				t.Fatal(err)
			}
			c := &Case{Through: through}
			scene{row: row}.check(t, c, Judge(c))
		})
	}
}

func ssh(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2p1\r\n"); readHead(c) }

// startTLS runs a server that speaks TLS as it is set.
func startTLS(t testing.TB, set func(*tls.Config)) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{}
	s.StartTLS()
	t.Cleanup(s.Close)
	l := s.Listener.Addr().String()
	if set == nil {
		return l
	}
	config := s.TLS.Clone()
	config.NextProtos = nil
	set(config)
	tl, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler(), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(tl) }()
	t.Cleanup(func() { server.Close() })
	return tl.Addr().String()
}

// onlyH2 is an edge without HTTP/1.1; Go's own servers are lenient there.
func onlyH2(c *tls.Config) {
	c.NextProtos = []string{"h2"}
	c.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if !slices.Contains(hello.SupportedProtos, "h2") {
			return nil, errors.New("h2 only")
		}
		return nil, nil
	}
}

func noConfig(c *tls.Config) {
	c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("no such name") }
}
