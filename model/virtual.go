package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Server returns the server for a host at this socket: the exact name, else the
// longest wildcard at the start of a name, else the longest at the end, else the
// first regular expression, else the default server (ngx_http_find_virtual_server).
// It reports whether a name matched.
func (s *Socket) Server(host string) (server *parser.Context, named bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	best := nameMatch{}
	for _, l := range s.Listens {
		for _, name := range l.Server.ServerNames() {
			if m := matchName(name, host); m.rank > best.rank || m.rank == best.rank && m.length > best.length {
				best, server = m, l.Server
			}
		}
	}
	if server != nil {
		return server, true
	}
	for _, l := range s.Listens {
		if l.Directive != nil && (l.Directive.HasParam("default_server") || l.Directive.HasParam("default")) {
			return l.Server, false
		}
	}
	return s.Listens[0].Server, false
}

// A nameMatch says how well a server's name matches: the kind of name and, for
// wildcards, its length.
type nameMatch struct{ rank, length int }

func matchName(name, host string) nameMatch {
	if expression, ok := strings.CutPrefix(name, "~"); ok {
		if re, err := parser.CompileRegex("*" + expression); err == nil && re.MatchString(host) {
			return nameMatch{rank: 1}
		}
		return nameMatch{}
	}
	name = strings.ToLower(name)
	if host == "" || name == "" {
		return nameMatch{}
	}
	switch suffix, wild := strings.CutPrefix(name, "*."); {
	case name == host:
		return nameMatch{rank: 4}
	case wild && strings.HasSuffix(host, "."+suffix):
		return nameMatch{3, len(suffix)}
	case name[0] == '.' && (host == name[1:] || strings.HasSuffix(host, name)):
		return nameMatch{3, len(name) - 1}
	}
	if prefix, wild := strings.CutSuffix(name, ".*"); wild && strings.HasPrefix(host, prefix+".") {
		return nameMatch{2, len(prefix)}
	}
	return nameMatch{}
}
