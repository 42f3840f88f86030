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
// do nothing. Neither does what the runner of a GitHub Action would take for a
// command wherever it stands in a line: ##[command].
func Clean(s string) string {
	s = strings.ReplaceAll(s, "##[", `#\u0023[`)
	if isClean(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
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

// HasCommands reports whether a line of a text is one that the runner of a GitHub
// Action would carry out: it begins with :: behind white space, or has ##[ in it
// (actions/runner, src/Runner.Common/ActionCommand.cs).
func HasCommands(text string) bool {
	if strings.Contains(text, "##[") {
		return true
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
			return true
		}
	}
	return false
}

// CleanLines makes the lines of a text fit, each for itself.
func CleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.TrimSuffix(line, "\r"))
	}
	return lines
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
