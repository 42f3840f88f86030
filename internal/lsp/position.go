package lsp

import (
	"sort"
	"unicode/utf8"
)

// A text converts between offsets and positions of the protocol. Lines end with a
// line feed, as in nginx; a carriage return before it belongs to the line end.
type text struct {
	src   []byte
	lines []int // the offsets at which lines begin
	utf8  bool  // characters are bytes, else units of UTF-16
}

func newText(src []byte, utf8 bool) *text {
	t := &text{src: src, lines: []int{0}, utf8: utf8}
	for i, c := range src {
		if c == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// position returns the position of an offset. One inside a character is that of the
// character.
func (t *text) position(offset int) position {
	offset = max(0, min(offset, len(t.src)))
	line := sort.SearchInts(t.lines, offset+1) - 1
	start := t.lines[line]
	if t.utf8 {
		return position{line, offset - start}
	}
	units := 0
	for at := start; at < offset; {
		r, size := utf8.DecodeRune(t.src[at:])
		if at+size > offset {
			break
		}
		units, at = units+width(r), at+size
	}
	return position{line, units}
}

// width is the number of UTF-16 units of a character.
func width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// offset returns the offset of a position. Positions past the end of a line or of the
// text are its end; one inside a character is that of the character.
func (t *text) offset(p position) int {
	switch {
	case p.Line < 0:
		return 0
	case p.Line >= len(t.lines):
		return len(t.src)
	}
	start, end := t.lines[p.Line], t.lineEnd(p.Line)
	if t.utf8 {
		at := start + max(0, min(p.Character, end-start))
		for at > start && at < end && !utf8.RuneStart(t.src[at]) {
			at--
		}
		return at
	}
	at := start
	for units := 0; at < end; {
		r, size := utf8.DecodeRune(t.src[at:end])
		if units += width(r); units > p.Character {
			break
		}
		at += size
	}
	return at
}

// lineEnd returns the offset of the end of a line, before its line end.
func (t *text) lineEnd(line int) int {
	if line+1 >= len(t.lines) {
		return len(t.src)
	}
	end := t.lines[line+1] - 1
	if end > t.lines[line] && t.src[end-1] == '\r' {
		end--
	}
	return end
}

// span returns the range between two offsets.
func (t *text) span(start, end int) span { return span{t.position(start), t.position(end)} }
