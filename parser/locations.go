package parser

// MisplacedURIs returns the proxy_pass directives of a level that have a URI where
// nginx refuses one (ngx_http_proxy_pass), because it would not know which part of
// the path to replace. nginx never refuses a URI with a variable.
func (c *Context) MisplacedURIs() []Problem {
	own := c.Own("proxy_pass")
	if len(own) == 0 || !c.HTTP() || !c.withoutPrefix() {
		return nil
	}
	message := `"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block`
	if c.Combined() {
		message = `"proxy_pass" cannot have URI part inside a combined location`
	}
	var all []Problem
	for _, d := range own {
		if url := d.Param(0); URIPart(url) != "" && len(VariablesIn(url)) == 0 {
			all = append(all, Problem{Directive: d, Context: c, Message: message})
		}
	}
	return all
}

// withoutPrefix reports whether the requests of a level have no common prefix in
// their paths.
func (c *Context) withoutPrefix() bool {
	switch modifier, _ := c.LocationName(); modifier {
	case "~", "~*", "@":
		return true
	}
	return c.Combined() || c.Name == "if" || c.Name == "limit_except"
}

// A Duplicate is a location that nginx refuses because of an earlier one.
type Duplicate struct{ Location, First *Context }

func (d Duplicate) problem() Problem {
	_, name := d.Location.LocationName()
	return Problem{Directive: d.Location.Opener, Context: d.Location, Message: `duplicate location "` + name + `"`}
}

// DuplicateLocations returns the locations of a level that nginx refuses because an
// earlier one has the same name: two exact ones, or two prefixes, with or without ^~
// (ngx_http_join_exact_locations). It ignores regular expressions and named
// locations, of which nginx uses the first.
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

// firstNames are the first locations with names that must be unique: a short list, or
// a map if there are many.
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

// first returns the first location with c's name, which can be c itself, or nil if
// c's name need not be unique.
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

// uniqueName returns the name of a location if it must be unique on its level.
func (c *Context) uniqueName() (n locationName, ok bool) {
	modifier, name := c.LocationName()
	return locationName{modifier == "=", name}, modifier == "" || modifier == "^~" || modifier == "="
}
