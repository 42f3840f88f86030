package lint

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ask sends one request and waits for what comes of it: of a handshake, all
// that a browser asks for (RFC 6455, section 4.1), and that a byte comes back.
func (r *liveRun) ask(address, path string, kind parser.Kind) (a liveAnswer) {
	r.record.reset()
	a.status, a.echoes = exchangeBytes(address, path, kind)
	a.sent = r.record.requests()
	return a
}

// The key and what answers it are those of RFC 6455, section 1.3.
const (
	handshakeLines = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	acceptedKey    = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

func exchangeBytes(address, path string, kind parser.Kind) (status int, echoes bool) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	lines := "GET " + path + " HTTP/1.1\r\nHost: example.test\r\n"
	if kind == parser.WebSocket {
		lines += handshakeLines
	}
	if _, err := io.WriteString(conn, lines+"\r\n"); err != nil {
		return 0, false
	}
	in := bufio.NewReader(conn)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, false
	}
	h := resp.Header
	if resp.StatusCode != http.StatusSwitchingProtocols || h.Get("Sec-WebSocket-Accept") != acceptedKey ||
		!strings.EqualFold(h.Get("Upgrade"), "websocket") || !strings.EqualFold(h.Get("Connection"), "upgrade") {
		return resp.StatusCode, false
	}
	if _, err := conn.Write([]byte("x")); err != nil {
		return resp.StatusCode, false
	}
	c, err := in.ReadByte()
	return resp.StatusCode, err == nil && c == 'x'
}
