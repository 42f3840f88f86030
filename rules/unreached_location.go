package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// UnreachedLocation finds named locations that are meant for WebSockets and to which
// nothing leads.
var UnreachedLocation = &Rule{
	Name:     "unreached-location",
	Summary:  "no directive leads to a named WebSocket location",
	Group:    Paths,
	Severity: Warning,
	Location: unreachedLocation,
}

func unreachedLocation(p *Pass, l *Location) {
	if l.Arrives() != ArriveNo {
		return
	}
	name := l.Named()
	f := Finding{Severity: Warning, Span: wordsSpan(l.Opener), Message: fmt.Sprintf(
		"no handshake gets here: no try_files and no error_page of this server ends in %s%s", name, l.belief())}
	if early, ok := p.leads(l.Server()).early[name]; ok {
		f.Message = fmt.Sprintf("no handshake gets here: %s is not the last parameter of try_files, so nginx looks for a file of that name%s", name, l.belief())
		f.Related = []Related{{early.Span(), "looks for a file"}}
	}
	if p.leads(l.Server()).others() {
		f.Severity = Info // left over
	}
	p.Report(f, l)
}

// otherSockets reports whether a location with a path proxies the WebSockets of a server.
func (t *Tree) otherSockets(server *parser.Context) bool {
	found := false
	server.Walk(func(c *parser.Context) bool {
		l := t.Location(c)
		found = found || l != nil && l.modifier != "@" && l.Score.Level >= intent.Likely && l.Request.Handshake().Outcome == model.Passes
		return !found
	})
	return found
}
