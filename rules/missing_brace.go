package rules

import (
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// openBlock is the finding about a directive that lacks the brace of its block, in
// nginx's words. The fix is safe where the file then reads without an error.
func (p *Pass) openBlock(d *parser.Directive, last parser.Word) Finding {
	f, end := d.Span().File, last.Span().End
	fix := fixer.Fix{Message: "open the block", Safety: fixer.Shown, Edits: []fixer.Edit{{Span: parser.Span{File: f, Start: end, End: end}, New: " {"}}}
	if src := slices.Insert(slices.Clone(f.Src), end, ' ', '{'); len(parser.Parse(f.Name, src).Errs) == 0 {
		fix.Safety = fixer.Safe
	}
	return Finding{
		Severity: Error, Span: wordsSpan(d), Context: p.Root, Fixes: []fixer.Fix{fix},
		Message: fmt.Sprintf("\"{\" is missing at the end of line %d: %s refuses the file (directive %q has no opening \"{\")", f.Position(end).Line, p.program(), d.Name()),
	}
}
