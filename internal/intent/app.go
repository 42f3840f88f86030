package intent

import (
	"cmp"
	"slices"
	"strings"
)

// endpoint returns the known endpoint that a route leads to: one with that path, else
// one of an application that is named here and whose root the route is or lies below.
func (p *place) endpoint(r *reading) *Endpoint {
	var best *Endpoint
	for _, e := range r.endpoints {
		if (!e.ByName || p.evidence(e)) && p.better(e, best) {
			best = e
		}
	}
	if best != nil || r.exact {
		return best
	}
	for _, e := range p.roots() {
		if (p.appRoot(r.route) || r.mounts(e) || r.covers(e)) && p.better(e, best) {
			best = e
		}
	}
	return best
}

// roots returns the whole sites of the applications that are named around a place, in
// the order of the table. A port alone is not enough, because many applications share
// it.
func (p *place) roots() []*Endpoint {
	var all []*Endpoint
	for _, terms := range [][]*term{p.target.terms, p.server.terms} {
		for _, t := range terms {
			all = append(all, endpoints().byName[t.text]...)
		}
	}
	slices.SortFunc(all, func(a, b *Endpoint) int { return cmp.Compare(a.row, b.row) })
	return slices.Compact(all)
}

// candidates returns the endpoints with a route's path. Each is tried once, however
// often its key occurs in the path.
func candidates(r route) []*Endpoint {
	var all []*Endpoint
	var tried map[string]bool
	for _, s := range r.segments {
		key := strings.ToLower(s)
		some := endpoints().byKey[key]
		if len(some) == 0 || tried[key] {
			continue
		}
		if tried == nil {
			tried = make(map[string]bool)
		}
		tried[key] = true
		for _, e := range some {
			if e.Path.Match(r.segments) {
				all = append(all, e)
			}
		}
	}
	return all
}

// evidence reports whether a name or the port, besides the path, points to an
// endpoint's application.
func (p *place) evidence(e *Endpoint) bool { return p.says(e.Names) || p.portTells(e) }

func (p *place) portTells(e *Endpoint) bool {
	return slices.ContainsFunc(p.target.ports, func(port int) bool { return slices.Contains(e.Ports, port) })
}

// better reports whether a is preferable to b: its application is named, its path is
// more specific, or it has more points.
func (p *place) better(a, b *Endpoint) bool {
	if b == nil {
		return true
	}
	if x, y := p.says(a.Names), p.says(b.Names); x != y {
		return x
	}
	if x, y := a.Path.literals(), b.Path.literals(); x != y {
		return x > y
	}
	return a.Points > b.Points
}

// appRoot reports whether a route leads to the root of its target.
func (p *place) appRoot(r route) bool {
	named := len(r.segments) == 1 && r.segments[0][0] == '@'
	return r.root() || named || !r.exact && p.target.uri == "/"
}

// mounts reports whether an application is served below its own name: /grafana/.
func (r *reading) mounts(e *Endpoint) bool { return tell(e.Names, r.last) }

// covers reports whether an endpoint of the same application lies below a route.
func (r *reading) covers(e *Endpoint) bool {
	if !r.below {
		return false
	}
	return slices.ContainsFunc(endpoints().byApp[e.App], func(other *Endpoint) bool {
		return other.Class != Plain && other.Class != Stream && other.Path.below(r.segments)
	})
}

// anonymous reports whether only an endpoint's path points to its application, and
// many others have the same path.
func (p *place) anonymous(e *Endpoint) bool { return e.Generic && !p.evidence(e) }
