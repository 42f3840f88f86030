package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingSemicolon finds directives that have swallowed the next line. nginx
// complains of the line at which they end, or not at all; and what it reads is
// not what the block says, so no other rule judges it.
var MissingSemicolon = &Rule{
	Name:     "missing-semicolon",
	Summary:  "a semicolon is missing, so a directive includes the next line",
	Group:    Correctness,
	Severity: Error,
	Reading:  true,
	Config:   missingSemicolon,
}

func missingSemicolon(p *Pass) {
	for _, f := range p.Files {
		if f.Template() {
			continue
		}
		quote, open := f.OpenQuote()
		for _, u := range f.Unterminated {
			if open && u.Directive.Span().End > quote.Span().Start {
				break // syntax-error reports the string that has swallowed more
			}
			p.Report(unterminated(f, u, p.Root), nil)
		}
	}
}

func unterminated(f *parser.File, u parser.Unterminated, root *parser.Context) Finding {
	var lines []string
	fix := fixer.Fix{Message: "end the line with a semicolon", Safety: fixer.Shown}
	if u.Whole {
		fix.Safety = fixer.Safe
	}
	for _, w := range u.Ends {
		end := w.Span().End
		lines = append(lines, fmt.Sprint(f.Position(end).Line))
		fix.Edits = append(fix.Edits, fixer.Edit{Span: parser.Span{File: f, Start: end, End: end}, New: ";"})
	}
	where := "line " + lines[0]
	if len(lines) > 1 {
		if len(lines) > 4 {
			lines = append(lines[:3], fmt.Sprint(len(lines)-3, " more"))
		}
		where = "lines " + strings.Join(lines[:len(lines)-1], ", ") + " and " + lines[len(lines)-1]
		fix.Message = "end the lines with semicolons"
	}
	consequence := "refuses the configuration (" + u.Says + ")"
	if u.Says == "" {
		consequence = "takes the next line for parameters of " + u.Directive.Name()
	}
	return Finding{
		Severity: Error, Span: u.Ends[0].Span(), Context: root, Fixes: []fixer.Fix{fix},
		Message: fmt.Sprintf("\";\" is missing at the end of %s: nginx %s; nothing else in this block is judged", where, consequence),
	}
}
