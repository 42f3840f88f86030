package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// repetition is how an expression goes on behind a brace that nginx has taken for
// the beginning of a block: {4} or {1,3}.
var repetition = lazyregexp.New(`^\d+(,\d*)?\}`)

// unquotedBrace returns the first directive of a file whose expression has a brace
// and no quotes, and the last word of what the expression was to be, or nil.
func unquotedBrace(f *parser.File) (d *parser.Directive, last parser.Word) {
	f.Root.Walk(func(at *parser.Directive) {
		if d != nil || at.Block == nil || at.ParamCount() == 0 {
			return
		}
		for rest := torn(at); rest != nil; rest = torn(rest) {
			d, last = at, rest.NameWord()
		}
	})
	return d, last
}

// torn returns the directive that the rest of a torn expression became, or nil.
func torn(d *parser.Directive) *parser.Directive {
	if d.Block == nil || len(d.Block.Directives) == 0 {
		return nil
	}
	rest := d.Block.Directives[0]
	if rest.Span().Start != d.Block.Span.Start+1 || !repetition().MatchString(rest.Name()) {
		return nil
	}
	return rest
}

// quoteExpression is the finding about such a directive: nginx speaks of the rest of
// the expression, or of the end of the file, where the braces no longer match.
func (p *Pass) quoteExpression(d *parser.Directive, last parser.Word) Finding {
	f := d.Span().File
	first := d.ParamWord(d.ParamCount() - 1)
	expression := parser.Span{File: f, Start: first.Span().Start, End: last.Span().End}
	fix := fixer.Fix{Message: "quote the expression", Safety: fixer.Safe, Edits: []fixer.Edit{
		{Span: parser.Span{File: f, Start: expression.Start, End: expression.Start}, New: `"`},
		{Span: parser.Span{File: f, Start: expression.End, End: expression.End}, New: `"`},
	}}
	if strings.ContainsAny(expression.Text(), `"'`) {
		fix.Safety = fixer.Shown
	}
	return Finding{
		Severity: Error, Span: expression, Context: p.Root, Fixes: []fixer.Fix{fix},
		Message: fmt.Sprintf("%s reads the brace in %s as the start of a block and refuses the file: an expression with braces needs quotes", p.program(), expression.Text()),
	}
}
