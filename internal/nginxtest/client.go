package nginxtest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ClientOptions say how Dial asks for a WebSocket.
type ClientOptions struct {
	Address string      // where to connect
	TLS     bool        // speak TLS and offer http/1.1 only, as browsers do for WebSockets; any certificate will do
	Host    string      // example.test unless set; the name for SNI as well
	Path    string      // / unless set
	Proto   string      // HTTP/1.1 unless set
	Header  http.Header // what is sent instead of, or besides, a handshake's own headers; no values: not sent
}

// A Conn is a connection after the answer to a handshake. It is a WebSocket
// only where Status is 101. It is not for use by several goroutines at once.
type Conn struct {
	Status int
	Header http.Header
	Body   string // of an answer other than 101, its beginning

	conn net.Conn
	r    *bufio.Reader
}

// Dial connects, sends a handshake and reads the answer. An answer other than
// 101 is no error, but a 101 that a browser would not take is: without Upgrade,
// or with a wrong accept key. The connection is closed when the test ends.
func Dial(t testing.TB, o ClientOptions) (*Conn, error) {
	t.Helper()
	conn, r, resp, err := o.exchange()
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { conn.Close() })
	c := &Conn{conn: conn, r: r}
	c.Status, c.Header = resp.StatusCode, resp.Header
	if c.Status != http.StatusSwitchingProtocols {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		c.Body = string(body)
		return c, conn.Close()
	}
	if err := notSwitched(c.Header); err != nil {
		return nil, err
	}
	return c, nil
}

// notSwitched says why browsers do not take a 101 with these headers (RFC 6455,
// section 4.1).
func notSwitched(h http.Header) error {
	switch {
	case h.Get("Sec-WebSocket-Accept") != accept(key):
		return fmt.Errorf("101 with Sec-WebSocket-Accept %q, want %q", h.Get("Sec-WebSocket-Accept"), accept(key))
	case !strings.EqualFold(h.Get("Upgrade"), "websocket"):
		return fmt.Errorf("101 with Upgrade %q", h.Get("Upgrade"))
	case !strings.EqualFold(h.Get("Connection"), "upgrade"):
		return fmt.Errorf("101 with Connection %q", h.Get("Connection"))
	}
	return nil
}

// exchange sends the handshake and reads the head of the answer.
func (o ClientOptions) exchange() (net.Conn, *bufio.Reader, *http.Response, error) {
	if o.Host == "" {
		o.Host = "example.test"
	}
	conn, err := o.connect()
	if err != nil {
		return nil, nil, nil, err
	}
	_ = conn.SetDeadline(deadline())
	if _, err = io.WriteString(conn, o.request()); err == nil {
		r := bufio.NewReader(conn)
		var resp *http.Response
		if resp, err = http.ReadResponse(r, nil); err == nil {
			return conn, r, resp, nil
		}
	}
	conn.Close()
	return nil, nil, nil, err
}

func (o ClientOptions) connect() (net.Conn, error) {
	d := &net.Dialer{Timeout: timeout}
	if !o.TLS {
		return d.Dial("tcp", o.Address)
	}
	name := o.Host
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	return tls.DialWithDialer(d, "tcp", o.Address, &tls.Config{
		ServerName: name, NextProtos: []string{"http/1.1"}, InsecureSkipVerify: true,
	})
}

// request returns the text of the handshake.
func (o ClientOptions) request() string {
	header := http.Header{
		"Upgrade": {"websocket"}, "Connection": {"Upgrade"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {key},
	}
	for name, values := range o.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	if o.Path == "" {
		o.Path = "/"
	}
	if o.Proto == "" {
		o.Proto = "HTTP/1.1"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s %s\r\nHost: %s\r\n", o.Path, o.Proto, o.Host)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	return b.String() + "\r\n"
}

// Close closes the connection without a close frame.
func (c *Conn) Close() error { return c.conn.Close() }

// Send sends a text message.
func (c *Conn) Send(text string) error {
	_ = c.conn.SetDeadline(deadline())
	return c.write(opText, []byte(text))
}

// Receive returns the next message, and answers pings that come before it.
func (c *Conn) Receive() (string, error) {
	_ = c.conn.SetDeadline(deadline())
	for {
		op, payload, err := c.read()
		switch {
		case err != nil:
			return "", err
		case op == opText || op == opBinary:
			return string(payload), nil
		case op == opClose:
			return "", errors.New(closed(payload))
		}
	}
}

// Expect wants the next message to begin with a text.
func (c *Conn) Expect(prefix string) error {
	got, err := c.Receive()
	if err == nil && !strings.HasPrefix(got, prefix) {
		err = fmt.Errorf("got the message %q, want %q", got, prefix)
	}
	return err
}

// Echo sends a text message and wants it back.
func (c *Conn) Echo(text string) error {
	if err := c.Send(text); err != nil {
		return err
	}
	got, err := c.Receive()
	if err == nil && got != text {
		err = fmt.Errorf("%q came back as %q", text, got)
	}
	return err
}

// Ping sends a ping and wants its pong.
func (c *Conn) Ping() error {
	_ = c.conn.SetDeadline(deadline())
	if err := c.write(opPing, []byte("ping")); err != nil {
		return err
	}
	for {
		op, payload, err := c.read()
		switch {
		case err != nil:
			return err
		case op == opClose:
			return errors.New(closed(payload))
		case op == opPong && string(payload) == "ping":
			return nil
		}
	}
}

// WaitCut sends nothing but the answers to pings until the connection is cut.
// It tells after how long, and how: "fin" without a close frame, "close 1000"
// with one, or "reset". That it was not cut within max is an error.
func (c *Conn) WaitCut(max time.Duration) (after time.Duration, how string, err error) {
	start := time.Now()
	_ = c.conn.SetDeadline(start.Add(max))
	for {
		op, payload, err := c.read()
		after = time.Since(start)
		switch {
		case err == nil && op == opClose:
			_ = c.write(opClose, payload)
			return after, closed(payload), c.conn.Close()
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // the latter of TLS without close_notify
			return after, "fin", nil
		case errors.Is(err, syscall.ECONNRESET):
			return after, "reset", nil
		default:
			return after, "", err
		}
	}
}
