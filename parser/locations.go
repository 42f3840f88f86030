package parser

// MisplacedURIs finds the proxy_pass directives of a level with a URI where nginx
// refuses one (ngx_http_proxy_pass): it would not know which part of the path the
// URI is to replace. With a variable in it none is refused.
func (c *Context) MisplacedURIs() []Problem {
	own := c.Own("proxy_pass")
	if len(own) == 0 || !c.HTTP() || !c.withoutPrefix() {
		return nil
	}
	var all []Problem
	for _, d := range own {
		if url := d.Param(0); URIPart(url) != "" && len(VariablesIn(url)) == 0 {
			all = append(all, Problem{d, c, `"proxy_pass" cannot have URI part in location given by regular expression, ` +
				`or inside named location, or inside "if" statement, or inside "limit_except" block`})
		}
	}
	return all
}

// withoutPrefix reports whether the requests of a level have no part of their
// path in common.
func (c *Context) withoutPrefix() bool {
	switch modifier, _ := c.LocationName(); modifier {
	case "~", "~*", "@":
		return true
	}
	return c.Name == "if" || c.Name == "limit_except"
}

// A Duplicate is a location that nginx refuses because of another one.
type Duplicate struct{ Location, First *Context }

func (d Duplicate) problem() Problem {
	_, name := d.Location.LocationName()
	return Problem{d.Location.Opener, d.Location, `duplicate location "` + name + `"`}
}

// DuplicateLocations finds locations of a level that nginx refuses because one
// before them has their name: two exact ones, or two prefixes, be it with ^~ or
// without (ngx_http_join_exact_locations). It says nothing of regular expressions
// and named locations, of which nginx takes the first.
func (c *Context) DuplicateLocations() []Duplicate {
	var all []Duplicate
	var names firstNames
	for _, child := range c.Children {
		if first := names.first(child); first != child && first != nil {
			all = append(all, Duplicate{child, first})
		}
	}
	return all
}

// firstNames are the first locations of their names, those that must not be there
// twice: a short list, and where they are many a map.
type firstNames struct {
	few  [16]namedLocation
	n    int // of the few
	many map[locationName]*Context
}

type namedLocation struct {
	locationName
	location *Context
}

type locationName struct {
	exact bool
	name  string
}

// first returns the first location that has c's name, c itself if it is that; nil
// for a context whose name may be there twice.
func (n *firstNames) first(c *Context) *Context {
	name, ok := c.uniqueName()
	if !ok {
		return nil
	}
	for _, known := range n.few[:n.n] {
		if known.locationName == name {
			return known.location
		}
	}
	if n.n < len(n.few) {
		n.few[n.n] = namedLocation{name, c}
		n.n++
		return c
	}
	if n.many == nil {
		n.many = make(map[locationName]*Context)
	}
	if n.many[name] == nil {
		n.many[name] = c
	}
	return n.many[name]
}

// uniqueName returns the name of a location that no other of its level may have.
func (c *Context) uniqueName() (n locationName, ok bool) {
	modifier, name := c.LocationName()
	return locationName{modifier == "=", name}, modifier == "" || modifier == "^~" || modifier == "="
}
