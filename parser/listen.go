package parser

import (
	"net"
	"strings"
)

// A Listen is one listen directive of a server. A server without any listens
// on *:80 (Directive is nil).
type Listen struct {
	Directive *Directive
	Server    *Context
	Address   string // "*:80", "127.0.0.1:8080", "[::]:443", "unix:/path": one socket
	SSL       bool
	HTTP2     bool // the parameter http2, deprecated since 1.25.1
	QUIC      bool
}

// Plaintext reports whether clients speak to the socket without TLS.
func (l Listen) Plaintext() bool { return !l.SSL && !l.QUIC }

// Listens returns the sockets of a server of http.
func (c *Context) Listens() []Listen {
	var all []Listen
	for _, d := range c.Own("listen") {
		if d.ParamCount() == 0 {
			continue
		}
		all = append(all, Listen{
			Directive: d, Server: c, Address: socketAddress(d.Param(0)),
			SSL: d.HasParam("ssl") || c.Effective("ssl").Value() == "on", HTTP2: d.HasParam("http2"), QUIC: d.HasParam("quic"),
		})
	}
	if len(all) == 0 && !c.Implied() {
		all = append(all, Listen{Server: c, Address: "*:80"})
	}
	return all
}

// socketAddress brings the different spellings of an address into one form.
func socketAddress(s string) string {
	if strings.HasPrefix(s, "unix:") {
		return s
	}
	switch s { // like nearly all
	case "80":
		return "*:80"
	case "443":
		return "*:443"
	}
	if isDigits(s) {
		return "*:" + s
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.Trim(s, "[]"), "80"
	}
	if host == "" || host == "0.0.0.0" || host == "*" {
		return "*:" + port
	}
	return net.JoinHostPort(host, port)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// ListensHTTP2 reports whether any listen has the parameter http2.
func (cfg *Config) ListensHTTP2() bool { return cfg.http2 }

// Servers returns the servers of http, in order.
func (cfg *Config) Servers() []*Context {
	var all []*Context
	cfg.Root.Walk(func(c *Context) bool {
		if c.Name == "server" && c.Parent.Name == "http" {
			all = append(all, c)
		}
		return c.Name == "main" || c.Name == "http"
	})
	return all
}

// ServerNames returns the names of a server of http, as written.
func (c *Context) ServerNames() []string {
	var names []string
	for _, d := range c.Own("server_name") {
		for i := range d.ParamCount() {
			names = append(names, d.Param(i))
		}
	}
	return names
}
