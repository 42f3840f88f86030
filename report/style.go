package report

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// The colours, as escape sequences.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[1;34m"
	green  = "\x1b[32m"
	cyan   = "\x1b[36m"
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

// link makes a text a link to an address, with the escape sequence OSC 8.
func (t text) link(address, s string) string {
	if !t.Links {
		return s
	}
	return "\x1b]8;;" + address + "\x1b\\" + s + "\x1b]8;;\x1b\\"
}

// severity returns a finding's severity as a word.
func (t text) severity(s rules.Severity) word {
	return word{s.String() + ":", t.paint(severityColor[s], s.String()+":")}
}

// rule returns a rule's name in brackets as a word.
func (t text) rule(r *rules.Rule) word {
	return word{"[" + r.Name + "]", t.paint(faint, "["+t.link(t.url(r), r.Name)+"]")}
}

// Diff colours a unified diff as git does.
func Diff(diff string, opt Options) string { return text{Options: opt}.diff(diff) }

func (t text) diff(diff string) string {
	if !t.Color {
		return diff
	}
	var b strings.Builder
	for line := range strings.Lines(diff) {
		shown, end := line, ""
		if s, ok := strings.CutSuffix(line, "\n"); ok {
			shown, end = s, "\n"
		}
		switch {
		case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
			shown = t.paint(bold, shown)
		case strings.HasPrefix(line, "@@"):
			shown = t.paint(cyan, shown)
		case strings.HasPrefix(line, "-"):
			shown = t.paint(red, shown)
		case strings.HasPrefix(line, "+"):
			shown = t.paint(green, shown)
		}
		b.WriteString(shown + end)
	}
	return b.String()
}
