package probe

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// Servers that never come to an end: reading is bounded in size and time.
func TestHostileServers(t *testing.T) {
	forever := func(c net.Conn, begin, more string) {
		readHead(c)
		withoutEnd(c, begin, more)
	}
	frames := func(frame string) func(net.Conn) {
		return func(c net.Conn) {
			r := readHead(c)
			if r == nil {
				return
			}
			withoutEnd(c, fmt.Sprintf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", ws.Accept(r.Header.Get("Sec-WebSocket-Key"))), frame)
		}
	}
	for name, serve := range map[string]func(net.Conn){
		"headers": func(c net.Conn) { forever(c, "HTTP/1.1 200 OK\r\n", "X-More: and more\r\n") },
		"a line":  func(c net.Conn) { forever(c, "HTTP/1.1 200 OK\r\nX-Long: ", strings.Repeat("x", 4096)) },
		"a body":  func(c net.Conn) { forever(c, "HTTP/1.1 200 OK\r\n\r\n", strings.Repeat("x", 4096)) },
		"interim": func(c net.Conn) { forever(c, "", "HTTP/1.1 103 Early Hints\r\n\r\n") },
		"garbage": func(c net.Conn) { forever(c, "", "\x00\xff") },
		"pings":   frames("\x89\x00"),
		"texts":   frames("\x81\x02hi"),
		"huge":    frames("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"),
		"masked":  frames("\x81\x81abcdx"),
		"slowly":  func(c net.Conn) { slowly(c, "HTTP/1.1 200 OK\r\nX-Long: "+strings.Repeat("x", 1000)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opt := Options{URL: parseURL(t, "ws://"+nginxtest.ServeTCP(t, serve)+"/ws"), Timeout: 500 * time.Millisecond, Tries: 1, Hold: 200 * time.Millisecond}
			done := make(chan *Inquiry, 1)
			go func() {
				through, _, _ := Run(context.Background(), opt)
				done <- through
			}()
			select {
			case q := <-done:
				for _, a := range q.Answers {
					if a.OK() && name != "texts" || len(a.Body) > maxBody || len(a.Raw) > maxRaw || len(a.Pings) > maxPings {
						t.Errorf("%s: %v, %d bytes", a.Kind, a.Describe(), len(a.Body))
					}
				}
				if f := q.Of(Handshake).Failure; name == "headers" && (f == nil || f.Kind != NotHTTP) || name == "a line" && (f == nil || !strings.Contains(f.Message, "too long")) {
					t.Errorf("it was read on: %v", f)
				}
				_ = Judge(&Case{Through: q})
			case <-time.After(30 * time.Second):
				t.Error("it does not come to an end")
			}
		})
	}
}

func withoutEnd(c net.Conn, begin, more string) {
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	_, err := io.WriteString(c, begin)
	for err == nil {
		_, err = io.WriteString(c, more)
	}
}

func slowly(c net.Conn, text string) {
	readHead(c)
	for _, b := range []byte(text) {
		if _, err := c.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
