package nginxtest

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// A Target is where the requests of a test go: an address, and the name of the server
// there.
type Target struct {
	Address, Host string
	TLS           bool
}

const key = "dGhlIHNhbXBsZSBub25jZQ=="

// PlainHeader turns a handshake into a plain request.
var PlainHeader = http.Header{"Upgrade": nil, "Connection": nil, "Sec-Websocket-Key": nil, "Sec-Websocket-Version": nil, "User-Agent": nil}

// Handshake requests a WebSocket from a Backend at a path. It returns the status, and
// whether a 101 was valid for browsers and a byte came back.
func (t Target) Handshake(path string) (status int, echoes bool, err error) {
	conn, r, resp, err := t.At(path).exchange()
	if err != nil {
		return 0, false, err
	}
	defer conn.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols || ws.Refused(resp.Header, key) != nil {
		return resp.StatusCode, false, nil
	}
	if _, err := conn.Write([]byte("x")); err != nil {
		return resp.StatusCode, false, err
	}
	c, err := r.ReadByte()
	return resp.StatusCode, err == nil && c == 'x', err
}

// Get sends a plain request.
func (t Target) Get(path string) (status int, err error) {
	o := t.At(path)
	o.Header = PlainHeader
	conn, _, resp, err := o.exchange()
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, conn.Close()
}

// At returns the options of Dial for a path of the target.
func (t Target) At(path string) ClientOptions {
	return ClientOptions{Address: t.Address, TLS: t.TLS, Host: t.Host, Path: (&url.URL{Path: path}).EscapedPath()}
}

// Protocol returns the protocol that ALPN selects from those the client offers.
func (t Target) Protocol(tb testing.TB, offered ...string) string {
	tb.Helper()
	conn, err := tls.Dial("tcp", t.Address, &tls.Config{ServerName: t.Host, InsecureSkipVerify: true, NextProtos: offered})
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().NegotiatedProtocol
}

// Handshake is Target.Handshake for an address.
func Handshake(address, path string) (status int, echoes bool, err error) {
	return Target{Address: address}.Handshake(path)
}

// Get is Target.Get for an address.
func Get(address, path string) (status int, err error) { return Target{Address: address}.Get(path) }

// timeout limits each exchange of the client.
const timeout = 10 * time.Second

func deadline() time.Time { return time.Now().Add(timeout) }
