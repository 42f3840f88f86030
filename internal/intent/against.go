package intent

import "strings"

// against returns the evidence against a path.
func (r *reading) against(path string) []signal {
	var all []signal
	add := func(points int, reason string) {
		if points != 0 {
			all = append(all, signal{points: points, reason: "path " + path + " " + reason})
		}
	}
	for _, about := range []struct {
		kind   kind
		reason string
	}{
		{pathStatic, "is for files and health checks"},
		{pathUnix, "means a Unix socket"},
		{pathWellKnown, "is a well-known address"},
	} {
		_, n := about.kind.weigh(r.terms)
		add(n, about.reason)
	}
	if _, n := pathAuth.weigh(r.terms); r.exact {
		add(n, "is for authentication")
	}
	add(extensionPoints(r.route), "is for files, by its extension")
	return all
}

// events returns the points for a name that indicates server-sent events, and whether
// it is the location's own name: a server's name does not describe one location.
func (p *place) events(r *reading) (points int, own bool) {
	for i, t := range [][]*term{r.terms, p.target.terms, p.server.terms} {
		if _, n := nameSSE.weigh(t); n != 0 {
			return n, i < 2
		}
	}
	return 0, false
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
	return pathExtension.weight(strings.ToLower(last[dot+1:]))
}
