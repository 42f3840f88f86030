package lint

import (
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// join adds the same finding from another context. Where the contexts do not
// want the same edits, the fix is only shown.
func join(f *rules.Finding, other rules.Finding) {
	if f.Context == nil || other.Context == nil || f.Context.Config == other.Context.Config {
		f.Places++ // else it is the same place, read through another main file
	}
	f.Severity = max(f.Severity, other.Severity)
	if len(f.Fixes) == 0 || len(other.Fixes) == 0 || !slices.Equal(f.Fixes[0].Edits, other.Fixes[0].Edits) {
		for i := range f.Fixes {
			f.Fixes[i].Safety = fixer.Shown
		}
		return
	}
	f.Fixes[0].Safety = min(f.Fixes[0].Safety, other.Fixes[0].Safety)
	f.Fixes[0].Names = append(f.Fixes[0].Names, other.Fixes[0].Names...)
}

// mention says of a finding in a snippet where it is included; trees are those that
// its file is part of.
func mention(trees []*rules.Tree, f *rules.Finding) {
	if f.Places > 1 {
		f.Message += fmt.Sprintf(" (in %d places that include this file)", f.Places)
	}
	for _, t := range trees {
		if include := t.Snippet(f.Span.File); include != nil {
			f.Related = append(f.Related, rules.Related{Span: include.Span(), Message: "included here"})
			return
		}
	}
}

// settle decides what cannot be decided in one context: a fix is only shown
// where its text concerns a location that it does not name, or lies in a file
// that may not be edited or that nginx's reader refuses.
func settle(w *workspace, trees map[*parser.File][]*rules.Tree, f *rules.Finding) {
	for i := range f.Fixes {
		fix := &f.Fixes[i]
		named := make(map[*parser.Context]bool, len(fix.Names))
		for _, c := range fix.Names {
			named[c] = true
		}
		for _, e := range fix.Edits {
			file := e.Span.File
			if !w.editable(file) || !f.Rule.Reading && (len(file.Errs) > 0 || concernsOthers(trees[file], e, named)) {
				fix.Safety = fixer.Shown
			}
		}
	}
}

// concernsOthers reports whether an edit's text lies in a location that is not
// among the named ones, or is a header line that such a location sends.
func concernsOthers(trees []*rules.Tree, e fixer.Edit, named map[*parser.Context]bool) bool {
	block, inside := at(e.Span.File.Root, e.Span.Start)
	for _, t := range trees {
		for _, c := range t.ContextsOf(block) {
			if c.IsLocation() && !named[c] {
				return true
			}
		}
		if inside == nil {
			continue
		}
		for _, c := range t.Senders(inside) {
			if !named[c] {
				return true
			}
		}
	}
	return false
}

// at returns the innermost block that an offset lies in, and the simple
// directive that it lies inside of, or nil.
func at(b *parser.Block, offset int) (*parser.Block, *parser.Directive) {
	for {
		i, _ := slices.BinarySearchFunc(b.Directives, offset, func(d *parser.Directive, at int) int {
			if d.Span().End <= at {
				return -1
			}
			return 0
		})
		if i >= len(b.Directives) {
			return b, nil
		}
		d := b.Directives[i]
		if inner := d.Block; inner != nil && offset > inner.Span.Start && offset < inner.Span.End {
			b = inner
			continue
		}
		if d.Block == nil && offset > d.Span().Start {
			return b, d
		}
		return b, nil
	}
}
