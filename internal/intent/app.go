package intent

import (
	"slices"
	"strings"
)

// endpoint returns the known endpoint that a route leads to: one whose path it
// is, else one of an application that its names tell and that it is the root
// of, or that lies below it.
func (p *place) endpoint(r route) *Endpoint {
	var best *Endpoint
	for _, e := range candidates(r) {
		if e.Path.Match(r.segments) && (!e.ByName || p.evidence(e)) && p.better(e, best) {
			best = e
		}
	}
	if best != nil || r.exact {
		return best
	}
	for _, e := range rootEndpoints {
		if e.ByName && p.evidence(e) && (p.appRoot(r) || mountedAs(r, e) || covers(r, e)) && p.better(e, best) {
			best = e
		}
	}
	return best
}

// candidates returns the endpoints that may have a route's path.
func candidates(r route) []*Endpoint {
	var all []*Endpoint
	for _, s := range r.segments {
		all = append(all, endpointsByKey[strings.ToLower(s)]...)
	}
	return all
}

// evidence reports whether the names or the port tell that an endpoint's
// application is there.
func (p *place) evidence(e *Endpoint) bool { return p.says(e.Names) || p.portTells(e) }

func (p *place) portTells(e *Endpoint) bool {
	return slices.ContainsFunc(p.target.ports, func(port int) bool { return slices.Contains(e.Ports, port) })
}

// better reports whether a is to be preferred to b: the application that is
// named, the more specific path, the more points.
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

// appRoot reports whether a route leads to the root of what it passes to.
func (p *place) appRoot(r route) bool {
	named := len(r.segments) == 1 && r.segments[0][0] == '@'
	return r.root() || named || !r.exact && p.target.uri == "/"
}

// mountedAs reports whether an application lies below its own name: /grafana/.
func mountedAs(r route, e *Endpoint) bool {
	return len(r.segments) > 0 && tell(e.Names, terms(r.segments[len(r.segments)-1]))
}

// covers reports whether an endpoint of the same application lies below a route.
func covers(r route, e *Endpoint) bool {
	if !r.below {
		return false
	}
	return slices.ContainsFunc(endpointsByApp[e.App], func(other *Endpoint) bool {
		return other.Class != Plain && other.Class != Stream && other.Path.below(r.segments)
	})
}

// endpointPoints returns the weight of an endpoint. Where only the port tells an
// application and the path nothing, the port has its own.
func (p *place) endpointPoints(e *Endpoint) int {
	if e == nil || e.Path == "/" && !p.says(e.Names) {
		return 0
	}
	return e.Points
}
