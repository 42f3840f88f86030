package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// RefusedDirective reports directives for which nginx refuses the whole
// configuration, and so every WebSocket with it.
var RefusedDirective = &Rule{
	Name:     "refused-directive",
	Summary:  "nginx refuses a directive: misspelt, misplaced, repeated, or with the wrong number of parameters",
	Group:    Correctness,
	Severity: Error,
	Config:   misspeltDirectives,
	Level:    refusedDirective,
}

func refusedDirective(p *Pass, c *parser.Context) {
	for _, problem := range c.RefusedDirectives() {
		d := problem.Directive
		if len(d.Span().File.Errs) > 0 || d.Span().File.Swallowed(d.Span()) || told(problem) || guessed(c, strings.HasSuffix(problem.Message, "here")) {
			continue
		}
		p.refuse(c, d, problem.Message)
	}
}

// misspeltDirectives asks for a bounded number of names, in order.
func misspeltDirectives(p *Pass) {
	meant := make(map[string]string)
	for _, c := range p.Strange() {
		for _, d := range c.Directives {
			p.unknown(c, d, meant)
		}
	}
}

// told reports whether another rule speaks of a problem: missing-upgrade-map,
// backup-after-ip-hash, invalid-time, websocket-scheme.
func told(p parser.Problem) bool {
	if p.Directive.Is("map") {
		return true
	}
	if slices.Contains(timeouts, p.Directive.Name()) {
		if _, time := timeFinding(p.Directive); time {
			return true
		}
	}
	if p.Message == "invalid URL prefix" && meantScheme(p.Directive.Param(0)) != "" {
		return true
	}
	return strings.HasPrefix(p.Message, "balancing method does not support")
}

// guessed reports whether a context is one only by the guess of where a fragment
// belongs; what may stand in its servers depends on whether that is http.
func guessed(c *parser.Context, place bool) bool {
	return c.Implied() || place && c.Config.Fragment && c.Enclosing("location") == nil
}

func (p *Pass) refuse(c *parser.Context, d *parser.Directive, message string) {
	if holed(d) {
		return
	}
	f := Finding{Severity: Error, Span: d.Span(), Context: c, Message: "nginx refuses the configuration: " + message}
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
	last := d.NameWord()
	if n := d.ParamCount(); n > 0 {
		last = d.Params()[n-1]
	}
	text := parser.Span{File: d.Span().File, Start: d.NameWord().Span().Start, End: last.Span().End}.Text()
	return strings.Contains(text, "<%") || strings.Contains(text, "{{") || strings.Contains(text, "{%")
}

// maxMeant bounds how many unknown names are compared with all that nginx knows.
const maxMeant = 1000

// unknown reports a name that no nginx knows and that is a slip of one that it
// does know; other names may be those of modules. What names mean is kept.
func (p *Pass) unknown(c *parser.Context, d *parser.Directive, meant map[string]string) {
	if len(d.Infos()) > 0 { // as nearly all are
		return
	}
	name := d.Name()
	if len(name) < 5 || len(name) > 50 || parser.ContextsOf(name) != 0 {
		return
	}
	known, asked := meant[name]
	if !asked && len(meant) < maxMeant {
		if known = spell.Name(name, parser.DirectiveNames()); len(known) < 8 && spell.Distance(name, known) > 1 {
			known = ""
		}
		meant[name] = known
	}
	if known != "" {
		p.refuse(c, d, fmt.Sprintf("unknown directive %q; did you mean %s?", name, known))
	}
}
