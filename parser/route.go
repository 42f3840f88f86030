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
	for _, child := range c.Children {
		modifier, name := child.LocationName()
		if modifier != "~" && modifier != "~*" {
			continue
		}
		if re, err := CompileRegex(modifier[1:] + name); err == nil && re.MatchString(path) {
			found, _ = child.route(path)
			return found, true
		}
	}
	return found, false
}

func (c *Context) longestPrefix(path string) (best *Context, exact bool) {
	length := -1
	for _, child := range c.Children {
		switch modifier, name := child.LocationName(); modifier {
		case "=":
			if name == path {
				return child, true
			}
		case "", "^~":
			if strings.HasPrefix(path, name) && len(name) > length {
				best, length = child, len(name)
			}
		}
	}
	if best == nil || length < len(path) {
		if with := c.withSlash(path + "/"); with != nil {
			return with, true
		}
	}
	return best, false
}

// withSlash stands for the redirect to a location whose name is the path and a
// slash, if it proxies (auto_redirect in ngx_http_core_find_static_location).
func (c *Context) withSlash(name string) *Context {
	for _, child := range c.Children {
		if modifier, n := child.LocationName(); n == name && (modifier == "" || modifier == "^~" || modifier == "=") && child.Handler() != nil {
			return &Context{Name: "location", Opener: child.Opener, Parent: c, Config: c.Config, slash: child}
		}
	}
	return nil
}

// LocationName returns a location's modifier (=, ^~, ~, ~*, @ or none) and its
// name; nginx takes the modifier also without a space before the name. For any
// other context both are empty.
func (c *Context) LocationName() (modifier, name string) {
	if c.Name != "location" || c.Opener == nil {
		return "none", ""
	}
	if len(c.Opener.words) > 2 {
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
