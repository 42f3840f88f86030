package parser

import (
	"fmt"
	"strconv"
	"strings"
)

// A Version is a version of nginx, such as 1.26.3, or of a relative. The three numbers
// are nginx's: for a relative, those of the nginx that it is based on. The zero value
// means none.
type Version struct {
	Major, Minor, Patch int

	Dialect Dialect
	Own     Number // a relative's own number
}

const notVersion = "%q is not a version: nginx has three numbers, such as 1.26.3; others are written angie-1.12.1, tengine-3.1.0, freenginx-1.27.1, openresty-1.27.1.2 or plus-r36"

// ParseVersion reads a version as it is written anywhere: 1.26.3, angie-1.12.1,
// openresty/1.27.1.2, plus-r36, and the first line of `nginx -v` of each of them.
func ParseVersion(s string) (Version, error) {
	text := strings.ToLower(strings.TrimSpace(s))
	if _, after, ok := strings.Cut(text, " version: "); ok {
		text = after
	}
	if head, plus, ok := strings.Cut(text, " (nginx-plus-"); ok && strings.HasPrefix(head, "nginx/") { // nginx -v of NGINX Plus
		text = "plus-" + strings.TrimSuffix(plus, ")")
	}
	text = strings.TrimPrefix(text, "nginx-plus-")
	d, number := Nginx, text
	for known := Nginx; int(known) < len(dialects); known++ {
		if rest, ok := strings.CutPrefix(text, dialects[known].key); ok && rest != "" && strings.IndexByte("-/ ", rest[0]) >= 0 {
			d, number = known, rest[1:]
		}
	}
	if len(number) > 1 && number[0] == 'r' && isDigits(number[1:2]) && (d == Plus || d == Nginx) {
		d, number = Plus, strings.Replace(number[1:], "-p", ".", 1)
	}
	own, ok := parseNumber(number, &dialects[d])
	if !ok {
		return Version{}, fmt.Errorf(notVersion, s)
	}
	return d.version(own), nil
}

// parseNumber reads the number of a dialect's version.
func parseNumber(s string, d *dialectInfo) (n Number, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) < d.least || len(parts) > d.parts {
		return n, false
	}
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return n, false
		}
		n[i] = uint16(v)
	}
	return n, true
}

// String returns the version as --nginx-version has it. ParseVersion reads it.
func (v Version) String() string {
	if v.Dialect == Nginx {
		return v.Base()
	}
	return v.Dialect.String() + "-" + v.Number()
}

// Base returns the version of nginx that a version is or is based on.
func (v Version) Base() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// Number returns the version without the name of the dialect: 1.12.1, r36.
func (v Version) Number() string {
	switch {
	case v.Dialect == Nginx:
		return v.Base()
	case v.Dialect == Plus && v.Own[1] > 0:
		return fmt.Sprintf("r%d-p%d", v.Own[0], v.Own[1])
	case v.Dialect == Plus:
		return fmt.Sprintf("r%d", v.Own[0])
	}
	var parts []string
	for _, n := range v.Own[:dialects[v.Dialect].parts] {
		parts = append(parts, strconv.Itoa(int(n)))
	}
	return strings.Join(parts, ".")
}

// Title returns the version with the name of the program, for messages.
func (v Version) Title() string {
	n := v.Number()
	if v.Dialect == Plus {
		n = strings.ToUpper(n)
	}
	return v.Dialect.Title() + " " + n
}

// IsZero reports whether v is no version.
func (v Version) IsZero() bool { return v == Version{} }

// base is the version of nginx as a Number.
func (v Version) base() Number { return Number{uint16(v.Major), uint16(v.Minor), uint16(v.Patch)} }

// Before reports whether v is based on an older nginx than w.
func (v Version) Before(w Version) bool {
	switch {
	case v.Major != w.Major:
		return v.Major < w.Major
	case v.Minor != w.Minor:
		return v.Minor < w.Minor
	}
	return v.Patch < w.Patch
}
