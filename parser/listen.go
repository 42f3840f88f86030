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
		if len(d.Params) == 0 {
			continue
		}
		all = append(all, Listen{
			Directive: d, Server: c, Address: socketAddress(d.Param(0)),
			SSL: hasParam(d, "ssl") || c.Effective("ssl").value() == "on", HTTP2: hasParam(d, "http2"), QUIC: hasParam(d, "quic"),
		})
	}
	if len(all) == 0 && !c.Implied() {
		all = append(all, Listen{Server: c, Address: "*:80"})
	}
	return all
}

// socketAddress brings the forms that nginx takes for one address to one form.
func socketAddress(s string) string {
	if strings.HasPrefix(s, "unix:") {
		return s
	}
	host, port, err := net.SplitHostPort(s)
	switch {
	case err == nil:
	case isDigits(s):
		host, port = "", s
	default:
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

// Sockets returns the listens of all servers of http by address: parameters
// such as http2 act on the socket, whichever server names them.
func (cfg *Config) Sockets() map[string][]Listen {
	cfg.socketsOnce.Do(func() {
		cfg.sockets = make(map[string][]Listen)
		for _, s := range cfg.Servers() {
			for _, l := range s.Listens() {
				cfg.sockets[l.Address] = append(cfg.sockets[l.Address], l)
			}
		}
	})
	return cfg.sockets
}

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

// onlyHTTP2 reports whether every socket of a server is plaintext HTTP/2, on
// which before 1.25.1 nginx answers an HTTP/1.1 request with a SETTINGS frame.
func (c *Context) onlyHTTP2(v Version) bool {
	if c == nil || !v.Before(Version{1, 25, 1}) {
		return false
	}
	own := c.Listens()
	for _, l := range own {
		http2 := false
		for _, other := range c.Config.Sockets()[l.Address] {
			http2 = http2 || other.HTTP2
		}
		if !http2 || !l.Plaintext() {
			return false
		}
	}
	return len(own) > 0
}
