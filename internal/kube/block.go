package kube

import (
	"bytes"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Lines returns the place of an entry of a mapping with its whole lines, so that the rest
// stays valid without it; ok is false if other text shares them.
func (v Value) Lines() (span parser.Span, ok bool) {
	if v.key == nil || v.node == nil {
		return span, false
	}
	src := v.in.text
	start := v.in.File.LineSpan(v.key.Line).Start
	if len(bytes.TrimLeft(src[start:v.KeySpan().Start], " ")) > 0 {
		return span, false
	}
	last := v.Span().End
	if v.Literal() {
		last = v.blockEnd()
	}
	end := lineEnd(src, last)
	if rest := bytes.TrimSpace(src[last:end]); len(rest) > 0 && rest[0] != '#' {
		return span, false
	}
	if i := bytes.IndexByte(src[end:], '\n'); i >= 0 {
		end += i + 1
	}
	return parser.Span{File: v.in.File, Start: start, End: end}, true
}

// blockEnd returns where the last line of a block scalar ends that is not blank.
func (v Value) blockEnd() int {
	src, last := v.in.text, v.Span().End
	line, dashes := src[lineStart(src, v.Span().Start):v.Span().Start], " "
	if v.key != nil {
		dashes = " -" // those before a key are part of its indentation
	}
	column := len(line) - len(bytes.TrimLeft(line, dashes)) + 1
	for at := nextLine(src, last); at < len(src); at = nextLine(src, at) {
		end := lineEnd(src, at)
		text := bytes.TrimLeft(src[at:end], " ")
		switch indent := end - at - len(text); {
		case len(bytes.TrimSpace(text)) == 0:
		case indent < column:
			return last
		default:
			last = end
		}
	}
	return last
}

func nextLine(src []byte, at int) int {
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(src)
}

// Nginx is nginx configuration in a block scalar.
type Nginx struct {
	*parser.File // the text of the block alone

	host  *parser.File
	start int
}

// Nginx reads a block scalar as nginx configuration. It returns nil if the value is not a
// literal block of a mapping.
func (v Value) Nginx() *Nginx {
	if !v.Literal() || v.key == nil {
		return nil
	}
	start := nextLine(v.in.text, v.Span().End)
	text := v.in.File.Src[start:max(start, v.blockEnd())]
	return &Nginx{parser.ParseText(v.in.File.Name, text), v.in.File, start}
}

// In returns the place of a part of the configuration in the file that it is in.
func (n *Nginx) In(s parser.Span) parser.Span {
	return parser.Span{File: n.host, Start: n.start + s.Start, End: n.start + s.End}
}
