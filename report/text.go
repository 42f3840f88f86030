package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Text writes one line a finding, as compilers do. On a terminal the line of
// the configuration follows, and what would mend it.
func Text(w io.Writer, res *lint.Result, opt Options) error {
	b := bufio.NewWriter(w)
	t := text{b, opt}
	for i, f := range res.Findings {
		if i > 0 && opt.Width > 0 {
			fmt.Fprintln(b)
		}
		t.finding(f)
	}
	return b.Flush()
}

type text struct {
	w *bufio.Writer
	Options
}

// The colours, as escape sequences.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[1;34m"
	green  = "\x1b[32m"
	faint  = "\x1b[2m"
	reset  = "\x1b[0m"
)

var severityColor = map[rules.Severity]string{rules.Error: red, rules.Warning: yellow, rules.Info: blue}

func (t text) paint(color, s string) string {
	if !t.Color {
		return s
	}
	return color + s + reset
}

// place is where a span begins, as editors take it. It begins a line, which must
// not begin as a command to the runner of a GitHub Action does.
func (t text) place(s parser.Span) string {
	name := Clean(t.Shown(s.File.Name))
	if strings.HasPrefix(strings.TrimSpace(name), "::") {
		name = "./" + name
	}
	return name + ":" + s.File.Position(s.Start).String()
}

func (t text) finding(f rules.Finding) {
	severity := t.paint(severityColor[f.Severity], f.Severity.String()+":")
	if t.Width == 0 {
		fmt.Fprintf(t.w, "%s: %s %s [%s]\n", t.place(f.Span), severity, Clean(f.Message), f.Rule.Name)
		return
	}
	fmt.Fprintf(t.w, "%s %s %s\n", t.paint(bold, t.place(f.Span)+":"), severity, t.paint(faint, "["+f.Rule.Name+"]"))
	t.wrapped("  ", "  ", f.Message)
	t.frame(f)
	for _, r := range f.Related {
		t.wrapped("  see ", "      ", t.place(r.Span)+": "+r.Message)
	}
	for _, fix := range f.Fixes {
		label := "fix (" + fix.Safety.String() + "): "
		lines := strings.Split(fix.Message, "\n")
		t.wrapped("  "+t.paint(green, label), strings.Repeat(" ", 2+len(label)), lines[0])
		for _, line := range lines[1:] {
			fmt.Fprintf(t.w, "      %s\n", Clean(line))
		}
	}
}

// frame shows the line that a finding is about, with a mark under the place.
func (t text) frame(f rules.Finding) {
	at := f.Span.File.Position(f.Span.Start)
	line := f.Span.File.LineSpan(at.Line)
	number := fmt.Sprintf("%5d", at.Line)
	room := max(20, t.Width-len(number)-4)
	lead, rest := around(line, f.Span.Start, room)
	shown, mark := Clean(lead+rest), max(1, width(Clean(rest[:min(len(rest), f.Span.End-f.Span.Start)])))
	if width(shown) > room {
		shown = string([]rune(shown)[:room-3]) + "..."
	}
	before := width(Clean(lead))
	mark = min(mark, max(1, room-before))
	fmt.Fprintf(t.w, "%s %s\n", t.paint(faint, number+" |"), shown)
	fmt.Fprintf(t.w, "%s %s%s\n", t.paint(faint, "      |"), strings.Repeat(" ", before), t.paint(severityColor[f.Severity], "^"+strings.Repeat("~", mark-1)))
}

// around returns what stands on a line before and from a place on, as far as
// there is room for it: a line may be the whole of a large file.
func around(line parser.Span, place, room int) (before, rest string) {
	src := line.File.Src
	place = min(max(place, line.Start), line.End)
	from := max(line.Start, place-room)
	before = strings.TrimLeft(string(src[from:place]), " \t")
	if from > line.Start && len(before) > room/2 {
		before = "..." + before[len(before)-room/2:]
	}
	return before, string(src[place:min(line.End, place+4*room)])
}

// width is how many cells a text takes, as near as it matters here.
func width(s string) int { return utf8.RuneCountInString(s) }

// wrapped writes a text in lines of the terminal's width, the first after one
// indentation, the others after another.
func (t text) wrapped(first, rest, s string) {
	for _, line := range Wrap(Clean(s), max(30, t.Width-len(rest))) {
		fmt.Fprintln(t.w, first+line)
		first = rest
	}
}

// Wrap breaks a text at white space into lines of at most n cells; a longer
// word has a line of its own.
func Wrap(s string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case width(line)+1+width(word) <= n:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
