package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// named returns a server's location @name, or nil.
func (m *Model) named(c *parser.Context, name string) *parser.Context {
	if len(c.Children) > smallLevel {
		return m.index(c).find(name).named
	}
	for _, child := range c.Children {
		if child.Named() == name {
			return child
		}
	}
	return nil
}

// withExpressions returns the locations of a level that have a regular expression, in
// the order of the file.
func (m *Model) withExpressions(c *parser.Context) []*parser.Context {
	if len(c.Children) > smallLevel {
		return m.index(c).expressions
	}
	var all []*parser.Context
	for _, child := range c.Children {
		if modifier, _ := child.LocationName(); modifier == "~" || modifier == "~*" {
			all = append(all, child)
		}
	}
	return all
}

// longestPrefix returns the location of a level with exactly this path, else the one
// with the longest prefix of it.
func (m *Model) longestPrefix(c *parser.Context, path string) (best *parser.Context, exact bool) {
	n := m.prefixesOf(c, path)
	if n.exact != nil {
		return n.exact, true
	}
	length := -1
	if n.longest != nil {
		_, name := n.longest.LocationName()
		length = len(name)
	}
	if to := n.slash; to != nil && length < len(path) { // the redirect to it (auto_redirect in ngx_http_core_find_static_location)
		return m.redirectTo(to), true
	}
	return n.longest, false
}

// redirectTo returns a stand-in for the redirect to a location whose name is the path
// and a slash. It is not a location, but always the same value.
func (m *Model) redirectTo(to *parser.Context) *parser.Context {
	if known, ok := m.redirects.Load(to); ok {
		return known.(*parser.Context)
	}
	made, _ := m.redirects.LoadOrStore(to, &parser.Context{Name: "location", Opener: to.Opener, Parent: to.Parent, Config: to.Config})
	from := made.(*parser.Context)
	m.redirects.Store(redirect{from}, to)
	return from
}

// A redirect is the key of the location that a redirect leads to.
type redirect struct{ from *parser.Context }

// redirectTarget returns the location that a redirect leads to.
func (m *Model) redirectTarget(c *parser.Context) (to *parser.Context, ok bool) {
	if known, ok := m.redirects.Load(redirect{c}); ok {
		return known.(*parser.Context), true
	}
	return c, false
}

// smallLevel is the size up to which a level is searched without an index.
const smallLevel = 64

// prefixes are the first locations of a level that concern a path.
type prefixes struct {
	exact   *parser.Context // has exactly that path
	longest *parser.Context // has the longest prefix of the path
	slash   *parser.Context // redirects, and its name is the path and a slash
}

// redirects reports whether requests for a location's name without its slash are
// redirected to it: if it passes them on, and always or never with Angie's auto_redirect.
func redirects(c *parser.Context) bool {
	switch c.Effective("auto_redirect").Value() {
	case "on":
		return true
	case "off":
		return false
	}
	return c.Handler() != nil
}

func (m *Model) prefixesOf(c *parser.Context, path string) (n prefixes) {
	if len(c.Children) > smallLevel {
		t := m.index(c)
		return prefixes{t.find(path).exact, t.prefixOf(path), t.find(path + "/").proxied}
	}
	length := -1
	for _, child := range c.Children {
		modifier, name := child.LocationName()
		if modifier != "" && modifier != "=" && modifier != "^~" {
			continue
		}
		switch {
		case modifier == "=" && name == path:
			if n.exact == nil {
				n.exact = child
			}
		case modifier != "=" && len(name) > length && strings.HasPrefix(path, name):
			n.longest, length = child, len(name)
		case n.slash == nil && len(name) == len(path)+1 && name[len(path)] == '/' && name[:len(path)] == path && redirects(child):
			n.slash = child
		}
	}
	return n
}

// paths is the index of a level's locations by name, because each of ten thousand may
// lead to another. Small levels have no index.
type paths struct {
	names       []pathName        // sorted
	expressions []*parser.Context // in the order of the file
}

// A pathName is a name, with the first location of each kind that has it.
type pathName struct {
	name                   string
	exact, prefix, proxied *parser.Context // proxied: exact or prefix, and redirects
	named                  *parser.Context // @name
	shorter                int             // index of the longest other name that is a prefix of this one, or -1
}

// index returns the locations of a level by name.
func (m *Model) index(c *parser.Context) *paths {
	if t, ok := m.indexes.Load(c); ok {
		return t.(*paths)
	}
	t := &paths{}
	index := make(map[string]int)
	for _, child := range c.Children {
		modifier, name := child.LocationName()
		switch modifier {
		case "none":
			continue
		case "~", "~*":
			t.expressions = append(t.expressions, child)
		}
		if modifier == "@" {
			name = child.Named()
		}
		i, ok := index[name]
		if !ok {
			i = len(t.names)
			index[name], t.names = i, append(t.names, pathName{name: name})
		}
		t.names[i].add(child, modifier)
	}
	t.sort()
	m.indexes.Store(c, t)
	return t
}

func (n *pathName) add(c *parser.Context, modifier string) {
	first := func(to **parser.Context) {
		if *to == nil {
			*to = c
		}
	}
	switch modifier {
	case "=":
		first(&n.exact)
	case "", "^~":
		first(&n.prefix)
	default:
		if c.Named() == n.name {
			first(&n.named)
		}
		return
	}
	if redirects(c) {
		first(&n.proxied)
	}
}

func (t *paths) sort() {
	slices.SortFunc(t.names, func(a, b pathName) int { return strings.Compare(a.name, b.name) })
	var open []int // names that can be prefixes of the following ones, each linked to the one before it
	for i, n := range t.names {
		for len(open) > 0 && !strings.HasPrefix(n.name, t.names[open[len(open)-1]].name) {
			open = open[:len(open)-1]
		}
		t.names[i].shorter = -1
		if len(open) > 0 {
			t.names[i].shorter = open[len(open)-1]
		}
		open = append(open, i)
	}
}

// find returns the entry of a name, or an empty one.
func (t *paths) find(name string) pathName {
	i, ok := slices.BinarySearchFunc(t.names, name, func(n pathName, name string) int { return strings.Compare(n.name, name) })
	if !ok {
		return pathName{}
	}
	return t.names[i]
}

// prefixOf returns the prefix location with the longest name that a path begins with.
// The last name that does not sort after the path begins with all of them.
func (t *paths) prefixOf(path string) *parser.Context {
	i, ok := slices.BinarySearchFunc(t.names, path, func(n pathName, path string) int { return strings.Compare(n.name, path) })
	if !ok {
		i--
	}
	if i < 0 {
		return nil
	}
	same := 0
	for name := t.names[i].name; same < min(len(name), len(path)) && name[same] == path[same]; {
		same++
	}
	for i >= 0 && (len(t.names[i].name) > same || t.names[i].prefix == nil) {
		i = t.names[i].shorter
	}
	if i < 0 {
		return nil
	}
	return t.names[i].prefix
}
