package nginxtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// A Backend is a strict WebSocket server. It answers 400 to a handshake over
// HTTP/1.0, with a version other than 13 or with a body; 417 to one that expects 100;
// 426 to one without exactly "Upgrade: websocket" and the token upgrade in
// Connection; and 101 to a correct one, followed by an echo of every byte. Any other
// request gets 200.
type Backend struct {
	Address string

	record func(*http.Request) // called with each request, before it is answered
	mu     sync.Mutex
	seen   map[string]*http.Request
}

// StartBackend runs a backend until the test ends.
func StartBackend(t testing.TB) *Backend { return startBackend(t, nil) }

func startBackend(t testing.TB, record func(*http.Request)) *Backend {
	b := &Backend{seen: make(map[string]*http.Request), record: record}
	s := httptest.NewServer(b)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	b.Address = s.Listener.Addr().String()
	return b
}

// Seen returns the last request for a path, or nil.
func (b *Backend) Seen(path string) *http.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen[path]
}

func (b *Backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.seen[r.URL.Path] = r
	b.mu.Unlock()
	if b.record != nil {
		b.record(r)
	}
	switch key := r.Header.Get("Sec-WebSocket-Key"); {
	case key == "":
		w.WriteHeader(http.StatusOK)
	case !r.ProtoAtLeast(1, 1), r.Header.Get("Sec-WebSocket-Version") != "13":
		w.WriteHeader(http.StatusBadRequest)
	case r.ContentLength != 0: // or chunked, which is -1
		w.WriteHeader(http.StatusBadRequest)
	case r.Header.Get("Expect") != "":
		w.WriteHeader(http.StatusExpectationFailed)
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case !strings.EqualFold(strings.Join(r.Header["Upgrade"], ","), "websocket"), !ws.HasToken(r.Header["Connection"], "upgrade"):
		w.WriteHeader(http.StatusUpgradeRequired)
	default:
		echo(w, key)
	}
}

// echo answers the handshake and sends back what it receives.
func echo(w http.ResponseWriter, key string) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, err = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + ws.Accept(key) + "\r\n\r\n")
	if err == nil && rw.Flush() == nil {
		_, _ = io.Copy(conn, rw)
	}
}
