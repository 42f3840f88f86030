package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ClobberedCaptures finds captures of a location's expression that another
// expression overwrites before proxy_pass uses them: nginx keeps only the captures
// of the last match (ngx_http_regex_exec).
var ClobberedCaptures = &Rule{
	Name:     "clobbered-captures",
	Summary:  "another regular expression replaces the location's captures before proxy_pass uses them",
	Group:    Paths,
	Severity: Warning,
	Location: clobberedCaptures,
}

func clobberedCaptures(p *Pass, l *Location) {
	modifier, name := l.LocationName()
	if modifier != "~" && modifier != "~*" || !capturing().MatchString(name) || l.Request.Level != l.Context {
		return
	}
	used := parser.VariablesIn(l.Request.Pass.Param(0))
	at := slices.IndexFunc(used, numbered)
	if at < 0 {
		return
	}
	by, how := l.clobberer(used[:at])
	if by == nil {
		return
	}
	f := Finding{
		Severity: Warning, Span: l.Request.Pass.ParamWord(0).Span(),
		Message: fmt.Sprintf("$%s is not what the location captured if %s: nginx keeps only the captures of the last match, so the upstream gets a different path%s", used[at], how, l.belief()),
		Related: []Related{{wordsSpan(by), "matches after the location"}},
	}
	if fix, ok := l.keepCapture(used[at]); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// capturing is an expression with a capture that has no name.
var capturing = lazyregexp.New(`(^|[^\\])\(([^?]|$)`)

func numbered(name string) bool { return len(name) == 1 && '1' <= name[0] && name[0] <= '9' }

// clobberer returns what matches between the location and the use of its capture:
// an if of the location, or a map that one of its set directives or proxy_pass
// evaluates first.
func (l *Location) clobberer(before []string) (by *parser.Directive, how string) {
	for _, d := range l.Directives {
		switch {
		case d.Is("if") && l.Request.Kind == model.WebSocket && matches(d):
			return d, "the condition of an if matches"
		case d.Is("set") && slices.ContainsFunc(parser.VariablesIn(d.Param(1)), numbered):
			return nil, "" // kept, it seems
		case d.Is("set"):
			if m := l.regexMap(parser.VariablesIn(d.Param(1))); m != nil {
				return m, "an expression of the map used by set matches"
			}
		}
	}
	if m := l.regexMap(before); m != nil {
		return m, "an expression of the map of an earlier variable matches"
	}
	return nil, ""
}

// matches reports whether an if compares with a regular expression without captures
// and does not leave the location when it matches. Captures of an if may be
// intended.
func matches(d *parser.Directive) bool {
	leaves := slices.ContainsFunc(d.Block.Directives, func(in *parser.Directive) bool { return in.Is("return", "proxy_pass", "rewrite", "break") })
	return (d.Param(1) == "~" || d.Param(1) == "~*") && !leaves && !capturing().MatchString(strings.TrimSuffix(d.Param(2), ")"))
}

// keepCapture keeps a capture in a variable before anything else matches.
func (l *Location) keepCapture(name string) (fixer.Fix, bool) {
	const kept = "captured"
	word := l.Request.Pass.ParamWord(0)
	if l.Opener == nil || len(l.Opener.Block.Directives) == 0 || l.Tree.Defines(kept) || strings.Count(word.Span().Text(), "$"+name) != 1 {
		return fixer.Fix{}, false
	}
	first := l.Opener.Block.Directives[0]
	return fixer.Fix{
		Message: "keep the capture in a variable at the start of the location", Safety: fixer.Unsafe,
		Edits: []fixer.Edit{
			insertBefore(first, []string{"set $" + kept + " $" + name + ";"}),
			replaceWord(word, strings.Replace(word.Span().Text(), "$"+name, "${"+kept+"}", 1)),
		},
		Names: []*parser.Context{l.Context}, Changes: []string{"target"},
	}, true
}
