package model

import "github.com/nginx-ws-lint/nginx-ws-lint/parser"

// A Socket is an address with everything that servers say about it. The parameter
// http2 applies to the socket, whichever server has it.
type Socket struct {
	Listens   []parser.Listen
	HTTP2     bool // some listen has http2
	Plaintext bool // no listen has TLS
}

// Sockets returns the sockets of all servers of http by address.
func (m *Model) Sockets() map[string]*Socket { return m.sockets() }

func (m *Model) findSockets() map[string]*Socket {
	sockets := make(map[string]*Socket)
	for _, server := range m.Servers() {
		for _, l := range server.Listens() {
			s := sockets[l.Address]
			if s == nil {
				s = &Socket{Plaintext: true}
				sockets[l.Address] = s
			}
			s.Listens = append(s.Listens, l)
			s.HTTP2 = s.HTTP2 || l.HTTP2
			s.Plaintext = s.Plaintext && l.Plaintext()
		}
	}
	return sockets
}

// onlyHTTP2 reports whether every socket of a server is plaintext HTTP/2. Before
// 1.25.1 nginx answers an HTTP/1.1 request there with a SETTINGS frame. Tengine has the
// directive http2 in versions that do so.
func (m *Model) onlyHTTP2(c *parser.Context, v parser.Version) bool {
	if c == nil || v.Has(parser.BothOnPlaintext) {
		return false
	}
	directive := ""
	if v.Has(parser.HTTP2Directive) {
		directive = c.Effective("http2").Value()
	}
	if !m.ListensHTTP2() && directive != "on" || directive == "off" && v.Has(parser.HTTP2OffWins) {
		return false
	}
	own := c.Listens()
	for _, l := range own {
		if s := m.Sockets()[l.Address]; s == nil || !s.HTTP2 && directive != "on" || !s.Plaintext {
			return false
		}
	}
	return len(own) > 0
}
