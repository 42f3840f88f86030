package report

import (
	"strings"

	"github.com/rivo/uniseg"
)

// width returns how many cells of a terminal a text occupies.
func width(s string) int {
	if isClean(s) {
		return len(s)
	}
	return uniseg.StringWidth(s)
}

// head returns the longest beginning of a text that fits into n cells. It does not
// split what a reader sees as one character, such as a letter with its accents.
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

// tail returns the longest end of a text that fits into n cells.
func tail(s string, n int) string {
	over, state := width(s)-n, -1
	for over > 0 && s != "" {
		var cells int
		_, s, cells, state = uniseg.FirstGraphemeClusterInString(s, state)
		over -= cells
	}
	return s
}

// A word is not broken. written is how it is printed, possibly in colour.
type word struct{ text, shown string }

// words are the words of a text.
func words(s string) []word {
	var all []word
	for _, w := range strings.Fields(s) {
		all = append(all, word{w, w})
	}
	return all
}

// folded returns the words of a text. A word longer than n cells is split.
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

// flow puts words into lines of at most n cells. A longer word has its own line. With
// n = 0 there is one line.
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

// Wrap breaks a text at white space into lines of at most n cells. A longer word has
// its own line. With n = 0 there is one line.
func Wrap(s string, n int) []string { return flow(words(s), n) }
