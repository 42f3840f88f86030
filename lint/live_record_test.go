package lint

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// A recorder puts a strict backend behind a listener that keeps what comes in,
// byte by byte: net/http joins and hides lines that are to be compared. One
// record serves all backends of a run, which asks one thing after another.
type record struct {
	mu   sync.Mutex
	sent []*exchange
}

// An exchange is what one connection of nginx's brought since the last reset.
type exchange struct {
	backend string // its address
	raw     bytes.Buffer
}

func (r *record) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = nil
}

// requests are the heads of requests that came since the last reset.
func (r *record) requests() []upstreamRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []upstreamRequest
	for _, e := range r.sent {
		if head, _, ok := strings.Cut(e.raw.String(), "\r\n\r\n"); ok {
			all = append(all, upstreamRequest{e.backend, strings.Split(head, "\r\n")})
		}
	}
	return all
}

// An upstreamRequest is a request as a backend saw it.
type upstreamRequest struct {
	backend string
	lines   []string // the request line and the header
}

// values returns the values of a header, in order.
func (q upstreamRequest) values(name string) []string {
	var all []string
	for _, line := range q.lines[1:] {
		if n, v, _ := strings.Cut(line, ":"); strings.EqualFold(n, name) {
			all = append(all, strings.TrimPrefix(v, " "))
		}
	}
	return all
}

// start runs a strict backend that writes into the record.
func (r *record) start(t testing.TB) (address string) {
	strict := nginxtest.StartBackend(t)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Sec-WebSocket-Key") != "" && q.Header.Get("Sec-WebSocket-Version") != "13" {
			w.WriteHeader(http.StatusUpgradeRequired) // RFC 6455, section 4.4
			return
		}
		strict.ServeHTTP(w, q)
	}))
	s.Listener = keeper{s.Listener, r}
	s.Start()
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.Listener.Addr().String()
}

type keeper struct {
	net.Listener
	record *record
}

func (k keeper) Accept() (net.Conn, error) {
	c, err := k.Listener.Accept()
	return &keptConn{Conn: c, record: k.record, backend: k.Addr().String()}, err
}

type keptConn struct {
	net.Conn
	record  *record
	backend string
	current *exchange
}

func (c *keptConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.record.mu.Lock()
		defer c.record.mu.Unlock()
		if all := c.record.sent; c.current == nil || len(all) == 0 || all[len(all)-1] != c.current {
			c.current = &exchange{backend: c.backend}
			c.record.sent = append(all, c.current)
		}
		c.current.raw.Write(b[:n])
	}
	return n, err
}
