package rules

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// withURI returns the edit that gives proxy_pass another URI part, or none; nil
// where it has none, or quotes around it.
func (l *Location) withURI(uri string) []fixer.Edit {
	word := l.Request.Pass.ParamWord(0)
	written := l.passed.Written
	head, ok := strings.CutSuffix(word.Span().Text(), written)
	if !ok || written == "" {
		return nil
	}
	return []fixer.Edit{{Span: word.Span(), New: head + uri}}
}

// mended is a fix, if there is anything to edit.
func mended(fix fixer.Fix) []fixer.Fix {
	if len(fix.Edits) == 0 {
		return nil
	}
	return []fixer.Fix{fix}
}

// names reports whether the upstream or the server has a name of the
// application.
func (l *Location) names(e *intent.Endpoint) bool {
	text := l.Request.Target.Text
	if s := l.Server(); s != nil {
		for _, d := range s.Own("server_name") {
			text += " " + d.Param(0)
		}
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(e.Names, func(name string) bool { return slices.Contains(words, name) })
}

// regexMap returns the map behind one of the variables that has expressions.
func (l *Location) regexMap(names []string) *parser.Directive {
	for _, name := range names {
		for _, v := range l.Config.Variables(name) {
			if v.Map == nil || !v.Directive.Is("map") {
				continue
			}
			for _, d := range v.Map.Directives {
				if strings.HasPrefix(d.Name(), "~") {
					return v.Directive
				}
			}
		}
	}
	return nil
}
