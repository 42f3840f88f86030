package probe

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// TestTimeoutIsOfTheWhole: whatever the number of requests and answers, nothing is
// waited for after the timeout. The limit in the test is ten times that: each request
// used to have the whole timeout for itself.
func TestTimeoutIsOfTheWhole(t *testing.T) {
	const timeout = 300 * time.Millisecond
	flood := func(frame string) func(net.Conn) {
		return func(c net.Conn) {
			if r := readHead(c); r != nil {
				withoutEnd(c, fmt.Sprintf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", ws.Accept(r.Header.Get("Sec-WebSocket-Key"))), frame)
			}
		}
	}
	for name, serve := range map[string]func(net.Conn){
		"silence":   func(c net.Conn) { readHead(c); time.Sleep(20 * timeout) },
		"pings":     flood("\x89\x00"),
		"fragments": flood("\x01\x01x"),
		"pongs":     flood("\x8a\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opt := Options{URL: parseURL(t, "ws://"+nginxtest.ServeTCP(t, serve)+"/ws?EIO=4&transport=websocket"), Timeout: timeout, Tries: MaxTries}
			ctx, stop := context.WithTimeout(context.Background(), 10*timeout)
			defer stop()
			q, _, err := Run(ctx, opt)
			if err != nil {
				t.Fatalf("it goes on after %s", 10*timeout)
			}
			if len(q.Answers) == 0 {
				t.Error("nothing was asked")
			}
		})
	}
}

// TestShare: the questions together never have more time than is left.
func TestShare(t *testing.T) {
	for n := 1; n <= 50; n++ {
		left, spent := time.Second, time.Duration(0)
		for i := range n {
			k := Again
			if i == 0 {
				k = Handshake
			}
			d := share(left, n-i, k)
			spent, left = spent+d, left-d
			if d <= 0 {
				t.Errorf("question %d of %d has no time", i, n)
			}
		}
		if spent > time.Second {
			t.Errorf("%d questions take %s", n, spent)
		}
	}
	if share(-time.Second, 3, Again) != 0 {
		t.Error("less than nothing")
	}
}
