package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

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
	p := Passed{Variable: len(parser.VariablesIn(raw)) > 0, Written: parser.URIPart(raw)}
	text := q.Target.Text
	if strings.Contains(text, "map(") || strings.Contains(text, "if(") {
		text = raw // what depends on the request is known by its name only
	}
	if bad := q.BadTarget(); bad != nil && bad.Unless == "" || !strings.Contains(text, "://") {
		return Passed{Variable: p.Variable, Unknown: true}
	}
	p.URI = parser.URIPart(text)
	p.Unknown = p.URI == "" && strings.Contains(text, "$") || changesPath(q.Level)
	return p
}

// changesPath reports whether something in a location may give its requests
// another path before proxy_pass sees it: then, for one, its URI is ignored.
// What an outer location rewrites does not count, and what the server rewrites
// is the path that the location was chosen by.
func changesPath(c *parser.Context) bool {
	location := c.Enclosing("location")
	if location == nil || rewritesPath(location) {
		return true
	}
	for _, child := range location.Children {
		if child.Name == "if" && rewritesPath(child) {
			return true
		}
	}
	return false
}

func rewritesPath(c *parser.Context) bool {
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
func (p Passed) At(location *parser.Context, path string) string {
	switch _, name := location.LocationName(); {
	case p.URI == "":
		return path
	case p.Variable:
		return p.URI
	default:
		return p.URI + strings.TrimPrefix(path, name)
	}
}
