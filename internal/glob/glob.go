// Package glob matches the patterns of the settings, which are like those in
// .gitignore: a pattern without a slash matches at any depth, one with a slash is
// relative to the file's directory, and a pattern that matches a directory matches
// everything below it.
//
// There are no braces and no negation. All patterns of a list are matched at once
// (see Set), and the steps are counted, because patterns can come with a pull
// request.
package glob

import (
	"errors"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// maxLength limits a pattern, in bytes.
const maxLength = 1000

// A Pattern matches slash-separated names relative to one directory.
type Pattern struct {
	text string // as doublestar reads it
	base string // the directory above all its matches; "." if they can be anywhere
}

// Parse reads a pattern. The error says what is wrong with it.
func Parse(s string) (Pattern, error) {
	switch {
	case s == "":
		return Pattern{}, errors.New("an empty pattern matches nothing")
	case len(s) > maxLength:
		return Pattern{}, errors.New("the pattern is too long")
	case s[0] == '!':
		return Pattern{}, errors.New("negation is not supported; write \\! for an exclamation mark")
	case braced(s):
		return Pattern{}, errors.New("braces are not supported: write a pattern for each alternative; write \\{ for a brace")
	case strings.ContainsAny(s, "\x00\n"):
		return Pattern{}, errors.New("file names cannot contain this character")
	}
	text := path.Clean("/" + s)[1:]
	if strings.HasPrefix(path.Clean(s), "..") {
		return Pattern{}, errors.New("leads outside the directory of the settings")
	}
	if text == "" {
		text = "**"
	}
	if !strings.Contains(strings.TrimSuffix(s, "/"), "/") {
		text = "**/" + text
	}
	if !doublestar.ValidatePattern(text) {
		return Pattern{}, errors.New("not a pattern: a [ without a ], or a \\ at the end")
	}
	base, _ := doublestar.SplitPattern(text)
	return Pattern{text: text, base: base}, nil
}

// braced reports whether a pattern has a brace without a backslash before it.
func braced(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{', '}':
			return true
		}
	}
	return false
}

// Base returns the directory above all matches of the pattern, or "." if they can be
// anywhere.
func (p Pattern) Base() string { return p.base }
