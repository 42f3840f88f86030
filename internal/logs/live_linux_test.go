package logs

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// A scene makes nginx write a kind of line: a location /ws/KIND, and how often it
// is asked for.
type scene struct {
	kind     string
	location string
	asks     int  // 1 unless set
	reset    bool // the client resets the connection when it is upgraded
	leave    bool // the client goes away without an answer
}

const passOn = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_read_timeout 1s; "

// scenes before RAW, which does what the end of the path says; nothing listens at
// CLOSED, and FULL takes no more connections.
var scenes = []scene{
	{kind: "upgraded-timeout", location: "proxy_pass http://RAW/open;"},
	{kind: "lasted-read-timeout", location: "proxy_pass http://RAW/open;", asks: 4 * few}, // a busy machine may cut some of them late
	{kind: "upgraded-client-timeout", location: "proxy_pass http://RAW/flood; send_timeout 1s;"},
	{kind: "upgraded-client-reset", location: "proxy_pass http://RAW/open;", asks: few, reset: true},
	{kind: "upgraded-reset", location: "proxy_pass http://RAW/open-reset;"},
	{kind: "connect-failed", location: "proxy_pass http://CLOSED;"},
	{kind: "connect-timeout", location: "proxy_pass http://FULL; proxy_connect_timeout 1s;"},
	{kind: "no-live-upstreams", location: "proxy_pass http://dead;", asks: 2},
	{kind: "no-resolver", location: "proxy_pass http://localhost:8000$request_uri;"},
	{kind: "not-resolved", location: "resolver CLOSED; resolver_timeout 1s; set $to app.test; proxy_pass http://$to;"},
	{kind: "tls-failed", location: "proxy_pass https://RAW;"},
	{kind: "tls-name", location: "proxy_pass https://LISTENTLS; proxy_ssl_verify on; proxy_ssl_trusted_certificate OTHERCERT;"},
	{kind: "tls-no-answer", location: "proxy_pass https://MUTE; proxy_connect_timeout 1s;"},
	{kind: "no-http", location: "proxy_pass http://RAW/ssh;"},
	{kind: "invalid-header", location: "proxy_pass http://RAW/bad-header;"},
	{kind: "reset-before-answer", location: "proxy_pass http://RAW/reset;"},
	{kind: "closed-before-answer", location: "proxy_pass http://RAW/close;"},
	{kind: "answer-timeout", location: "proxy_pass http://RAW/silent;"},
	{kind: "client-gave-up", location: "proxy_pass http://RAW/silent;", leave: true},
	{kind: "limit-conn", location: "limit_conn one 1; proxy_pass http://RAW/open;", asks: 2},
	{kind: "limit-req", location: "limit_req zone=slow; proxy_pass http://RAW/open;", asks: 2},
	{kind: "access-denied", location: "deny all;"},
	{kind: "no-password", location: "auth_basic x; auth_basic_user_file none;"},
	{kind: "invalid-upstream", location: "set $port x; proxy_pass http://127.0.0.1:$port;"},
	{kind: "no-such-file", location: "root html;"},
	{kind: "session-unknown", location: "return 400;", asks: few},
	{kind: "answer-426", location: "return 426;"},
	{kind: "answer-400", location: "return 400;"},
	{kind: "answer-200", location: "return 200 page;"},
	{kind: "answer-redirect", location: "return 301 /ws/;"},
	{kind: "answer-401", location: "auth_basic x; auth_basic_user_file none;"},
	{kind: "answer-403", location: "deny all;"},
	{kind: "answer-404", location: "root html;"},
	{kind: "answer-499", location: "proxy_pass http://RAW/silent;", leave: true},
	{kind: "answer-500", location: "return 500;"},
	{kind: "answer-502", location: "proxy_pass http://CLOSED;"},
	{kind: "answer-503", location: "return 503;"},
	{kind: "answer-504", location: "proxy_pass http://RAW/silent;"},
}

// TestLive has each kind written by every nginx, and read again.
func TestLive(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		t.Run(n.Version, func(t *testing.T) {
			t.Parallel()
			dir, address := startScenes(t, n)
			var wg sync.WaitGroup
			for _, s := range scenes {
				wg.Go(func() { s.play(t, address) })
			}
			wg.Wait()
			for _, s := range scenes {
				s.check(t, dir)
			}
		})
	}
}

