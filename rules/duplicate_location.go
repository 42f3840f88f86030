package rules

import (
	"fmt"
	"path"

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
		Message: fmt.Sprintf("duplicate location \"%s\": %s refuses the configuration; the first is on %s%s", name, p.program(), placeOf(first, opener), sameName(d.First, d.Location)),
		Related: []Related{{wordsSpan(first), "the first one"}},
	}
	switch {
	case first == opener && d.Location.Combined():
		f.Message, f.Related = fmt.Sprintf("duplicate location \"%s\": it is there twice, and %s refuses the configuration", name, p.program()), nil
	case first == opener:
		f.Message = fmt.Sprintf("duplicate location \"%s\": this file is included twice on one level, and %s refuses the configuration", name, p.program())
		f.Related = nil
	}
	p.Report(f, nil)
}

// placeOf says where a directive is, in the file of another one or in a file of its own.
func placeOf(d, from *parser.Directive) string {
	file := d.Span().File
	line := fmt.Sprintf("line %d", file.Position(d.Span().Start).Line)
	if file != from.Span().File {
		line += " of " + path.Base(file.Name)
	}
	return line
}

// sameName explains why two locations are the same, where they do not look so.
func sameName(a, b *parser.Context) string {
	one, _ := a.LocationName()
	other, _ := b.LocationName()
	if one == other {
		return ""
	}
	return ", and ^~ does not make it another one"
}
