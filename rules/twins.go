package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// serversByName are the servers by their names; the _ of default servers is not a
// name.
func (t *Tree) serversByName() map[string][]*parser.Context {
	all := make(map[string][]*parser.Context)
	for _, s := range t.Servers() {
		for _, name := range serverNames(s) {
			all[name] = append(all[name], s)
		}
	}
	return all
}

func serverNames(s *parser.Context) []string {
	var names []string
	for _, d := range s.Own("server_name") {
		for i := range d.ParamCount() {
			if name := strings.ToLower(d.Param(i)); name != "" && name != "_" && !strings.ContainsAny(name, "~$") {
				names = append(names, name)
			}
		}
	}
	return names
}

// maxTwins bounds how many servers of one name are looked at.
const maxTwins = 8

// servedElsewhere reports whether another server with one of the same names proxies
// WebSockets at the location's path, or may do so.
func (l *Location) servedElsewhere(byName map[string][]*parser.Context) bool {
	_, path := l.LocationName()
	for _, name := range serverNames(l.Server()) {
		servers := byName[name]
		for _, s := range servers[:min(len(servers), maxTwins)] {
			if s != l.Server() && (s.Unread() != nil || !strings.HasPrefix(path, "/") || l.Tree.hopeless(s, path) == "") {
				return true
			}
		}
	}
	return false
}

// hopeless returns why every handshake fails at a path of a server, or "" if one
// succeeds or may succeed.
func (t *Tree) hopeless(s *parser.Context, path string) string {
	return failure(t.Request(t.Route(s, path), model.WebSocket, t.newest))
}

// failure returns why a handshake fails, or "". What try_files leads to is
// known where it ends with a status or with a page.
func failure(q model.Request) string {
	if h := q.Handshake(); h.Outcome == model.Fails {
		return h.Reason
	}
	if d := q.Level.First("try_files"); d != nil && q.Pass == nil && q.Answer == "" && len(q.Perhaps) == 0 {
		if last := lastParam(d); strings.HasPrefix(last, "=") || strings.HasSuffix(last, ".html") {
			return "no proxy_pass: nginx serves files"
		}
	}
	return ""
}
