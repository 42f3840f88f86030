package parser

import "strings"

// URIPart returns the part of what a proxy_pass names that takes the place of
// the request's own path: from the first slash or question mark behind the
// host on (ngx_parse_url), or from a variable that brings one; for a Unix
// socket from behind the colon that ends its path. It is empty where there is
// none.
func URIPart(target string) string {
	_, rest, ok := strings.Cut(target, "://")
	if !ok {
		return ""
	}
	if path, ok := strings.CutPrefix(rest, "unix:"); ok {
		_, uri, _ := strings.Cut(path, ":")
		return uri
	}
	for i := range len(rest) {
		switch rest[i] {
		case '/', '?':
			return rest[i:]
		case '$':
			if name, _ := VariableAt(rest, i); startsPath[strings.ToLower(name)] {
				return rest[i:]
			}
		}
	}
	return ""
}

// startsPath are the variables whose value begins with a slash.
var startsPath = map[string]bool{"uri": true, "document_uri": true, "request_uri": true}

// A Passed is what proxy_pass makes of a request's path.
type Passed struct {
	URI      string // its URI part, evaluated as far as can be known; empty where it has none
	Written  string // the URI part that stands in the directive itself, which a variable may bring as well
	Variable bool   // proxy_pass has a variable: then the URI is all that is sent, and nothing of the request is added
	Unknown  bool   // whether there is a URI part, or what becomes of the path, cannot be known
}

// Passed returns what becomes of the path of a request that proxy_pass takes.
func (q Request) Passed() Passed {
	raw := q.Pass.Param(0)
	p := Passed{Variable: len(VariablesIn(raw)) > 0, Written: URIPart(raw)}
	text := q.Target.Text
	if strings.Contains(text, "map(") || strings.Contains(text, "if(") {
		text = raw // what depends on the request is known by its name only
	}
	if !strings.Contains(text, "://") {
		return Passed{Variable: p.Variable, Unknown: true}
	}
	p.URI = URIPart(text)
	p.Unknown = p.URI == "" && strings.Contains(text, "$") || q.Level.changesPath()
	return p
}

// changesPath reports whether something in a location may give its requests
// another path before proxy_pass sees it: then, for one, its URI is ignored.
// What an outer location rewrites does not count, and what the server rewrites
// is the path that the location was chosen by.
func (c *Context) changesPath() bool {
	location := c.Enclosing("location")
	if location == nil || location.rewritesPath() {
		return true
	}
	for _, child := range location.Children {
		if child.Name == "if" && child.rewritesPath() {
			return true
		}
	}
	return false
}

func (c *Context) rewritesPath() bool {
	if c.Unread() != nil {
		return true
	}
	for _, d := range c.Directives {
		if d.Is("rewrite") && d.Param(2) != "redirect" && d.Param(2) != "permanent" || strings.Contains(d.Name(), "_by_lua") || strings.HasPrefix(d.Name(), "js_") {
			return true
		}
	}
	return false
}

// At returns the path that the upstream is asked for when a client asks a
// prefix location for a path.
func (p Passed) At(location *Context, path string) string {
	switch _, name := location.LocationName(); {
	case p.URI == "":
		return path
	case p.Variable:
		return p.URI
	default:
		return p.URI + strings.TrimPrefix(path, name)
	}
}
