package kube

import (
	"bytes"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
)

// masked returns a rendering of a template in a text of the same length and lines. A tag
// that has a line to itself is blank, because it may stand for many lines.
func masked(t *source.Text) []byte {
	mask := t.Render(source.All)
	text := mask.Text
	for _, h := range mask.Holes {
		first, last := lineStart(t.Src, h.Start), lineEnd(t.Src, h.End)
		alone := len(bytes.TrimSpace(t.Src[first:h.Start]))+len(bytes.TrimSpace(t.Src[h.End:last])) == 0
		if alone || bytes.IndexByte(t.Src[h.Start:h.End], '\n') >= 0 {
			clear(text[h.Start:h.End])
		}
	}
	for i, c := range text {
		switch {
		case t.Src[i] == '\n':
			text[i] = '\n'
		case c == source.Nothing:
			text[i] = ' '
		}
	}
	indentBlocks(text)
	return text
}

// opensScalar matches the end of a line that opens a block scalar.
var opensScalar = lazyregexp.New(`(?:^|[ :-])[|>][-+1-9]{0,2}[ ]*\r?$`)

// indentBlocks fills the blank lines at the beginning of block scalars: in YAML they may
// not be longer than the indentation of the text. A comment has the same meaning there
// for nginx.
func indentBlocks(text []byte) {
	opened := false
	for at := 0; at < len(text); at = nextLine(text, at) {
		line := text[at:lineEnd(text, at)]
		if len(bytes.TrimSpace(line)) > 0 {
			opened = opensScalar().Match(line)
			continue
		}
		if !opened {
			continue
		}
		rest := bytes.TrimLeft(text[at:], " \r\n")
		indent := len(text) - len(rest) - lineStart(text, len(text)-len(rest))
		for i := indent; i < len(line); i++ {
			line[i] = '#'
		}
	}
}

// lineStart returns where the line of an offset begins.
func lineStart(src []byte, at int) int { return bytes.LastIndexByte(src[:at], '\n') + 1 }

// oddLineEnd returns where a character is that ends a line in YAML and not elsewhere, or
// -1. A carriage return before a line feed is not one.
func oddLineEnd(src []byte) int {
	for i, c := range src {
		switch {
		case c == '\r' && (i+1 == len(src) || src[i+1] != '\n'),
			c == 0xc2 && bytes.HasPrefix(src[i:], []byte("\u0085")),
			c == 0xe2 && (bytes.HasPrefix(src[i:], []byte("\u2028")) || bytes.HasPrefix(src[i:], []byte("\u2029"))):
			return i
		}
	}
	return -1
}
