package lint

import (
	"fmt"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

func join(f *rules.Finding, other rules.Finding) {
	f.Places++
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

func (w *workspace) snippets() map[*parser.File]*parser.Directive {
	by := make(map[*parser.File]*parser.Directive)
	for _, cfg := range w.configs {
		for _, inc := range cfg.Includes {
			for _, f := range inc.Files {
				if opener := inc.Directive.In.Opener; opener != nil && opener.Is("server", "location", "upstream") && by[f] == nil {
					by[f] = inc.Directive
				}
			}
		}
	}
	return by
}

func mention(f *rules.Finding, snippets map[*parser.File]*parser.Directive) {
	if f.Places > 1 {
		f.Message += fmt.Sprintf(" (in %d places that include this file)", f.Places)
	}
	if include := snippets[f.Span.File]; include != nil {
		f.Related = append(f.Related, rules.Related{Span: include.Span, Message: "included here"})
	}
}

func settle(w *workspace, f *rules.Finding) {
	for i := range f.Fixes {
		fix := &f.Fixes[i]
		named := make(map[*parser.Context]bool, len(fix.Names))
		for _, c := range fix.Names {
			named[c] = true
		}
		for _, e := range fix.Edits {
			file := e.Span.File
			if !w.editable(file) || len(file.Errs) > 0 || w.concernsOthers(e, named) {
				fix.Safety = fixer.Shown
			}
		}
	}
}

func (w *workspace) concernsOthers(e fixer.Edit, named map[*parser.Context]bool) bool {
	block := blockAt(e.Span.File.Root, e.Span.Start)
	for _, cfg := range w.configs {
		for _, c := range cfg.ContextsOf(block) {
			if c.Name == "location" && c.HTTP() && !named[c] {
				return true
			}
		}
	}
	return false
}

func blockAt(b *parser.Block, offset int) *parser.Block {
	for {
		i, _ := slices.BinarySearchFunc(b.Directives, offset, func(d *parser.Directive, at int) int {
			if d.Span.End <= at {
				return -1
			}
			return 0
		})
		if i >= len(b.Directives) {
			return b
		}
		inner := b.Directives[i].Block
		if inner == nil || offset <= inner.Span.Start || offset >= inner.Span.End {
			return b
		}
		b = inner
	}
}
