package parser

// turning are the versions at which what this package models changes: the
// http2 directive, proxy_http_version 2, sticky, the new defaults, and Host
// sent once.
var turning = []Version{{1, 25, 1}, {1, 29, 4}, {1, 29, 6}, {1, 29, 7}, {1, 31, 4}}

// Samples returns versions that stand for all of the range, oldest first: what
// holds on each of them holds on every one.
func (v Versions) Samples() []Version {
	samples := []Version{v.Min}
	for _, t := range turning {
		if v.Min.Before(t) && (v.Max.IsZero() || !v.Max.Before(t)) {
			samples = append(samples, t)
		}
	}
	return samples
}
