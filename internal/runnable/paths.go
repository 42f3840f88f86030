package runnable

import (
	"regexp/syntax"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Paths returns paths that lead to the locations of a server, each with the location
// that the model predicts: one path for every location that a request can reach, and
// for prefixes also one below.
func Paths(m *model.Model, server *parser.Context) []string {
	var all []string
	seen := make(map[string]bool)
	server.Walk(func(c *parser.Context) bool {
		for _, p := range samples(c) {
			if !seen[p] && strings.HasPrefix(p, "/") && m.Route(server, p) == c {
				seen[p] = true
				all = append(all, p)
			}
		}
		return true
	})
	return all
}

// samples returns paths that a location's name matches.
func samples(c *parser.Context) []string {
	modifier, name := c.LocationName()
	switch modifier {
	case "=":
		return []string{name}
	case "", "^~":
		return []string{name, strings.TrimSuffix(name, "/") + "/stand-in"}
	case "~", "~*":
		re, err := parser.CompileRegex(modifier[1:] + name)
		if err != nil {
			return nil
		}
		tree, err := syntax.Parse(re.String(), syntax.Perl)
		if err != nil {
			return nil
		}
		s := matching(tree)
		return []string{s, "/" + s, s + "/", "/stand-in" + s}
	}
	return nil
}

// matching returns a short, plain text that an expression matches.
func matching(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpCharClass:
		return member(re.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return matching(re.Sub[0])
	case syntax.OpRepeat:
		return strings.Repeat(matching(re.Sub[0]), re.Min)
	case syntax.OpAlternate:
		return matching(re.Sub[0])
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(matching(sub))
		}
		return b.String()
	}
	return "" // may be empty, or matches no text
}

// member returns a character of a class, a plain one if possible.
func member(ranges []rune) string {
	for _, c := range "x1/_-.A" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= c && c <= ranges[i+1] {
				return string(c)
			}
		}
	}
	if len(ranges) > 0 {
		return string(ranges[0])
	}
	return ""
}
