package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Passed is what proxy_pass does with a request's path.
type Passed struct {
	URI      string // its URI part, evaluated as far as possible; empty if it has none
	Written  string // the URI part in the directive itself; a variable can contain one as well
	Variable bool   // proxy_pass has a variable: then only the URI is sent, and nothing of the request is added
	Unknown  bool   // it is unknown whether there is a URI part, or what happens to the path
}

// Passed returns what proxy_pass does with the path of a request.
func (q Request) Passed() Passed {
	raw := q.Pass.Param(0)
	p := Passed{Variable: len(parser.VariablesIn(raw)) > 0, Written: parser.URIPart(raw)}
	text := q.Target.Text
	if strings.Contains(text, "map(") || strings.Contains(text, "if(") {
		text = raw // parts that depend on the request are unknown
	}
	if bad := q.BadTarget(); bad != nil && bad.Unless == "" || !strings.Contains(text, "://") {
		return Passed{Variable: p.Variable, Unknown: true}
	}
	p.URI = parser.URIPart(text)
	p.Unknown = p.URI == "" && strings.Contains(text, "$") || changesPath(q.Level)
	return p
}

// changesPath reports whether a location may change the path of its requests before
// proxy_pass: then, for example, the URI of proxy_pass is ignored. Rewrites of an
// outer location do not count, and the server rewrites the path before the location
// is chosen.
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

// At returns the path that the upstream gets when a client requests a path in a
// prefix location.
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
