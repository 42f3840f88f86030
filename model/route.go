package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Route returns the location for a request's path in a server: an exact one, else the
// longest prefix, unless a regular expression in the order of the file matches first
// (ngx_http_core_find_location). If none matches, it returns the server. An
// expression that only PCRE can run is skipped.
func (m *Model) Route(c *parser.Context, path string) *parser.Context {
	for strings.Contains(path, "//") { // merge_slashes is on by default
		path = strings.ReplaceAll(path, "//", "/")
	}
	found, _ := m.route(c, path)
	return found
}

// route also reports whether the choice is final: then the expressions of the levels
// around c are not tried.
func (m *Model) route(c *parser.Context, path string) (found *parser.Context, final bool) {
	found, noRegex := c, false
	if best, exact := m.longestPrefix(c, path); exact {
		return best, true
	} else if best != nil {
		modifier, _ := best.LocationName()
		noRegex = modifier == "^~"
		if found, final = m.route(best, path); final {
			return found, true
		}
	}
	if noRegex {
		return found, false
	}
	for _, child := range m.withExpressions(c) {
		modifier, name := child.LocationName()
		if matched, _ := m.matches(modifier[1:]+name, path); matched {
			found, _ = m.route(child, path)
			return found, true
		}
	}
	return found, false
}
