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
	type key struct {
		exact bool
		name  string
	}
	var all []Duplicate
	var seen map[key]*Context
	for _, child := range c.Children {
		modifier, name := child.LocationName()
		if modifier != "" && modifier != "^~" && modifier != "=" {
			continue
		}
		k := key{modifier == "=", name}
		if seen[k] != nil {
			all = append(all, Duplicate{child, seen[k]})
		} else {
			if seen == nil {
				seen = make(map[key]*Context)
			}
			seen[k] = child
		}
	}
	return all
}
