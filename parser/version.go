package parser

import (
	"fmt"
	"strconv"
	"strings"
)

// A Version is a version of nginx, such as 1.26.3. The zero value means none.
type Version struct{ Major, Minor, Patch int }

// ParseVersion reads a version of three numbers, as `nginx -v` prints it.
func ParseVersion(s string) (Version, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return Version{}, fmt.Errorf("%q is not an nginx version: it must be three numbers, such as 1.26.3", s)
	}
	var n [3]int
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return Version{}, fmt.Errorf("%q is not an nginx version: it must be three numbers, such as 1.26.3", s)
		}
		n[i] = int(v)
	}
	return Version{n[0], n[1], n[2]}, nil
}

func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// IsZero reports whether v is no version.
func (v Version) IsZero() bool { return v == Version{} }

// Before reports whether v is older than w.
func (v Version) Before(w Version) bool {
	switch {
	case v.Major != w.Major:
		return v.Major < w.Major
	case v.Minor != w.Minor:
		return v.Minor < w.Minor
	}
	return v.Patch < w.Patch
}

// Versions is the range of versions for which a statement must hold, including both
// ends. A zero Max means no end: future versions count too.
type Versions struct{ Min, Max Version }

// AnyVersion is the range for an unknown version: every version from the oldest
// supported one.
var AnyVersion = Versions{Min: Version{1, 18, 0}}

// Single reports whether the range is one version.
func (v Versions) Single() bool { return v.Min == v.Max }

// AllBefore reports whether every version of the range is older than w.
func (v Versions) AllBefore(w Version) bool { return !v.Max.IsZero() && v.Max.Before(w) }

// AnyBefore reports whether some version of the range is older than w.
func (v Versions) AnyBefore(w Version) bool { return v.Min.Before(w) }

// AllFrom reports whether every version of the range is w or newer.
func (v Versions) AllFrom(w Version) bool { return !v.Min.Before(w) }

// AnyFrom reports whether some version of the range is w or newer.
func (v Versions) AnyFrom(w Version) bool { return !v.AllBefore(w) }

func (v Versions) String() string {
	switch {
	case v.Single():
		return v.Min.String()
	case v.Max.IsZero():
		return v.Min.String() + " and newer"
	}
	return v.Min.String() + " to " + v.Max.String()
}

// newDefaults is the version in which nginx changed its defaults (nginx's CHANGES,
// 1.29.7): HTTP/1.1 to upstreams, keepalive in every upstream block, and no
// "Connection: close".
var newDefaults = Version{1, 29, 7}

// DefaultHTTPVersion is proxy_http_version's default.
func DefaultHTTPVersion(v Version) string {
	if v.Before(newDefaults) {
		return "1.0"
	}
	return "1.1"
}

// DefaultConnectionClose reports whether nginx sends "Connection: close" to upstreams
// unless a proxy_set_header says otherwise.
func DefaultConnectionClose(v Version) bool { return v.Before(newDefaults) }
