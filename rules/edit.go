package rules

import (
	"bytes"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// replaceWord puts new text in a word's place.
func replaceWord(w parser.Word, text string) fixer.Edit {
	return fixer.Edit{Span: w.Span(), New: text}
}

// replaceParam puts new text in a parameter's place, or where the directive has
// none, which nginx refuses, gives it one.
func replaceParam(d *parser.Directive, i int, text string) fixer.Edit {
	if i < d.ParamCount() {
		return replaceWord(d.ParamWord(i), text)
	}
	end := wordsSpan(d).End
	return fixer.Edit{Span: parser.Span{File: d.Span().File, Start: end, End: end}, New: " " + text}
}

// insertAfter adds directives after one, as its file would have them: each on
// a line of its own with the same indentation, columns and line end, after a
// trailing comment; but where the directive shares its line with another or with a
// brace, on that line.
func insertAfter(d *parser.Directive, lines []string) fixer.Edit {
	f := d.Span().File
	at, ok := lineTail(f, d.Span().End)
	indent, first := indentation(f, d.Span().Start)
	if !ok || !first {
		return fixer.Edit{Span: parser.Span{File: f, Start: d.Span().End, End: d.Span().End}, New: " " + strings.Join(lines, " ")}
	}
	var b strings.Builder
	columns := columnsOf(d.In)
	for _, line := range lines {
		b.WriteString(lineEnd(f) + indent + columns.align(line))
	}
	return fixer.Edit{Span: parser.Span{File: f, Start: at, End: at}, New: b.String()}
}

// insertBefore adds lines before a directive, and before the comment lines
// right above it, which describe it. Where the directive is not the first on
// its line they go before it on that line.
func insertBefore(d *parser.Directive, lines []string) fixer.Edit {
	f := d.Span().File
	indent, first := indentation(f, d.Span().Start)
	if !first {
		at := parser.Span{File: f, Start: d.Span().Start, End: d.Span().Start}
		return fixer.Edit{Span: at, New: squeeze(lines) + " "}
	}
	start := commentsAbove(f, lineStart(f, d.Span().Start))
	var b strings.Builder
	for _, line := range lines {
		if line != "" {
			b.WriteString(indent + line)
		}
		b.WriteString(lineEnd(f))
	}
	return fixer.Edit{Span: parser.Span{File: f, Start: start, End: start}, New: b.String()}
}

// squeeze writes lines as one.
func squeeze(lines []string) string {
	return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
}

// commentsAbove returns the start of the run of comment lines that ends just
// above a line, or that line's own start.
func commentsAbove(f *parser.File, start int) int {
	for start > 0 {
		above := lineStart(f, start-1)
		if !bytes.HasPrefix(bytes.TrimLeft(f.Src[above:start], " \t"), []byte("#")) {
			break
		}
		start = above
	}
	return start
}

// lineTail returns where the line of an offset ends, if only white space and a
// comment follow the offset.
func lineTail(f *parser.File, offset int) (end int, ok bool) {
	end = max(offset, f.LineSpan(f.Position(offset).Line).End)
	rest := bytes.TrimLeft(f.Src[offset:end], " \t")
	return end, len(rest) == 0 || rest[0] == '#'
}

// indentation returns the white space before an offset on its line; it reports
// false where something else stands there too.
func indentation(f *parser.File, offset int) (indent string, first bool) {
	before := f.Src[lineStart(f, offset):offset]
	before = bytes.TrimPrefix(before, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimLeft(before, " \t")) > 0 {
		return "", false
	}
	return string(before), true
}

func lineStart(f *parser.File, offset int) int {
	return f.LineSpan(f.Position(offset).Line).Start
}

// lineEnd is the line end that a file uses: that of its first line.
func lineEnd(f *parser.File) string {
	if n := bytes.IndexByte(f.Src, '\n'); n > 0 && f.Src[n-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// indentUnit is what one level of a block is indented by.
func indentUnit(b *parser.Block) string {
	for _, d := range b.Directives {
		inner, first := indentation(d.Span().File, d.Span().Start)
		outer, alone := "", true
		if b.Opener != nil {
			outer, alone = indentation(b.Span.File, b.Opener.Span().Start)
		} else if d.Block != nil && len(d.Block.Directives) > 0 {
			outer, inner = inner, ""
			inner, first = indentation(d.Span().File, d.Block.Directives[0].Span().Start)
		}
		if unit, ok := strings.CutPrefix(inner, outer); ok && first && alone && unit != "" {
			return unit
		}
	}
	return "    "
}

// removeWord takes a parameter out, with the white space before it.
func removeWord(w parser.Word) fixer.Edit {
	s := w.Span()
	for s.Start > 0 && strings.IndexByte(" \t", s.File.Src[s.Start-1]) >= 0 {
		s.Start--
	}
	return fixer.Edit{Span: s}
}

// written is a directive as its source has it, on one line.
func written(d *parser.Directive) string {
	words := []string{d.NameWord().Text()}
	for _, p := range d.Params() {
		words = append(words, p.Text())
	}
	return strings.Join(words, " ") + ";"
}

// removeDirective takes a directive out, with its lines where it has them
// alone; of the blank lines around it one is left.
func removeDirective(d *parser.Directive) fixer.Edit {
	s, ok := wholeLines(d.Span())
	if !ok {
		return fixer.Edit{Span: s}
	}
	f := s.File
	if above := lineStart(f, max(0, s.Start-1)); isBlank(f.Src[above:s.Start]) {
		if below := nextLine(f, s.End); isBlank(f.Src[s.End:below]) {
			s.End = below
		}
	}
	return fixer.Edit{Span: s}
}

// wholeLines returns the lines of a span with their line end. It reports false, and
// returns the span, if these hold anything else but a comment.
func wholeLines(s parser.Span) (parser.Span, bool) {
	_, first := indentation(s.File, s.Start)
	end, ok := lineTail(s.File, s.End)
	if !ok || !first {
		return s, false
	}
	return parser.Span{File: s.File, Start: lineStart(s.File, s.Start), End: nextLine(s.File, end)}, true
}

func nextLine(f *parser.File, offset int) int {
	if n := bytes.IndexByte(f.Src[offset:], '\n'); n >= 0 {
		return offset + n + 1
	}
	return len(f.Src)
}

func isBlank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }
