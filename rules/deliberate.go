package rules

import (
	"bytes"
	"sort"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// deliberateWords are what authors write beside a value that they chose.
var deliberateWords = lazyregexp.New(`(?i)\b(deliberate(ly)?|intentional(ly)?|on purpose|fail(s|over)?|quick(ly)?|fast|short(er|ly)?|aggressive(ly)?|do not|don't|never|must|must not|required?)\b`)

// deliberate reports whether a comment at the end of a directive's line, or in
// the lines right above it, says that its value is meant to be as it is.
func deliberate(d *parser.Directive) bool {
	span := d.Span()
	f := span.File
	start := lineStart(f, span.Start)
	if _, first := indentation(f, span.Start); first {
		start = commentsAbove(f, start)
	}
	end, _ := lineTail(f, span.End)
	return commentIn(f, start, end, func(text []byte) bool { return deliberateWords().Match(bytes.TrimLeft(text, "# \t")) })
}

// commentIn reports whether one of the comments that begin in a part of a file's text
// is one to look for.
func commentIn(f *parser.File, start, end int, wanted func(text []byte) bool) bool {
	from := sort.Search(len(f.Comments), func(i int) bool { return f.Comments[i].Start >= start })
	for _, c := range f.Comments[from:] {
		if c.Start >= end {
			break
		}
		if wanted(f.Src[c.Start:c.End]) {
			return true
		}
	}
	return false
}
