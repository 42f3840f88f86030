package parser

// turning are the versions in which behaviour that this project models changes: the
// http2 directive, proxy_http_version 2, sticky, the new defaults, and a single Host
// line.
var turning = []Version{{1, 25, 1}, {1, 29, 4}, {1, 29, 6}, {1, 29, 7}, {1, 31, 4}}

// Samples returns versions that represent the whole range, oldest first: what holds
// for each of them holds for every version.
func (v Versions) Samples() []Version {
	samples := []Version{v.Min}
	for _, t := range turning {
		if v.Min.Before(t) && (v.Max.IsZero() || !v.Max.Before(t)) {
			samples = append(samples, t)
		}
	}
	return samples
}
