package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// A client sends requests to one URL.
type client struct {
	Options
	target *url.URL
}

// A link is a connection for a request.
type link struct {
	net.Conn
	address string
	tls     *TLS
	until   time.Time // the deadline for everything
}

// allow sets how long the next steps may take, at most until the end.
func (l link) allow(d time.Duration) {
	deadline := time.Now().Add(d)
	if deadline.After(l.until) {
		deadline = l.until
	}
	_ = l.SetDeadline(deadline)
}

// dial connects to the URL's host: through a proxy if one is set, with TLS for wss.
// All of it must finish within the timeout.
func (c client) dial(ctx context.Context, alpn ...string) (link, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	conn, err := c.connect(ctx)
	if err != nil {
		return link{}, err
	}
	l := link{Conn: conn, address: conn.RemoteAddr().String()}
	if c.target.Scheme != "wss" {
		return l, nil
	}
	secure := tls.Client(conn, &tls.Config{
		ServerName: c.target.Hostname(), NextProtos: alpn, RootCAs: c.Roots, InsecureSkipVerify: c.Insecure,
	})
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return link{}, tlsError{err}
	}
	l.Conn, l.tls = secure, agreed(secure.ConnectionState())
	return l, nil
}

// A tlsError is an error of the TLS handshake.
type tlsError struct{ error }

func (e tlsError) Unwrap() error { return e.error }

func agreed(s tls.ConnectionState) *TLS {
	t := &TLS{Version: tls.VersionName(s.Version), ALPN: s.NegotiatedProtocol}
	if len(s.PeerCertificates) > 0 {
		cert := s.PeerCertificates[0]
		t.Subject, t.Issuer = cutTo(cert.Subject.String(), maxRaw), cutTo(cert.Issuer.String(), maxRaw)
	}
	return t
}

// connect makes the TCP connection, directly or through a proxy.
func (c client) connect(ctx context.Context) (net.Conn, error) {
	to := hostPort(c.target)
	var d net.Dialer
	if c.Proxy != nil {
		proxy, err := c.Proxy(c.target)
		if err != nil {
			return nil, proxyError{err}
		}
		if proxy != nil {
			return c.tunnel(ctx, proxy, to)
		}
	}
	if address := c.Resolve[to]; address != "" {
		to = address
	}
	return d.DialContext(ctx, "tcp", to)
}

// A proxyError is an error of the client's own proxy or on the way to it.
type proxyError struct{ error }

func (e proxyError) Unwrap() error { return e.error }

// tunnel asks a proxy for a connection with CONNECT, as browsers do for ws and wss.
func (c client) tunnel(ctx context.Context, proxy *url.URL, to string) (net.Conn, error) {
	var d net.Dialer
	port := proxy.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[proxy.Scheme]
	}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(proxy.Hostname(), port))
	if err != nil {
		return nil, proxyError{err}
	}
	if proxy.Scheme == "https" {
		conn = tls.Client(conn, &tls.Config{ServerName: proxy.Hostname(), RootCAs: c.Roots, InsecureSkipVerify: c.Insecure})
	}
	if until, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(until)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := askProxy(conn, proxy, to); err != nil {
		conn.Close()
		return nil, proxyError{err}
	}
	_ = conn.SetDeadline(time.Time{})
	return conn, nil
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func askProxy(conn net.Conn, proxy *url.URL, to string) error {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: to}, Host: to, Header: make(http.Header)}
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		req.Header.Set("Proxy-Authorization", basic(u.Username(), password))
	}
	if err := req.Write(conn); err != nil {
		return err
	}
	// Byte by byte, because what follows the head is not from the proxy.
	resp, err := http.ReadResponse(bufio.NewReaderSize(&oneByte{conn, maxHead}, 16), req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy answers CONNECT with %d", resp.StatusCode)
	}
	return nil
}

// oneByte reads at most one byte at a time.
type oneByte struct {
	conn net.Conn
	left int
}

func (o *oneByte) Read(p []byte) (int, error) {
	if o.left--; o.left < 0 {
		return 0, errors.New("the proxy's answer is too long")
	}
	return o.conn.Read(p[:1])
}

// alpn only does a TLS handshake that offers HTTP/2, like curl.
func (c client) alpn(ctx context.Context, q question) *Answer {
	a := &Answer{Kind: q.kind, Asked: q.asked}
	start := time.Now()
	l, err := c.dial(ctx, "h2", "http/1.1")
	a.Connect = time.Since(start)
	if err != nil {
		a.Failure = failure(err)
		return a
	}
	a.Address, a.TLS = l.address, l.tls
	l.Close()
	return a
}
