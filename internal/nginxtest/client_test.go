package nginxtest

import (
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// startRaw runs a server that accepts every handshake and passes the connection on.
func startRaw(t *testing.T, accepted string, serve func(*net.TCPConn)) (address string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accepted + "\r\n\r\n"))
		serve(conn.(*net.TCPConn))
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func TestWaitCut(t *testing.T) {
	const pause = 200 * time.Millisecond
	for want, serve := range map[string]func(*net.TCPConn){
		"fin": func(*net.TCPConn) {},
		"reset": func(c *net.TCPConn) {
			_ = c.SetLinger(0)
		},
		"close 1001": func(c *net.TCPConn) {
			_, _ = c.Write([]byte{0x88, 2, 0x03, 0xE9})
		},
		"close 1005": func(c *net.TCPConn) {
			_, _ = c.Write([]byte{0x88, 0})
		},
		"close 4000": func(c *net.TCPConn) { // where the ping is answered, masked
			_, _ = c.Write([]byte{0x89, 1, 'x'})
			var pong [7]byte
			if n, _ := c.Read(pong[:]); n == 7 && pong[0] == 0x8A && pong[1] == 0x81 && pong[6]^pong[2] == 'x' {
				_, _ = c.Write([]byte{0x88, 2, 0x0F, 0xA0})
			}
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			address := startRaw(t, ws.Accept(key), func(c *net.TCPConn) {
				time.Sleep(pause)
				serve(c)
			})
			c, err := Dial(t, ClientOptions{Address: address})
			if err != nil {
				t.Fatal(err)
			}
			after, how, err := c.WaitCut(timeout)
			if how != want || err != nil || after < pause/2 || after > 20*pause {
				t.Errorf("cut after %v by %q, %v; want after %v by %q", after, how, err, pause, want)
			}
		})
	}
}

func TestWaitCutGivesUp(t *testing.T) {
	c, err := Dial(t, ClientOptions{Address: StartApp(t, "gorilla").Address})
	if err != nil {
		t.Fatal(err)
	}
	if after, how, err := c.WaitCut(50 * time.Millisecond); err == nil {
		t.Errorf("cut after %v by %q", after, how)
	}
}

func TestDialChecksTheAcceptKey(t *testing.T) {
	address := startRaw(t, "another", func(*net.TCPConn) {})
	if _, err := Dial(t, ClientOptions{Address: address}); err == nil || !strings.Contains(err.Error(), "another") {
		t.Errorf("error %v", err)
	}
}

func TestEchoOfEveryLength(t *testing.T) {
	a := StartApp(t, "gorilla")
	c, err := Dial(t, ClientOptions{Address: a.Address})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 125, 126, 0xFFFF, 0x10000} {
		if err := c.Echo(strings.Repeat("x", n)); err != nil {
			t.Errorf("%d bytes: %.200v", n, err)
		}
	}
}

func TestCertificate(t *testing.T) {
	file, _ := Certificate(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"localhost", "example.test", "app.example.test", "127.0.0.1"} {
		if err := cert.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
}
