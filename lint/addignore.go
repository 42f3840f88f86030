package lint

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// IgnoreReason is the reason in a comment if the user gives none.
const IgnoreReason = "TODO: explain"

// IgnorePatches returns the patches that add comments which ignore findings of a
// result, and the findings that no comment can be added for.
func (r *Result) IgnorePatches(findings []rules.Finding, reason string) (patches []fixer.Patch, left []rules.Finding) {
	byLine := make(map[*parser.File]map[int][]rules.Finding)
	for _, f := range findings {
		file := f.Span.File
		if f.Rule == rules.UnusedIgnore || !slices.Contains(r.Files, file) || !r.Judged(file) {
			left = append(left, f)
			continue
		}
		if byLine[file] == nil {
			byLine[file] = make(map[int][]rules.Finding)
		}
		line := file.Position(f.Span.Start).Line
		byLine[file][line] = append(byLine[file][line], f)
	}
	for _, file := range r.Files {
		if len(byLine[file]) == 0 {
			continue
		}
		text := withComments(file, byLine[file], reason)
		if !onlyComments(file, text, len(byLine[file])) { // a comment cannot be added above some line
			for line, found := range byLine[file] {
				alone := map[int][]rules.Finding{line: found}
				if !onlyComments(file, withComments(file, alone, reason), 1) {
					left = append(left, found...)
					delete(byLine[file], line)
				}
			}
			text = withComments(file, byLine[file], reason)
		}
		if len(byLine[file]) > 0 {
			patches = append(patches, fixer.Patch{File: file, New: text})
		}
	}
	return patches, left
}

// withComments returns a file's text with comments above some lines that ignore the
// findings there.
func withComments(file *parser.File, byLine map[int][]rules.Finding, reason string) []byte {
	end := "\n"
	if bytes.Contains(file.Src, []byte("\r\n")) {
		end = "\r\n"
	}
	var b bytes.Buffer
	from := 0
	for _, line := range slices.Sorted(maps.Keys(byLine)) {
		var names []string
		for _, f := range byLine[line] {
			if !slices.Contains(names, f.Rule.Name) {
				names = append(names, f.Rule.Name)
			}
		}
		span := file.LineSpan(line)
		content := span.Text()
		indent := content[:len(content)-len(strings.TrimLeft(content, " \t"))]
		b.Write(file.Src[from:span.Start])
		fmt.Fprintf(&b, "%s# %s ignore %s %s%s", indent, parser.Mark, strings.Join(names, ","), reason, end)
		from = span.Start
	}
	b.Write(file.Src[from:])
	return b.Bytes()
}

// onlyComments reports whether text is the file plus so many comments. It is not if a
// line begins inside a word, such as a quoted string.
func onlyComments(file *parser.File, text []byte, more int) bool {
	after := parser.Parse(file.Name, text)
	return len(after.Comments) == len(file.Comments)+more && sameDirectives(file.Root, after.Root)
}

// sameDirectives reports whether two blocks have the same directives.
func sameDirectives(a, b *parser.Block) bool {
	return slices.EqualFunc(a.Directives, b.Directives, func(x, y *parser.Directive) bool {
		return x.Words() == y.Words() && (x.Block == nil) == (y.Block == nil) && (x.Block == nil || sameDirectives(x.Block, y.Block))
	})
}
