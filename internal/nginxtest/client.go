package nginxtest

import (
	"bufio"
	"cmp"
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

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// ClientOptions say how Dial requests a WebSocket.
type ClientOptions struct {
	Address string      // the address to connect to
	TLS     bool        // use TLS and offer only http/1.1, as browsers do for WebSockets; any certificate is accepted
	Host    string      // example.test unless set; the name for SNI as well
	Path    string      // / unless set
	Proto   string      // HTTP/1.1 unless set
	Header  http.Header // headers that replace or complete those of a handshake; no values: not sent
}

// userAgent is a browser's: configurations refuse what looks like a robot.
const userAgent = "Mozilla/5.0 (X11) Gecko/20100101 Firefox/143.0"

// A Conn is a connection after the answer to a handshake. It is a WebSocket only if
// Status is 101. Only one goroutine may use it at a time.
type Conn struct {
	Status int
	Header http.Header
	Body   string // of an answer other than 101, its beginning

	conn net.Conn
	r    *bufio.Reader
}

// Dial connects, sends a handshake and reads the answer. An answer other than 101 is
// not an error, but a 101 that a browser would refuse is: without Upgrade, or with a
// wrong accept key. The connection is closed when the test ends.
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
	if err := ws.Refused(c.Header, key); err != nil {
		return nil, err
	}
	return c, nil
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
	if err = o.request(conn); err == nil {
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
	return tls.DialWithDialer(d, "tcp", o.Address, &tls.Config{
		ServerName: nameOf(o.Host), NextProtos: []string{"http/1.1"}, InsecureSkipVerify: true,
	})
}

// request sends the head of the handshake.
func (o ClientOptions) request(w io.Writer) error {
	header := http.Header{
		"Upgrade": {"websocket"}, "Connection": {"Upgrade"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {key}, "User-Agent": {userAgent},
	}
	for name, values := range o.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	var fields []ws.Field
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fields = append(fields, ws.Field{Name: name, Value: value})
		}
	}
	return ws.WriteRequest(w, cmp.Or(o.Path, "/"), cmp.Or(o.Proto, "HTTP/1.1"), o.Host, fields)
}

// Close closes the connection without a close frame.
func (c *Conn) Close() error { return c.conn.Close() }

// Send sends a text message.
func (c *Conn) Send(text string) error {
	_ = c.conn.SetDeadline(deadline())
	return c.write(ws.Text, []byte(text))
}

// Receive returns the next message and answers pings before it.
func (c *Conn) Receive() (string, error) {
	_ = c.conn.SetDeadline(deadline())
	for {
		op, payload, err := c.read()
		switch {
		case err != nil:
			return "", err
		case op == ws.Text || op == ws.Binary:
			return string(payload), nil
		case op == ws.Close:
			return "", errors.New(closed(payload))
		}
	}
}

// Expect expects the next message to begin with a text.
func (c *Conn) Expect(prefix string) error {
	got, err := c.Receive()
	if err == nil && !strings.HasPrefix(got, prefix) {
		err = fmt.Errorf("got the message %q, want %q", got, prefix)
	}
	return err
}

// Echo sends a text message and expects it back.
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

// Ping sends a ping and expects its pong.
func (c *Conn) Ping() error {
	_ = c.conn.SetDeadline(deadline())
	if err := c.write(ws.Ping, []byte("ping")); err != nil {
		return err
	}
	for {
		op, payload, err := c.read()
		switch {
		case err != nil:
			return err
		case op == ws.Close:
			return errors.New(closed(payload))
		case op == ws.Pong && string(payload) == "ping":
			return nil
		}
	}
}

// WaitCut only answers pings until the connection is closed. It returns how long that
// took, and how it was closed: "fin" without a close frame, "close 1000" with one, or
// "reset". It is an error if the connection is not closed within max.
func (c *Conn) WaitCut(max time.Duration) (after time.Duration, how string, err error) {
	start := time.Now()
	_ = c.conn.SetDeadline(start.Add(max))
	for {
		op, payload, err := c.read()
		after = time.Since(start)
		switch {
		case err == nil && op == ws.Close:
			_ = c.write(ws.Close, payload)
			return after, closed(payload), c.conn.Close()
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // the latter for TLS without close_notify
			return after, "fin", nil
		case errors.Is(err, syscall.ECONNRESET):
			return after, "reset", nil
		default:
			return after, "", err
		}
	}
}

func (c *Conn) write(op byte, payload []byte) error { return ws.WriteFrame(c.conn, op, payload) }

// read returns the next frame, and answers it if it is a ping. A message in several
// frames is an error, because no application in the tests sends one.
func (c *Conn) read() (op byte, payload []byte, err error) {
	f, err := ws.ReadFrame(c.r)
	switch {
	case err != nil:
		return 0, nil, err
	case !f.Final || f.Op == ws.Continuation:
		return 0, nil, errors.New("a message in several frames")
	case f.Op == ws.Ping:
		err = c.write(ws.Pong, f.Payload)
	}
	return f.Op, f.Payload, err
}

func closed(payload []byte) string {
	code, _ := ws.Closed(payload)
	return fmt.Sprintf("close %d", code)
}
