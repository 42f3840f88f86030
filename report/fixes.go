package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// withFixes returns a finding's message and rule, and its fixes, one per line.
func withFixes(f rules.Finding) string {
	lines := []string{Clean(f.Message) + " [" + f.Rule.Name + "]"}
	for _, fix := range f.Fixes {
		text := CleanLines(fix.Message)
		text[0] = "fix (" + fix.Safety.String() + "): " + text[0]
		lines = append(lines, text...)
		if verdict := fix.Verdict(); verdict != "" {
			lines = append(lines, Clean(verdict))
		}
	}
	return strings.Join(lines, "\n")
}

// changes returns a fix's edits by file, files and edits in order. It reports false
// for a fix that no program should offer: it is only shown, or text cannot contain
// it.
func changes(fix fixer.Fix) ([][]fixer.Edit, bool) {
	if fix.Safety == fixer.Shown || len(fix.Edits) == 0 {
		return nil, false
	}
	var files [][]fixer.Edit
	for _, e := range fix.Edits {
		if !utf8.ValidString(e.New) {
			return nil, false
		}
		i := slices.IndexFunc(files, func(edits []fixer.Edit) bool { return edits[0].Span.File == e.Span.File })
		if i < 0 {
			i, files = len(files), append(files, nil)
		}
		files[i] = append(files[i], e)
	}
	for _, edits := range files {
		slices.SortStableFunc(edits, func(a, b fixer.Edit) int {
			return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
		})
	}
	return files, true
}

// maxWhole limits the text that one suggestion replaces.
const maxWhole = 64 << 10

// whole merges the edits of one file into one, from the first to the last. It reports
// false if the text between them is too long, or is not text, which JSON cannot
// contain.
func whole(edits []fixer.Edit) (fixer.Edit, bool) {
	first, last := edits[0].Span, edits[len(edits)-1].Span
	span := parser.Span{File: first.File, Start: first.Start, End: last.End}
	if span.End-span.Start > maxWhole {
		return fixer.Edit{}, false
	}
	var b strings.Builder
	at := span.Start
	for _, e := range edits {
		b.Write(span.File.Src[at:e.Span.Start])
		b.WriteString(e.New)
		at = e.Span.End
	}
	return fixer.Edit{Span: span, New: b.String()}, utf8.ValidString(b.String())
}
