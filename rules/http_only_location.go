package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// HTTPOnlyLocation finds WebSockets that work over plain HTTP and not over TLS at
// the same name.
var HTTPOnlyLocation = &Rule{
	Name:     "http-only-location",
	Summary:  "a WebSocket location exists in the HTTP server but not in the HTTPS server",
	Group:    Paths,
	Severity: Warning,
	Location: httpOnlyLocation,
}

func httpOnlyLocation(p *Pass, l *Location) {
	modifier, path := l.LocationName()
	if len(p.overTLS()) == 0 || l.Score.Level < intent.Likely || modifier == "~" || modifier == "~*" || modifier == "@" || !onlyPlain(l.Server()) {
		return
	}
	if l.Request.Handshake().Outcome != model.Passes {
		return // it works nowhere
	}
	twin, port := l.twin()
	if twin != nil && p.lacks(twin, path) {
		at := twin.Opener.Span()
		if names := twin.First("server_name"); names != nil {
			at = names.Span()
		}
		p.Report(Finding{
			Severity: Warning, Span: wordsSpan(l.Opener),
			Message: fmt.Sprintf("%s works over plain HTTP only: an HTTPS page must use port %s of the same name, and there the handshake fails (%s)%s",
				path, port, p.hopeless(twin, path), l.belief()),
			Related: []Related{{at, "the server for HTTPS"}},
		}, l)
	}
}

// onlyPlain reports whether no client reaches a server over TLS.
func onlyPlain(s *parser.Context) bool {
	return s != nil && !slices.ContainsFunc(s.Listens(), func(l parser.Listen) bool { return !l.Plaintext() })
}

// A secureServer is a server with a TLS port.
type secureServer struct {
	*parser.Context
	port string
}

// serversOverTLS returns the first server with a TLS port of each name.
func (t *Tree) serversOverTLS() map[string]secureServer {
	secure := make(map[string]secureServer)
	for _, s := range t.Servers() {
		for _, listen := range s.Listens() {
			if !listen.SSL || listen.QUIC {
				continue
			}
			for _, name := range serverNames(s) {
				if _, known := secure[name]; !known {
					secure[name] = secureServer{s, listen.Address[strings.LastIndexByte(listen.Address, ':')+1:]}
				}
			}
			break
		}
	}
	return secure
}

// twin returns the server that has a name of the location's server and a TLS port,
// with that port; or nil.
func (l *Location) twin() (server *parser.Context, port string) {
	for _, name := range serverNames(l.Server()) {
		if s, ok := l.Tree.overTLS()[name]; ok {
			return s.Context, s.port
		}
	}
	return nil, ""
}

// lacks reports whether a server certainly takes no WebSockets at a path. Where
// a location there is meant to, what fails is said there; and where it sends
// clients elsewhere, that is what was meant.
func (p *Pass) lacks(s *parser.Context, path string) bool {
	there := p.Route(s, path)
	if other := p.Location(there); other != nil && other.Score.Level > intent.None || s.Unread() != nil {
		return false
	}
	if d := returns(s); d != nil {
		return false
	}
	return there.First("return") == nil && p.hopeless(s, path) != ""
}
