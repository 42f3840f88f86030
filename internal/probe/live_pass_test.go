package probe

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

const socketIO = "/socket.io/?EIO=4&transport=websocket"

// What comes after a 101, or instead of one now and then.
func TestPassRows(t *testing.T) {
	dead := nginxtest.FreeAddress(t)
	show(t, []scene{
		{row: "answer-damaged", server: "location /ws { proxy_pass http://APP; proxy_hide_header Sec-WebSocket-Accept; " + passOn + " }", direct: true, config: true, judge: found("damaged-handshake", 13)},
		{row: "answer-damaged", name: "of Upgrade", server: "location /ws { proxy_pass http://APP; proxy_hide_header Upgrade; " + passOn + " }", direct: true},
		{row: "answer-damaged", name: "of the application's own", serve: accepts("wrong", nil), server: good},
		{row: "answer-damaged", name: "an extension that was not asked for", serve: acceptsWith("Sec-WebSocket-Extensions: permessage-deflate"), server: good},
		{row: "subprotocol-unanswered", server: good, ask: func(o *Options) { o.Subprotocols = []string{"mqtt"} }},
		{row: "subprotocol-unanswered", name: "unasked", serve: acceptsWith("Sec-WebSocket-Protocol: chat"), server: good},
		{row: "no-tunnel", serve: accepts("", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }), server: good, ask: impatient},
		{row: "no-tunnel", name: "ends at once", serve: accepts("", func(net.Conn) {}), server: good},
		{row: "firefox-refused", direct: true, server: "set $c close; if ($http_connection = Upgrade) { set $c upgrade; }\n" + strings.Replace(good, "$usual", "$c", 1)},
		{row: "some-fail", http: "upstream pool { server APP; server " + dead + " max_fails=0; }", server: strings.Replace(good, "http://APP;", "http://pool; proxy_next_upstream off;", 1), direct: true},
		{row: "session-refused", app: "socket.io", path: socketIO, http: "upstream pool { server APP; server SECOND; }", server: strings.NewReplacer("/ws", "/socket.io/", "http://APP", "http://pool").Replace(good), config: true, judge: found("missing-ip-hash", 9)},
		{row: "all-good", name: "sessions are kept", app: "socket.io", path: socketIO, http: "upstream pool { ip_hash; server APP; server SECOND; }", server: strings.NewReplacer("/ws", "/socket.io/", "http://APP", "http://pool").Replace(good), config: true},
		{row: "session-unknown", app: "socket.io", path: socketIO + "&sid=unknown", server: strings.ReplaceAll(good, "/ws", "/socket.io/"), verdict: cause.NoAffinity},
		{row: "closed-by-policy", serve: closes(1008, "origin not allowed"), server: good, direct: true},
		{row: "going-away", serve: closes(1001, ""), server: good},
	})
}

// accepts is an application that accepts every handshake and then calls a function.
// With wrong it answers with another key.
func accepts(wrong string, then func(net.Conn)) func(testing.TB) string {
	return func(t testing.TB) string {
		return nginxtest.ServeTCP(t, func(c net.Conn) {
			if r := readHead(c); r == nil || r.Header.Get("Upgrade") == "" {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			} else {
				fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", ws.Accept(r.Header.Get("Sec-WebSocket-Key")+wrong))
				if then != nil {
					then(c)
				}
			}
		})
	}
}

// closes is an application that accepts the handshake and closes with a code.
func closes(code int, reason string) func(testing.TB) string {
	return accepts("", func(c net.Conn) {
		_, _ = c.Write(append([]byte{0x80 | ws.Close, byte(2 + len(reason))}, append(ws.Closing(code), reason...)...))
		_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
		_, _ = io.Copy(io.Discard, bufio.NewReader(c))
	})
}

// acceptsWith is an application whose 101 has a header more.
func acceptsWith(line string) func(testing.TB) string {
	return func(t testing.TB) string {
		return startServer(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Upgrade", "websocket")
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Sec-WebSocket-Accept", ws.Accept(r.Header.Get("Sec-WebSocket-Key")))
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, value)
			if r.Header.Get("Upgrade") != "" {
				w.WriteHeader(http.StatusSwitchingProtocols)
			}
		})
	}
}
