package gonginxcheck

import (
	"regexp"
	"unicode/utf8"
)

// A quirk is a known reason why gonginx reads a text differently from nginx.
type quirk struct {
	reason  string
	example string // the parsers differ on it; a test checks that
	in      func(src []byte) bool
}

// quirks are all known reasons. A quirk that gonginx fixes must be removed, because
// the second parser cannot contradict a patch to a text with a quirk.
var quirks = []quirk{
	{"bytes that are not UTF-8 become replacement characters", "a \xf6;", func(src []byte) bool { return !utf8.Valid(src) }},
	{"a backslash does not keep a space, a semicolon or a brace in the word", `a b\ c;`, matches(`\\[ \t\r\n;{}]`)},
	{"an escaped backslash before the closing quote is read as an escaped quote", `a "b\\";`, matches(`\\\\["']`)},
	{"a closing brace ends a word", "a b}c;", func(src []byte) bool { return brace.Match(pair.ReplaceAll(src, nil)) }},
	{"a carriage return ends a comment", "a; # b\rc;\n", matches(`#[^\n]*\r[^\n]`)},
	{"an include of two names is an error", "include a b;", matches(`(?m)(?:^|[;{}])[ \t]*include[ \t\r\n]+[^\s{;]+[ \t\r\n]+[^\s{;]`)},
	{"a backquote begins a quoted word", "a `b;\nc d` e;", matches("(?:^|[\\s;{}])`")},
	{"a location with more than two parameters is an error", "location ~ a b { }", matches(`(?m)(?:^|[;{}])[ \t]*location(?:[ \t\r\n]+[^\s;{]+){3}`)},
}

// brace is a closing brace in a word. Those of ${name} and of a count such as {2},
// which only quotes make part of a word, are read alike: pair finds them.
var (
	brace = regexp.MustCompile(`[^\s;{}]}[^\s;}]|[^\s;{}]};`)
	pair  = regexp.MustCompile(`\$?\{[\w,]*\}`)
)

func matches(pattern string) func([]byte) bool { return regexp.MustCompile(pattern).Match }

// quirkOf returns a quirk that a text has, or nil.
func quirkOf(src []byte) *quirk {
	for i := range quirks {
		if quirks[i].in(src) {
			return &quirks[i]
		}
	}
	return nil
}
