package parser

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
)

// quotedWord reads a word in quotes. Only white space, ; { or ) may follow the
// closing quote. nginx refuses anything else.
func (r *reader) quotedWord(quote byte) {
	start := r.pos + 1
	end, form := start, uint32(0)
	for ; end < len(r.src) && r.src[end] != quote; end++ {
		if r.src[end] == '\\' {
			form = escaped
			end++
		}
	}
	next := end + 1 // what follows the closing quote
	for r.absent(next) {
		next++
	}
	last := next
	if next < len(r.src) && isSpace(r.src[next]) {
		last++ // nginx forgets the token only one byte later
	}
	switch {
	case end >= len(r.src) && (len(r.src)-start <= bufferSize || r.file.masked != nil):
		r.fail(len(r.src), len(r.src), `unexpected end of file, expecting ";" or "}"`)
		r.unterminated(start)
	case end-start >= bufferSize && r.file.masked == nil:
		r.fail(r.pos, start+bufferSize, `too long parameter, probably missing terminating "%c" character`, quote)
		r.unterminated(start)
	default:
		r.checkLength(start, last)
		r.word(start-1, end+1, form)
		r.pos = next
		if next < len(r.src) && !isSpace(r.src[next]) && strings.IndexByte(";{)", r.src[next]) < 0 {
			r.unexpected()
		}
	}
}

// unterminated reads a quoted word without a closing quote as if it ended with the
// line, so that the rest can be read. nginx has stopped by then.
func (r *reader) unterminated(start int) {
	end := strings.IndexByte(r.text[start:], '\n')
	if end < 0 {
		end = len(r.src)
	} else {
		end += start
	}
	// A semicolon at the end of the line was most likely meant as one.
	if trimmed := strings.TrimRight(r.text[start:end], " \t\r;{"); trimmed != "" {
		end = start + len(trimmed)
	}
	r.word(start-1, end, escaped|unclosed)
}

// bareWord reads a word without quotes: up to white space, ; or {. The braces of
// ${name} belong to the word; quotes, # and } inside a word are ordinary.
func (r *reader) bareWord() {
	start := r.pos
	if r.statements() {
		return
	}
	form, dollar := uint32(0), false
	end := start
scan:
	for ; end < len(r.src); end++ {
		switch c := r.src[end]; c {
		case ' ', '\t', '\r', '\n', ';':
			break scan
		case '{':
			if !dollar {
				break scan
			}
		case '\\':
			form, dollar = escaped, false
			end++
		case source.Nothing:
			dollar = dollar && r.absent(end)
		default:
			dollar = c == '$'
		}
	}
	end = min(end, len(r.src))
	last := end
	if end < len(r.src) && isSpace(r.src[end]) {
		last++ // as in quotedWord
	}
	r.checkLength(start, last)
	for r.absent(end - 1) {
		end--
	}
	r.word(start, end, form)
}

// word adds the word written in [start, end).
func (r *reader) word(start, end int, form uint32) {
	if r.file.masked != nil && r.tagged(start, end) {
		form |= holed
	}
	r.read = append(r.read, Word{r.file, uint32(start), uint32(end) | form})
	r.pos = end
}

// unescape resolves backslashes like ngx_conf_read_token: \" \' and \\ become the
// character, \t \n \r become white space; others stay as they are.
func unescape(s string) string {
	i := firstEscape(s)
	if i < 0 {
		return s
	}
	b := append(make([]byte, 0, len(s)), s[:i]...)
	for ; i < len(s); i++ {
		if c := s[i]; c != '\\' || i+1 == len(s) {
			b = append(b, c)
			continue
		}
		switch c := s[i+1]; c {
		case '"', '\'', '\\':
			b = append(b, c)
		case 't':
			b = append(b, '\t')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		default:
			b = append(b, '\\')
			continue // the next iteration reads the character
		}
		i++
	}
	return string(b)
}

// firstEscape returns the offset of the first backslash that is part of an escape, or
// -1. Those of regular expressions are not.
func firstEscape(s string) int {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '\\' && strings.IndexByte(`"'\tnr`, s[i+1]) >= 0 {
			return i
		}
	}
	return -1
}
