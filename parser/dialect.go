package parser

import "strings"

// A Dialect is nginx or a relative of nginx: a program based on some version of it,
// with differences (docs/relatives.md).
type Dialect uint8

const (
	Nginx Dialect = iota
	Angie
	Tengine
	Freenginx
	OpenResty
	Plus
)

// A Number is a version number, compared part by part. A relative has its own.
type Number [4]uint16

// Less reports whether n is older than m.
func (n Number) Less(m Number) bool {
	for i := range n {
		if n[i] != m[i] {
			return n[i] < m[i]
		}
	}
	return false
}

// A dialectInfo is what is known of a dialect as a program.
type dialectInfo struct {
	key   string // in --nginx-version
	title string // in messages
	main  string // the main file, if it has a name of its own
	parts int    // of its version numbers
	least int    // parts that have to be written
	bases []base // by version; nil if the number itself names the base
}

// A base says on which version of nginx a relative's versions are based, from one on.
type base struct{ own, nginx Number }

// dialects is what is known of each. Bases are from src/core/nginx.h of the tags, for
// NGINX Plus from its release notes.
var dialects = [...]dialectInfo{
	Nginx: {key: "nginx", title: "nginx", main: "nginx.conf", parts: 3, least: 3},
	Angie: {key: "angie", title: "Angie", main: "angie.conf", parts: 3, least: 2, bases: []base{
		{Number{1, 0}, Number{1, 23, 2}}, {Number{1, 1}, Number{1, 23, 3}}, {Number{1, 2}, Number{1, 25, 0}}, {Number{1, 3}, Number{1, 25, 2}},
		{Number{1, 4}, Number{1, 25, 3}}, {Number{1, 5}, Number{1, 25, 4}}, {Number{1, 6}, Number{1, 27, 0}}, {Number{1, 7}, Number{1, 27, 1}},
		{Number{1, 8}, Number{1, 27, 3}}, {Number{1, 9}, Number{1, 27, 4}}, {Number{1, 10}, Number{1, 27, 5}}, {Number{1, 11}, Number{1, 29, 3}},
		{Number{1, 12}, Number{1, 31, 2}},
	}},
	Tengine: {key: "tengine", title: "Tengine", main: "tengine.conf", parts: 3, least: 3, bases: []base{
		{Number{2, 1, 2}, Number{1, 6, 2}}, {Number{2, 2, 0}, Number{1, 8, 1}}, {Number{2, 3, 0}, Number{1, 15, 9}}, {Number{2, 3, 1}, Number{1, 16, 0}},
		{Number{2, 3, 2}, Number{1, 17, 3}}, {Number{2, 3, 3}, Number{1, 18, 0}}, {Number{2, 4, 0}, Number{1, 22, 1}}, {Number{3, 0, 0}, Number{1, 24, 0}},
		{Number{3, 2, 0}, Number{1, 31, 3}},
	}},
	Freenginx: {key: "freenginx", title: "freenginx", parts: 3, least: 3, bases: []base{{Number{1, 25, 4}, Number{1, 25, 4}}}},
	OpenResty: {key: "openresty", title: "OpenResty", parts: 4, least: 4},
	Plus: {key: "plus", title: "NGINX Plus", parts: 2, least: 1, bases: []base{
		{Number{27}, Number{1, 21, 6}}, {Number{28}, Number{1, 23, 2}}, {Number{29}, Number{1, 23, 4}}, {Number{30}, Number{1, 25, 1}},
		{Number{31}, Number{1, 25, 3}}, {Number{32}, Number{1, 25, 5}}, {Number{33}, Number{1, 27, 2}}, {Number{34}, Number{1, 27, 4}},
		{Number{35}, Number{1, 29, 0}}, {Number{36}, Number{1, 29, 3}}, {Number{37}, Number{1, 29, 8}},
	}},
}

// String returns the dialect's key, as --nginx-version has it.
func (d Dialect) String() string { return dialects[d].key }

// Title returns the name of the program.
func (d Dialect) Title() string { return dialects[d].title }

// Example returns a version of the dialect as --nginx-version has it.
func (d Dialect) Example() string {
	if bases := dialects[d].bases; len(bases) > 0 {
		return d.version(bases[len(bases)-1].own).String()
	}
	return d.oldest().String()
}

// oldest is the first version of a dialect that is based on a supported nginx.
func (d Dialect) oldest() Version {
	for _, b := range dialects[d].bases {
		if v := d.version(b.own); !v.Before(AnyVersion.Min) {
			return v
		}
	}
	v := AnyVersion.Min
	if d != Nginx {
		v.Dialect, v.Own = d, v.base()
	}
	return v
}

// version returns a dialect's version with its base.
func (d Dialect) version(own Number) Version {
	b := own
	for _, known := range dialects[d].bases {
		if own.Less(known.own) {
			break
		}
		b = known.nginx
	}
	v := Version{Major: int(b[0]), Minor: int(b[1]), Patch: int(b[2])}
	if d != Nginx {
		v.Dialect, v.Own = d, own
	}
	return v
}

// A Dialects is a set of relatives.
type Dialects uint8

// SetOf returns a set of dialects.
func SetOf(all ...Dialect) Dialects {
	var set Dialects
	for _, d := range all {
		set |= 1 << d
	}
	return set
}

// Each calls f for each dialect of the set, in order.
func (s Dialects) Each(f func(Dialect)) {
	if s == 0 {
		return
	}
	for d := Nginx; int(d) < len(dialects); d++ {
		if s&(1<<d) != 0 {
			f(d)
		}
	}
}

// Only returns the dialect of a set that has one.
func (s Dialects) Only() (d Dialect, ok bool) {
	s.Each(func(one Dialect) { d = one })
	return d, s != 0 && s == SetOf(d)
}

// First returns the first dialect of a set.
func (s Dialects) First() Dialect {
	for d := Nginx; int(d) < len(dialects); d++ {
		if s&(1<<d) != 0 {
			return d
		}
	}
	return Nginx
}

// Titles are the names of the programs, for messages: "Angie or NGINX Plus".
func (s Dialects) Titles() string {
	var names []string
	s.Each(func(d Dialect) { names = append(names, d.Title()) })
	return strings.Join(names, " or ")
}

// DialectOfMain returns the relative whose main file has a name of its own, or Nginx.
func DialectOfMain(name string) Dialect {
	for d := Angie; int(d) < len(dialects); d++ {
		if dialects[d].main == name {
			return d
		}
	}
	return Nginx
}
