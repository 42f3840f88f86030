package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Text writes one line per finding, as compilers do. On a terminal the
// configuration's line and the fixes follow.
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

// place returns the start of a span in the form that editors accept. It begins a
// line, and that must not look like a command to the runner of a GitHub Action.
func (t text) place(s parser.Span) string {
	name := Clean(t.Shown(s.File.Name))
	if strings.HasPrefix(strings.TrimSpace(name), ":") {
		name = "./" + name
	}
	return name + ":" + s.File.Position(s.Start).String()
}

func (t text) finding(f rules.Finding) {
	place, severity, rule := t.place(f.Span)+":", t.severity(f.Severity), t.rule(f.Rule)
	if t.Width == 0 {
		fmt.Fprintf(t.w, "%s %s %s %s\n", place, severity.shown, Clean(f.Message), rule.shown)
		return
	}
	first := []word{{place, t.paint(bold, place)}, severity}
	t.lines("", "    ", slices.Concat(first, t.folded(f.Message, 4), []word{rule}))
	t.frame(f)
	t.because("  severity: ", f.SeverityReason)
	for _, r := range f.Related {
		place := t.place(r.Span) + ":" // not broken, because users click and copy it
		t.lines("  see ", "      ", append([]word{{place, place}}, t.folded(r.Message, 6)...))
	}
	for _, fix := range f.Fixes {
		label := "  fix (" + fix.Safety.String() + "): "
		lines := strings.Split(fix.Message, "\n")
		t.lines(t.paint(green, label), strings.Repeat(" ", len(label)), t.folded(lines[0], len(label)))
		for _, line := range lines[1:] { // nginx configuration to be copied
			fmt.Fprintf(t.w, "      %s\n", Clean(line))
		}
		t.because("  ", fix.Verdict())
	}
}

// because writes the reason of what the label names, if there is one.
func (t text) because(label, reason string) {
	if reason != "" {
		t.lines(label, strings.Repeat(" ", len(label)), t.folded(reason, len(label)))
	}
}

// folded returns the words of a text from a configuration, for indented lines.
func (t text) folded(s string, indent int) []word { return folded(Clean(s), t.Width-indent) }

// wrapped writes a text in lines of the terminal's width.
func (t text) wrapped(first, rest, s string) { t.lines(first, rest, words(Clean(s))) }

// room returns how many cells of a line are left after the taken ones, or 0 if lines are not
// wrapped.
func (t text) room(taken int) int {
	if t.Width == 0 {
		return 0
	}
	return max(30, t.Width-taken)
}

// lines writes words in lines of the terminal's width, with one indentation for the
// first line and another for the rest. Without a terminal it writes one line, because
// a log could interpret the beginning of a line as a command.
func (t text) lines(first, rest string, all []word) {
	n := 0
	if t.Width > 0 {
		n = max(1, t.Width-len(rest))
	}
	for _, line := range flow(all, n) {
		fmt.Fprintln(t.w, first+line)
		first = rest
	}
}