func startScenes(t *testing.T, n nginxtest.Nginx) (dir, address string) {
	t.Helper()
	address, tlsAddress := nginxtest.FreeAddress(t), nginxtest.FreeAddress(t)
	cert, key := nginxtest.Certificate(t)
	other, _ := nginxtest.Certificate(t)
	var b strings.Builder
	for _, s := range scenes {
		fmt.Fprintf(&b, "location /ws/%s { %s%s }\n", s.kind, passOn, s.location)
	}
	text := nginxtest.Prologue + "http {\n" + strings.ReplaceAll(nginxtest.TempPaths, "access_log off;", "") + `
log_format timed '$host [$time_iso8601] "$request" $status $request_time';
access_log access.log timed;
limit_conn_zone $binary_remote_addr zone=one:1m;
limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/m;
upstream dead { server CLOSED; server CLOSED2; }
server { listen LISTENTLS ssl; ssl_certificate CERT; ssl_certificate_key KEY; }
server {
listen LISTEN;
server_name example.test;
` + b.String() + "}\n}\n"
	text = strings.NewReplacer(
		"RAW", rawServer(t), "MUTE", muteServer(t), "FULL", fullServer(t), "CLOSED2", nginxtest.FreeAddress(t), "CLOSED", nginxtest.FreeAddress(t),
		"LISTENTLS", tlsAddress, "LISTEN", address, "OTHERCERT", other, "CERT", cert, "KEY", key,
	).Replace(text)
	dir = nginxtest.Write(t, map[string]string{"nginx.conf": text})
	n.Start(t, dir, "nginx.conf", address)
	return dir, address
}

// play asks, and waits for the end of each connection, all at once.
func (s scene) play(t *testing.T, address string) {
	path := "/ws/" + s.kind
	if s.kind == "session-unknown" {
		path += "?EIO=4&transport=polling&sid=abc"
	}
	for range max(1, s.asks) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { conn.Close() })
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: example.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path)
		if s.leave {
			time.Sleep(300 * time.Millisecond) // for nginx to have asked the application
			conn.Close()
			return
		}
		_, err = bufio.NewReaderSize(conn, 16).ReadString('\n')
		if err != nil {
			t.Errorf("%s: %v", s.kind, err)
		}
		if s.reset {
			_ = conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}
	}
}

// check reads the logs until the kind is in them.
func (s scene) check(t *testing.T, dir string) {
	t.Helper()
	for range 100 {
		l := readLogs(t, dir)
		for _, g := range l.Groups {
			for _, sign := range g.Signs {
				if sign.Kind.Name == s.kind && strings.HasPrefix(sign.Example.URI, "/ws/"+s.kind) {
					s.placed(t, g)
					return
				}
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "error.log"))
	t.Errorf("%s is not seen:\n%s", s.kind, text)
}

// placed wants the group to name the scene's location, where the linter was asked.
func (s scene) placed(t *testing.T, g *Group) {
	t.Helper()
	if g.location == nil || g.location.Opener.Words() != "location /ws/"+s.kind {
		t.Errorf("%s is placed at %v", s.kind, g.location)
	}
	if s.kind == "no-resolver" && g.Place != nil && len(g.Findings) == 0 {
		t.Errorf("%s: the linter finds nothing", s.kind)
	}
}

func readLogs(t *testing.T, dir string) *Log {
	t.Helper()
	site, err := NewSite(lint.Options{FS: os.DirFS(dir), Paths: []string{"nginx.conf"}})
	if err != nil {
		t.Fatal(err)
	}
	l := New(site, nil)
	readInto(t, l, filepath.Join(dir, "error.log"), filepath.Join(dir, "access.log"))
	return l
}

// readInto reads files into a log, and judges it.
func readInto(t *testing.T, l *Log, names ...string) {
	t.Helper()
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Read(filepath.Base(name), f); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if err := l.Judge(); err != nil {
		t.Fatal(err)
	}
}

// rawServer does what the end of the path says.
func rawServer(t *testing.T) string {
	return nginxtest.ServeTCP(t, func(conn net.Conn) {
		r := bufio.NewReader(conn)
		q, err := http.ReadRequest(r)
		if err != nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
			_, _ = io.Copy(io.Discard, r)
			return
		}
		act, _, _ := strings.Cut(strings.TrimPrefix(q.URL.Path, "/"), "/")
		if strings.HasPrefix(act, "open") || act == "flood" {
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		}
		switch act {
		case "flood":
			for err == nil {
				_, err = conn.Write(make([]byte, 1<<16))
			}
		case "open-reset", "reset":
			_ = conn.(*net.TCPConn).SetLinger(0)
			return
		case "close":
			return
		case "ssh":
			_, _ = io.WriteString(conn, "\x15\x03\x01\x00\x02\x02\x46 no HTTP\r\n\r\n")
			return
		case "bad-header":
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUp\x00grade: websocket\r\n\r\n")
			return
		}
		_, _ = io.Copy(io.Discard, r)
	})
}

// muteServer accepts connections and sends nothing.
func muteServer(t *testing.T) string {
	return nginxtest.ServeTCP(t, func(conn net.Conn) {
		_, _ = io.Copy(io.Discard, conn)
	})
}

// fullServer is an address whose queue of connections is full: what is sent
// there is dropped.
func fullServer(t *testing.T) string {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	at := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if err := syscall.Bind(fd, at); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for range 3 {
		if conn, err := net.DialTimeout("tcp", address, 200*time.Millisecond); err == nil {
			t.Cleanup(func() { conn.Close() })
		}
	}
	return address
}
