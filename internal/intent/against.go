package intent

import "strings"

// against adds what speaks against a path, and reports whether anything does.
func (p *place) against(v *verdict, r route, words []string) bool {
	before := len(v.signals)
	for _, kind := range []struct{ name, reason string }{
		{"path-static", "is for files and health checks"},
		{"path-unix", "means a Unix socket"},
		{"path-wellknown", "is a well-known address"},
	} {
		if _, n := weigh(kind.name, words); n != 0 {
			v.add(n, "path "+p.path+" "+kind.reason)
		}
	}
	if _, n := weigh("path-auth", words); n != 0 && r.exact {
		v.add(n, "path "+p.path+" is for authentication")
	}
	if n := extensionPoints(r); n != 0 {
		v.add(n, "path "+p.path+" is for files by their extension")
	}
	named := [][]string{words, p.target.terms, p.server.terms}
	for i, t := range named {
		if _, n := weigh("name-sse", t); n != 0 {
			v.add(n, "the name says server-sent events")
			v.events = i < 2 // a server's name says nothing of one location
			break
		}
	}
	return len(v.signals) > before
}

func extensionPoints(r route) int {
	if len(r.segments) == 0 {
		return 0
	}
	last := r.segments[len(r.segments)-1]
	dot := strings.LastIndexByte(last, '.')
	if dot < 0 {
		return 0
	}
	return weight("path-extension", strings.ToLower(last[dot+1:]))
}
