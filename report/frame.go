package report

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

const cut = "..." // replaces what a frame has no room for

// frame shows the line of a finding with a mark under its place. A tab is one cell
// wide there, and the line begins with its first word.
func (t text) frame(f rules.Finding) {
	at := f.Span.File.Position(f.Span.Start)
	line := f.Span.File.LineSpan(at.Line)
	src := line.Text()
	from := min(f.Span.Start-line.Start, len(src))
	// A line can be a whole large file: only the part that may be visible is
	// processed.
	reach := 4*t.Width + len(cut)
	to := min(max(from, min(f.Span.End, line.End)-line.Start), from+reach)
	seen := src[max(0, from-reach):min(len(src), to+reach)]
	from, to = min(from, reach), to-max(0, from-reach)
	lead := len(seen[:from]) - len(strings.TrimLeft(seen[:from], " \t"))

	gutter := fmt.Sprintf("%5d |", at.Line)
	below := strings.Repeat(" ", len(gutter)-1) + "|"
	shown, before, marked := window(cleanPart(seen, lead, from), cleanPart(seen, from, to), cleanPart(seen, to, len(seen)), t.Width-len(gutter)-1)
	mark := strings.Repeat(" ", before) + t.paint(severityColor[f.Severity], "^"+strings.Repeat("~", marked-1))
	fmt.Fprintf(t.w, "%s %s\n%s %s\n", t.paint(faint, gutter), strings.TrimRight(shown, " "), t.paint(faint, below), mark)
}

// window returns the part of a line that fits into n cells. If the marked part would
// not begin in their first two thirds, the beginning of the line is cut. It also
// returns the number of cells before the mark, and of the mark, at least one.
func window(lead, marked, rest string, n int) (shown string, before, mark int) {
	if room := n * 2 / 3; width(lead) > room {
		lead = cut + tail(lead, room-len(cut))
	}
	before = width(lead)
	mark = max(1, min(width(marked), n-before))
	if shown = lead + marked + rest; width(shown) > n {
		shown = head(shown, n-len(cut)) + cut
	}
	return shown, before, mark
}
