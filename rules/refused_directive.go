package rules

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// RefusedDirective reports directives for which nginx refuses the whole
// configuration, and so every WebSocket with it.
var RefusedDirective = &Rule{
	Name:     "refused-directive",
	Summary:  "nginx refuses a directive: its name, its place, its parameters, its block, or a second one",
	Group:    Correctness,
	Severity: Error,
	Config:   unknownNames,
	Level:    refusedDirective,
}

func refusedDirective(p *Pass, c *parser.Context) {
	for _, problem := range c.RefusedDirectives(p.Settings.Versions) {
		p.problem(problem)
	}
}

// problem reports a problem, unless another rule does or the file is not read as
// it is written.
func (p *Pass) problem(problem parser.Problem) {
	c, d := problem.Context, problem.Directive
	if len(d.Span().File.Errs) > 0 || d.Span().File.Swallowed(d.Span()) || p.told(problem) || guessed(c, strings.HasSuffix(problem.Message, "here")) {
		return
	}
	if problem.Accepts == "" {
		p.refuse(c, d, problem.Message+again(c, d), meantFlag(c, problem)...)
	} else if !holed(d) {
		p.Report(Finding{
			Severity: Warning, Span: d.NameWord().Span(), Context: c,
			Message: "nginx refuses the configuration: " + problem.Message + "; " + problem.Accepts + " accepts it",
		}, nil)
	}
}

// told reports whether another rule reports a problem: missing-upgrade-map,
// backup-after-ip-hash, invalid-time, websocket-scheme.
func (t *Tree) told(p parser.Problem) bool {
	if p.Directive.Is("map") && p.Directive.Block != nil && strings.EqualFold(p.Directive.Param(0), "$http_upgrade") {
		return true
	}
	if slices.Contains(timeouts, p.Directive.Name()) {
		if _, time := t.timeFinding(p.Directive); time {
			return true
		}
	}
	if (p.Message == "invalid URL prefix" || strings.HasPrefix(p.Message, "invalid host in upstream")) && meantScheme(p.Directive.Param(0)) != "" {
		return true
	}
	return strings.HasPrefix(p.Message, "balancing method does not support")
}

// guessed reports whether a context is one only by the guess of where a fragment
// belongs; what may stand in its servers depends on whether that is http.
func guessed(c *parser.Context, place bool) bool {
	return c.Implied() || place && c.Config.Fragment && c.Enclosing("location") == nil
}

func (p *Pass) refuse(c *parser.Context, d *parser.Directive, message string, fixes ...fixer.Fix) {
	if holed(d) {
		return
	}
	f := Finding{Severity: Error, Span: d.Span(), Context: c, Message: p.program() + " refuses the configuration: " + message, Fixes: fixes}
	if d.Block != nil {
		f.Span = d.NameWord().Span()
	} else if gap(d) {
		f.Severity = Info
		f.Message += ", unless a script fills in the value first"
	}
	p.Report(f, nil)
}

// gap reports whether a directive is only its name, a space and a semicolon, as in
// root ; which people leave for sed.
func gap(d *parser.Directive) bool {
	span := d.Span()
	return d.ParamCount() == 0 && span.End > d.NameWord().Span().End+1
}

// holed reports whether a directive has holes that a template engine fills.
func holed(d *parser.Directive) bool {
	span := parser.Span{File: d.Span().File, Start: d.NameWord().Span().Start, End: wordsSpan(d).End}
	return span.HasTag()
}
