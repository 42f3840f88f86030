package rules

import (
	"bytes"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// SyntaxError reports what nginx's reader refuses, in nginx's words.
var SyntaxError = &Rule{
	Name:     "syntax-error",
	Summary:  "nginx cannot read the file",
	Group:    Correctness,
	Severity: Error,
	Check:    syntaxError,
}

// byteOrderMark is what some editors put at a file's start.
var byteOrderMark = []byte("\xef\xbb\xbf")

func syntaxError(p *Pass) {
	for _, f := range p.Files {
		if bytes.HasPrefix(f.Src, byteOrderMark) {
			span := parser.Span{File: f, Start: 0, End: len(byteOrderMark)}
			p.Report(Finding{
				Severity: Error, Span: span, Context: p.Root,
				Message: "nginx takes the byte order mark for a part of the first directive's name and refuses the file (unknown directive)",
				Fixes:   []fixer.Fix{{Message: "take the byte order mark out", Safety: fixer.Safe, Edits: []fixer.Edit{{Span: span}}}},
			}, nil)
		}
		if len(f.Errs) > 0 && !f.Template() { // what comes after the first may only follow from it
			e := f.Errs[0]
			p.Report(Finding{Severity: Error, Span: e.Span, Message: e.Message + ": nginx reads no further", Context: p.Root}, nil)
		}
	}
}
