package rules

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// SyntaxError reports what nginx's parser refuses, in nginx's words.
var SyntaxError = &Rule{
	Name:     "syntax-error",
	Summary:  "nginx cannot read the file",
	Group:    Correctness,
	Severity: Error,
	Reading:  true,
	Config:   syntaxError,
}

// byteOrderMark is what some editors put at a file's start.
var byteOrderMark = []byte("\xef\xbb\xbf")

func syntaxError(p *Pass) {
	for _, f := range p.Files {
		if bytes.HasPrefix(f.Src, byteOrderMark) {
			span := parser.Span{File: f, Start: 0, End: len(byteOrderMark)}
			p.Report(Finding{
				Severity: Error, Span: span, Context: p.Root,
				Message: p.program() + " reads the byte order mark as part of the first directive's name and refuses the file (unknown directive)",
				Fixes:   []fixer.Fix{{Message: "remove the byte order mark", Safety: fixer.Safe, Edits: []fixer.Edit{{Span: span}}}},
			}, nil)
		}
		if len(f.Errs) > 0 && !f.Template() {
			p.unreadable(f)
		}
	}
}

// unreadable reports why nginx cannot read a file: the brace that explains it, where
// one does, else the first error, for what comes after that may only follow from it.
func (p *Pass) unreadable(f *parser.File) {
	if t := f.Masked(); t != nil && len(t.Errs) > 0 {
		e := f.Errs[0]
		p.Report(Finding{Severity: Error, Span: e.Span, Message: e.Message + ": the template cannot be rendered", Context: p.Root}, nil)
	} else if d, last := unquotedBrace(f); d != nil {
		p.Report(p.quoteExpression(d, last), nil)
	} else if w, ok := f.OpenQuote(); ok {
		p.Report(p.openQuote(f, w), nil)
	} else if d, last := f.Unopened(); d != nil {
		p.Report(p.openBlock(d, last), nil)
	} else if e := f.Errs[0]; !unterminatedAt(f, e) {
		p.Report(Finding{Severity: Error, Span: e.Span, Message: e.Message + ": " + p.program() + " reads no further", Context: p.Root}, nil)
	}
}

// openQuote is about a quote that nothing closes, or only a quote of a later line.
func (p *Pass) openQuote(f *parser.File, w parser.Word) Finding {
	span, e := w.Span(), f.Errs[0]
	message := fmt.Sprintf("nothing closes the string that begins here: %s refuses the file at line %d (%s)", p.program(), f.Position(e.Span.Start).Line, e.Message)
	if to := f.Position(span.End).Line; to > f.Position(span.Start).Line {
		message = fmt.Sprintf("the string that begins here ends on line %d, where %s refuses the file (%s): is its closing quote missing?", to, p.program(), e.Message)
	}
	span.End = span.Start + 1
	return Finding{Severity: Error, Span: span, Context: p.Root, Message: message}
}

// unterminatedAt reports whether an error is that a block or the file ends before
// a directive does: missing-semicolon reports it.
func unterminatedAt(f *parser.File, e *parser.SyntaxError) bool {
	return slices.ContainsFunc(f.Unterminated, func(u parser.Unterminated) bool {
		return u.Directive.Span().End <= e.Span.Start && isBlank(withoutComments(f, u.Directive.Span().End, e.Span.Start))
	})
}

// withoutComments returns a part of a file's text without its comments.
func withoutComments(f *parser.File, start, end int) []byte {
	var text []byte
	for _, c := range f.Comments {
		if c.Start >= start && c.End <= end {
			text = append(text, f.Src[start:c.Start]...)
			start = c.End
		}
	}
	return append(text, f.Src[start:end]...)
}
