package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// HTTPOnlyLocation finds WebSockets that work on port 80 and not on port 443 of
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
	if l.Score.Level < intent.Likely || l.Config.Fragment || modifier == "~" || modifier == "~*" || modifier == "@" || !plainWeb(l.Server()) {
		return
	}
	if l.Request.Handshake().Outcome != model.Passes {
		return // it works nowhere
	}
	if twin := l.twin(p.byName()); twin != nil && p.lacks(twin, path) {
		at := twin.Opener.Span()
		if names := twin.First("server_name"); names != nil {
			at = names.Span()
		}
		p.Report(Finding{
			Severity: Warning, Span: wordsSpan(l.Opener),
			Message: fmt.Sprintf("%s works over plain HTTP only: an HTTPS page must use port 443 of the same name, and there the handshake fails (%s)%s",
				path, p.hopeless(twin, path), l.belief()),
			Related: []Related{{at, "the server for HTTPS"}},
		}, l)
	}
}

// plainWeb reports whether a server is what clients reach at port 80, and
// nothing else.
func plainWeb(s *parser.Context) bool {
	if s == nil {
		return false
	}
	web := false
	for _, listen := range s.Listens() {
		if !listen.Plaintext() {
			return false
		}
		web = web || strings.HasSuffix(listen.Address, ":80")
	}
	return web
}

// twin returns the server that has a name of the location's server at port 443,
// or nil.
func (l *Location) twin(byName map[string][]*parser.Context) *parser.Context {
	for _, name := range serverNames(l.Server()) {
		servers := byName[name]
		for _, s := range servers[:min(len(servers), maxTwins)] {
			for _, listen := range s.Listens() {
				if listen.SSL && strings.HasSuffix(listen.Address, ":443") {
					return s
				}
			}
		}
	}
	return nil
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
