package nginxtest

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Backend is a strict WebSocket server: it answers a handshake over HTTP/1.0
// with 400, one without exactly "Upgrade: websocket" and the token upgrade in
// Connection with 426, and a right one with 101 and an echo of every byte that
// follows. A path below /plain is answered with 200.
type Backend struct {
	Address string

	mu   sync.Mutex
	seen map[string]*http.Request
}

// StartBackend runs a backend until the test ends.
func StartBackend(t testing.TB) *Backend {
	b := &Backend{seen: make(map[string]*http.Request)}
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
	switch key := r.Header.Get("Sec-WebSocket-Key"); {
	case key == "":
		w.WriteHeader(http.StatusOK)
	case !r.ProtoAtLeast(1, 1):
		w.WriteHeader(http.StatusBadRequest)
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case !strings.EqualFold(strings.Join(r.Header["Upgrade"], ","), "websocket"), !lists(r.Header["Connection"], "upgrade"):
		w.WriteHeader(http.StatusUpgradeRequired)
	default:
		echo(w, key)
	}
}

func lists(values []string, token string) bool {
	for _, v := range strings.Split(strings.Join(values, ","), ",") {
		if strings.EqualFold(strings.TrimSpace(v), token) {
			return true
		}
	}
	return false
}

// echo answers the handshake and sends back what comes.
func echo(w http.ResponseWriter, key string) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, err = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
	if err == nil && rw.Flush() == nil {
		_, _ = io.Copy(conn, rw)
	}
}

// accept is RFC 6455, section 4.2.2.
func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

const key = "dGhlIHNhbXBsZSBub25jZQ=="

// Handshake asks for a WebSocket at a path and returns the status, and whether
// with a 101 the accept key was right and a byte came back.
func Handshake(address, path string) (status int, echoes bool, err error) {
	conn, resp, r, err := ask(address, path, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "+key+"\r\n")
	if err != nil {
		return 0, false, err
	}
	defer conn.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Accept") != accept(key) {
		return resp.StatusCode, false, nil
	}
	if _, err := conn.Write([]byte("x")); err != nil {
		return resp.StatusCode, false, err
	}
	c, err := r.ReadByte()
	return resp.StatusCode, err == nil && c == 'x', err
}

// Get sends a plain request.
func Get(address, path string) (status int, err error) {
	conn, resp, _, err := ask(address, path, "")
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	return resp.StatusCode, nil
}

func ask(address, path, headers string) (net.Conn, *http.Response, *bufio.Reader, error) {
	conn, err := net.DialTimeout("tcp", address, timeout)
	if err != nil {
		return nil, nil, nil, err
	}
	_ = conn.SetDeadline(deadline())
	if _, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: example.test\r\n"+headers+"\r\n"); err == nil {
		r := bufio.NewReader(conn)
		var resp *http.Response
		if resp, err = http.ReadResponse(r, nil); err == nil {
			return conn, resp, r, nil
		}
	}
	conn.Close()
	return nil, nil, nil, err
}

// timeout bounds each exchange of the client.
const timeout = 10 * time.Second

func deadline() time.Time { return time.Now().Add(timeout) }
