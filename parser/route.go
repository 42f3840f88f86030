package parser

import "strings"

// Route returns the location that a request's path reaches in a server: an
// exact one, else the longest prefix unless a regular expression in the order
// of the file matches first (ngx_http_core_find_location). Where none fits it
// returns the server. An expression that only PCRE can run is passed over.
func (c *Context) Route(path string) *Context {
	for strings.Contains(path, "//") { // merge_slashes is on by default
		path = strings.ReplaceAll(path, "//", "/")
	}
	found, _ := c.route(path)
	return found
}

// route also says whether the choice is final: then the expressions of the
// levels around c are not asked any more.
func (c *Context) route(path string) (found *Context, final bool) {
	found, noRegex := c, false
	if best, exact := c.longestPrefix(path); exact {
		return best, true
	} else if best != nil {
		modifier, _ := best.LocationName()
		noRegex = modifier == "^~"
		if found, final = best.route(path); final {
			return found, true
		}
	}
	if noRegex {
		return found, false
	}
	for _, child := range c.expressions() {
		modifier, name := child.LocationName()
		if matched, _ := c.Config.matches(modifier[1:]+name, path); matched {
			found, _ = child.route(path)
			return found, true
		}
	}
	return found, false
}

// LocationName returns a location's modifier (=, ^~, ~, ~*, @ or none) and its
// name; nginx takes the modifier also without a space before the name. For any
// other context both are empty.
func (c *Context) LocationName() (modifier, name string) {
	if c.Name != "location" || c.Opener == nil {
		return "none", ""
	}
	if c.Opener.count > 2 {
		return c.Opener.Param(0), c.Opener.Param(1)
	}
	word := c.Opener.Param(0)
	n := 0 // the length of the modifier
	switch {
	case strings.HasPrefix(word, "^~"), strings.HasPrefix(word, "~*"):
		n = 2
	case word != "" && strings.IndexByte("=~@", word[0]) >= 0:
		n = 1
	}
	return word[:n], word[n:]
}
