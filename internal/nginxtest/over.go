package nginxtest

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// GetOver sends a plain request over HTTP/2 ("h2", with TLS) or HTTP/3 ("h3").
func (t Target) GetOver(protocol, path string) (status int, err error) {
	host := cmp.Or(t.Host, "example.test")
	config := &tls.Config{ServerName: nameOf(host), InsecureSkipVerify: true}
	var trip http.RoundTripper
	switch protocol {
	case "h2":
		over := &http.Transport{TLSClientConfig: config, DisableCompression: true, Protocols: new(http.Protocols)}
		over.Protocols.SetHTTP2(true)
		over.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", t.Address)
		}
		defer over.CloseIdleConnections()
		trip = over
	case "h3":
		over := &http3.Transport{TLSClientConfig: config, DisableCompression: true}
		over.Dial = func(ctx context.Context, _ string, c *tls.Config, q *quic.Config) (*quic.Conn, error) {
			return quic.DialAddr(ctx, t.Address, c, q)
		}
		defer over.Close()
		trip = over
	default:
		return 0, fmt.Errorf("no protocol %q", protocol)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	u := url.URL{Scheme: "https", Host: host, Path: path}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, err
	}
	resp, err := trip.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// nameOf returns a host without its port.
func nameOf(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
