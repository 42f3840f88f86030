package probe

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// startServer runs a handler until the test ends.
func startServer(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.Listener.Addr().String()
}

// slams is an application that drops the connection of a client with a wrong
// handshake, as old servers do.
func slams(t testing.TB) string {
	return startServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-WebSocket-Key") == "" {
			return
		}
		if r.Header.Get("Upgrade") != "" {
			if c, err := websocket.Accept(w, r, nil); err == nil {
				_, _, _ = c.Read(r.Context())
			}
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.Close()
		}
	})
}

// h2cBackend speaks HTTP/2 without TLS.
func h2cBackend(t testing.TB) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// readHead reads the head of a request.
func readHead(c net.Conn) *http.Request {
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return nil
	}
	return r
}

var (
	longText  = strings.Repeat("x", 3000)
	longField = []ws.Field{{Name: "Cookie", Value: "a=" + longText}}
)

// answers is an application that gives every request one answer.
func answers(status int, body string) func(testing.TB) string {
	return func(t testing.TB) string {
		return startServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
}

// onlyAt is an application that knows one path.
func onlyAt(path string) func(testing.TB) string {
	return func(t testing.TB) string {
		return startServer(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != path {
				http.NotFound(w, r)
				return
			}
			if c, err := websocket.Accept(w, r, nil); err == nil {
				_, _, _ = c.Read(r.Context())
			}
		})
	}
}
