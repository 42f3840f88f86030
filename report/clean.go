package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from a configuration safe for a terminal or a log. Control
// characters, escape sequences, characters that change the writing direction and
// bytes that are not UTF-8 are written as escapes, so that they are visible and have
// no effect. The same is done to one character of what a CI system would interpret as
// a command.
func Clean(s string) string { return clean(s, 0, len(s), commands(s)) }

// cleanPart is Clean for a part of a text that is printed next to the rest: a command
// may begin before the part or end after it.
func cleanPart(s string, from, to int) string { return clean(s, from, to, commands(s)) }

// clean is Clean for a part of a text, with the positions at which commands are
// broken.
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

// CleanLines cleans the lines of a text separately.
func CleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.TrimSuffix(line, "\r"))
	}
	return lines
}

// CleanDiff cleans a diff for display. The marks at the beginning of lines and the
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

// hidden reports whether a rune is a control or format character: one that moves the
// cursor, changes the writing direction or is invisible.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
