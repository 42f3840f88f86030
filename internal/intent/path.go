package intent

// OfPath scores a path only by its words and the known endpoints, like a location
// without surroundings.
func OfPath(path string) Score {
	p := place{server: &server{}}
	r := newRoute(path)
	r.exact = true
	v := p.weigh(newReading(r, path), nil)
	points := sum(v.signals)
	level := levelOf(points)
	return Score{
		Level: level, Points: min(max(points, 0), maxPoints), Reasons: reasons(v.signals),
		Endpoint: v.endpoint, Dedicated: v.dedicated && level > None, Events: v.events,
	}
}
