package rules

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Behind is an nginx in a container, as another one reaches it.
type Behind struct {
	Tree  *Tree
	Name  string                                 // such as "nginx in service web of compose.yaml"
	Ports func(host, port string) (inner string) // the port of the container that an address leads to, or ""
}

// HopsTo finds requests that lose their headers on the way to the nginx of another
// container, as HopWithoutHeaders does within one nginx.
func (t *Tree) HopsTo(b Behind) (all []Finding) {
	if t.partial || b.Tree.partial {
		return nil
	}
	seen := make(map[*Location]bool)
	for _, inner := range b.Tree.Meant {
		_, path := inner.LocationName()
		if inner.Score.Level != intent.Certain || inner.headerProblem() != nil {
			continue
		}
		for _, server := range t.Servers() {
			if path == "/" && t.arrives(b, server, inner) {
				continue // it serves the whole site: the paths of its WebSockets get there
			}
			if first := t.Location(t.Route(server, path)); first != nil && !seen[first] && first.losesOnTheWay(b, inner) {
				seen[first] = true
				f := lostHeaders(first, inner, b.Name)
				f.Rule = HopWithoutHeaders
				all = append(all, f)
			}
		}
	}
	return all
}

// arrives reports whether some location of a server takes WebSockets to the server of
// another one, with their headers.
func (t *Tree) arrives(b Behind, server *parser.Context, inner *Location) bool {
	return slices.ContainsFunc(t.Meant, func(l *Location) bool {
		return l.Server() == server && l.Score.Level == intent.Certain && l.headerProblem() == nil && l.serverBehind(b) == inner.Server()
	})
}

// losesOnTheWay reports whether a location, of which no other rule speaks, leads to the
// server of another one without the headers.
func (l *Location) losesOnTheWay(b Behind, inner *Location) bool {
	if modifier, _ := inner.LocationName(); modifier != "" && modifier != "=" && modifier != "^~" {
		return false
	}
	if l.Score.Level != intent.None || l.headerProblem() == nil {
		return false
	}
	return l.serverBehind(b) == inner.Server()
}

// serverBehind returns the server of another nginx that a location leads to, or nil.
func (l *Location) serverBehind(b Behind) *parser.Context {
	a, ok := l.onlyPeer()
	if !ok {
		return nil
	}
	port := b.Ports(a.host, a.port)
	if port == "" {
		return nil
	}
	return b.Tree.serverAt([]string{"*:" + port}, a.scheme)
}
