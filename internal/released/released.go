// Package released knows which versions of nginx exist.
package released

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// lines are the minor versions that have ended, from the oldest supported one on,
// with their last patch (nginx.org/en/CHANGES, CHANGES-1.18 and so on).
var lines = []int{18: 0, 19: 10, 20: 2, 21: 6, 22: 1, 23: 4, 24: 0, 25: 5, 26: 3, 27: 5}

// Future versions: more of the youngest branches, and later branches.
const (
	lastMinor = 60
	lastPatch = 30
)

// Parse reads a version of nginx, or of a relative, that exists or may exist in the
// future.
func Parse(s string) (parser.Version, error) {
	v, err := parser.ParseVersion(s)
	switch {
	case err != nil:
		return v, err
	case v.Before(parser.AnyVersion.Min) && v.Dialect != parser.Nginx:
		return v, fmt.Errorf("%s is based on nginx %s, which is older than %s, the oldest supported version", v.Title(), v.Base(), oldest())
	case v.Before(parser.AnyVersion.Min):
		return v, fmt.Errorf("%s is older than %s, the oldest supported version", v, oldest())
	case v.Dialect != parser.Nginx && (v.Major != 1 || v.Minor > lastMinor):
		return v, fmt.Errorf("%s does not exist", v.Title())
	case v.Dialect != parser.Nginx:
		return v, nil
	case v.Major != 1 || v.Minor > lastMinor:
		return v, fmt.Errorf("nginx %s does not exist; a version is three numbers, such as 1.26.3", v)
	case v.Minor < len(lines) && v.Patch > lines[v.Minor]:
		return v, fmt.Errorf("nginx %s does not exist; %s", v, near(v))
	case v.Patch > lastPatch:
		return v, fmt.Errorf("nginx %s does not exist: no branch has that many releases", v)
	}
	return v, nil
}

func oldest() string {
	return fmt.Sprintf("%d.%d", parser.AnyVersion.Min.Major, parser.AnyVersion.Min.Minor)
}

// near names the nearest versions to one that does not exist: the last of its branch
// and the first of the next.
func near(v parser.Version) string {
	last := parser.Version{Major: 1, Minor: v.Minor, Patch: lines[v.Minor]}
	next := parser.Version{Major: 1, Minor: v.Minor + 1}
	return fmt.Sprintf("the last release of that branch is %s, the next one is %s", last, next)
}
