package rules

import (
	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MisplacedURI finds a proxy_pass with a URI where nginx takes none.
var MisplacedURI = &Rule{
	Name:     "misplaced-uri",
	Summary:  "proxy_pass has a URI where nginx has no location prefix to replace",
	Group:    Paths,
	Severity: Error,
	Level:    misplacedURI,
}

func misplacedURI(p *Pass, c *parser.Context) {
	for _, problem := range c.MisplacedURIs() {
		if len(problem.Directive.Span().File.Errs) > 0 {
			continue
		}
		f := Finding{
			Severity: Error, Span: problem.Directive.Span(), Context: c,
			Message: problem.Message + ": " + p.program() + " refuses the configuration",
		}
		if fix, ok := withoutURI(problem); ok {
			f.Fixes = []fixer.Fix{fix}
		}
		p.Report(f, nil)
	}
}

// withoutURI takes a URI out that is a slash and no more. In a named location it
// cannot have been meant otherwise; else a part of the path may have been meant
// to go.
func withoutURI(problem parser.Problem) (fixer.Fix, bool) {
	word := problem.Directive.ParamWord(0)
	text := word.Span().Text()
	uri := parser.URIPart(word.Value())
	location := problem.Context.Enclosing("location")
	if uri != "/" || text[len(text)-1] != '/' || location == nil {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: "pass the path on unchanged, without a URI", Safety: fixer.Unsafe,
		Edits: []fixer.Edit{replaceWord(word, text[:len(text)-1])},
		Names: []*parser.Context{location}, Changes: []string{"target"},
	}
	if modifier, _ := location.LocationName(); modifier == "@" && problem.Context == location {
		fix.Safety = fixer.Safe
	}
	return fix, true
}
