package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// DuplicateLocation finds two locations of one name.
var DuplicateLocation = &Rule{
	Name:     "duplicate-location",
	Summary:  "two locations of a server have the same name",
	Group:    Paths,
	Severity: Error,
	Level:    duplicateLocation,
}

func duplicateLocation(p *Pass, c *parser.Context) {
	for _, d := range c.DuplicateLocations() {
		p.duplicateLocation(d)
	}
}

func (p *Pass) duplicateLocation(d parser.Duplicate) {
	opener, first := d.Location.Opener, d.First.Opener
	// Fragments of one directory may be meant for different servers, and the
	// blocks of one may be alternatives.
	if d.Location.Parent.Implied() || len(opener.Span().File.Errs) > 0 || len(first.Span().File.Errs) > 0 {
		return
	}
	_, name := d.Location.LocationName()
	f := Finding{
		Severity: Error, Span: wordsSpan(opener), Context: d.Location,
		Message: fmt.Sprintf("duplicate location \"%s\": nginx refuses the configuration; the first one is at line %d", name, first.Span().File.Position(first.Span().Start).Line),
		Related: []Related{{wordsSpan(first), "the first one"}},
	}
	if opener.ParamCount() != first.ParamCount() {
		f.Message += " (^~ does not make the names different)"
	}
	if first == opener {
		f.Message = fmt.Sprintf("duplicate location \"%s\": this file is included twice on one level, and nginx refuses the configuration", name)
		f.Related = nil
	}
	p.Report(f, nil)
}
