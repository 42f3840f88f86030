package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from a configuration fit for a terminal or a log: control
// characters, escape sequences, marks that turn the direction of writing and
// bytes that are no UTF-8 are written as escapes, so that they can be seen and
// do nothing. So is one character of what a system of continuous integration would
// take for a command.
func Clean(s string) string { return clean(s, 0, len(s), commands(s)) }

// cleanPart is Clean of a part of a text that is printed beside the rest of it: a
// command may begin before the part, or end behind it.
func cleanPart(s string, from, to int) string { return clean(s, from, to, commands(s)) }

// clean is Clean of a part of a text, with the places at which commands are broken.
func clean(s string, from, to int, broken []int) string {
	for len(broken) > 0 && broken[0] < from {
		broken = broken[1:]
	}
	if isClean(s[from:to]) && (len(broken) == 0 || broken[0] >= to) {
		return s[from:to]
	}
	var b strings.Builder
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(s[i:to])
		switch {
		case len(broken) > 0 && broken[0] == i:
			broken = broken[1:]
			fmt.Fprintf(&b, `\u%04x`, r)
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteByte(' ')
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// CleanLines makes the lines of a text fit, each for itself.
func CleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.TrimSuffix(line, "\r"))
	}
	return lines
}

// CleanDiff is a diff for the eye. The marks at the beginnings of its lines and its
// tabs stay.
func CleanDiff(diff string) string {
	var b strings.Builder
	for line := range strings.Lines(diff) {
		line = strings.TrimSuffix(line, "\n")
		mark := min(1, len(line))
		if strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "+++ ") {
			mark = 4
		}
		b.WriteString(Clean(line[:min(1, mark)]) + line[min(1, mark):mark])
		for i, part := range strings.Split(line[mark:], "\t") {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(Clean(part))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func isClean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// hidden reports whether a rune is a control or format character: what moves
// the cursor, turns the direction of writing or cannot be seen.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
