package report

import (
	"strings"

	"github.com/rivo/uniseg"
)

// width is how many cells of a terminal a text takes.
func width(s string) int {
	if isClean(s) {
		return len(s)
	}
	return uniseg.StringWidth(s)
}

// head is the longest beginning of a text that takes at most n cells. What is
// one character to a reader, such as a letter with its accents, is not cut.
func head(s string, n int) string {
	if isClean(s) {
		return s[:min(len(s), max(0, n))]
	}
	taken, state := 0, -1
	for rest := s; rest != ""; {
		var cells int
		at := len(s) - len(rest)
		_, rest, cells, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if taken += cells; taken > n {
			return s[:at]
		}
	}
	return s
}

// tail is the longest end of a text that takes at most n cells.
func tail(s string, n int) string {
	over, state := width(s)-n, -1
	for over > 0 && s != "" {
		var cells int
		_, s, cells, state = uniseg.FirstGraphemeClusterInString(s, state)
		over -= cells
	}
	return s
}

// A word is what is not broken; written, it may have a colour.
type word struct{ text, shown string }

// words are the words of a text.
func words(s string) []word {
	var all []word
	for _, w := range strings.Fields(s) {
		all = append(all, word{w, w})
	}
	return all
}

// folded are the words of a text; a longer one than n cells becomes several.
func folded(s string, n int) []word {
	var all []word
	for _, w := range strings.Fields(s) {
		for part := head(w, n); part != "" && part != w; part = head(w, n) {
			all = append(all, word{part, part})
			w = w[len(part):]
		}
		all = append(all, word{w, w})
	}
	return all
}

// flow puts words into lines of at most n cells; a longer word has a line of its
// own. With n = 0 there is one line.
func flow(all []word, n int) []string {
	var lines []string
	line, taken := "", 0
	for _, w := range all {
		cells := width(w.text)
		switch {
		case taken == 0:
			line, taken = w.shown, cells
		case n == 0 || taken+1+cells <= n:
			line, taken = line+" "+w.shown, taken+1+cells
		default:
			lines = append(lines, line)
			line, taken = w.shown, cells
		}
	}
	return append(lines, line)
}

// Wrap breaks a text at white space into lines of at most n cells; a longer
// word has a line of its own. With n = 0 there is one line.
func Wrap(s string, n int) []string { return flow(words(s), n) }
