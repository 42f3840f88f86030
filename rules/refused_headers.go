package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// headerLine reports whether a line is a header without its proxy_set_header.
func headerLine(d *parser.Directive) bool {
	return d.Block == nil && d.ParamCount() == 1 && headerName(strings.TrimSuffix(d.Name(), ":"))
}

// headerDirective returns the directive that a header is most likely meant for: some
// are sent to clients, most to upstreams.
func headerDirective(header string) string {
	switch name := model.CanonicalHeader(header); {
	case strings.HasPrefix(name, "Access-Control-"), strings.HasSuffix(name, "-Policy"), strings.HasSuffix(name, "-Options"):
		return "add_header"
	case name == "Strict-Transport-Security", name == "X-Xss-Protection", name == "Cache-Control", name == "Set-Cookie":
		return "add_header"
	}
	return "proxy_set_header"
}

// sentHeader is the fix that makes a header line a proxy_set_header. Where the level
// has none yet, it would lose the ones that it inherits.
func sentHeader(c *parser.Context, d *parser.Directive) []fixer.Fix {
	header := strings.TrimSuffix(d.Name(), ":")
	if !headerLine(d) || headerDirective(header) != "proxy_set_header" || len(c.Own("proxy_set_header")) == 0 {
		return nil
	}
	name := d.NameWord()
	return []fixer.Fix{{
		Message: "send the header with proxy_set_header", Safety: fixer.Shown, Names: []*parser.Context{c}, Changes: []string{model.CanonicalHeader(header)},
		Edits: []fixer.Edit{{Span: name.Span(), New: "proxy_set_header " + header}},
	}}
}

// headerName reports whether a name is that of a header, and of no directive: it is
// one of those that proxies send, or has capitals and a dash.
func headerName(name string) bool {
	switch model.CanonicalHeader(name) {
	case "Upgrade", "Connection", "Host", "Origin", "Authorization", "Cookie":
		return name != strings.ToLower(name)
	}
	return strings.Contains(name, "-") && headerLike(name) && name != strings.ToLower(name)
}

// headerLike reports whether a name has only the letters of a header's name.
func headerLike(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '-' && !('a' <= c && c <= 'z') && !('A' <= c && c <= 'Z') && !('0' <= c && c <= '9') {
			return false
		}
	}
	return name != "" && name[0] != '-' && (name[0] < '0' || name[0] > '9')
}
