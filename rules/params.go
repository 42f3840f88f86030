package rules

import "github.com/nginx-ws-lint/nginx-ws-lint/parser"

// lastParam returns the last parameter of a directive that has one.
func lastParam(d *parser.Directive) string { return d.Param(d.ParamCount() - 1) }

// hasWord reports whether one of the parameters is a word, in the same case.
func hasWord(d *parser.Directive, word string) bool {
	for i := range d.ParamCount() {
		if d.Param(i) == word {
			return true
		}
	}
	return false
}
