package parser

import (
	"fmt"
	"strings"
)

// A refDirective is a directive as the reference reader sees it.
type refDirective struct {
	depth, line int
	words       string // joined by NUL, with { or ; at the end
}

// reference is nginx's ngx_conf_read_token and ngx_conf_parse, transcribed
// byte by byte, state by state, with no thought of speed: the yardstick that
// Parse is compared with. It stops at the first error, as nginx does.
func reference(src []byte) (out []refDirective, errLine int, err string) {
	r := refReader{src: src, line: 1}
	depth := 0
	for {
		kind, line, args := r.next()
		switch {
		case r.err != "":
			return out, r.errLine, r.err
		case kind == 0:
			if depth > 0 {
				return out, r.line, `unexpected end of file, expecting "}"`
			}
			return out, 0, ""
		case kind == '}':
			if depth--; depth < 0 {
				return out, r.line, `unexpected "}"`
			}
			continue
		}
		out = append(out, refDirective{depth, line, strings.Join(args, "\x00") + "\x00" + string(kind)})
		if kind == '{' {
			depth++
		}
	}
}

type refReader struct {
	src       []byte
	pos, line int
	err       string
	errLine   int
}

func (r *refReader) fail(line int, format string, args ...any) (byte, int, []string) {
	r.err, r.errLine = fmt.Sprintf(format, args...), line
	return 0, 0, nil
}

func (r *refReader) next() (kind byte, nameLine int, args []string) {
	start, startLine := r.pos, r.line
	var needSpace, skip, variable, comment bool
	lastSpace := true
	var quote byte
	for {
		if r.pos >= len(r.src) {
			if len(args) > 0 || !lastSpace {
				return r.fail(r.line, `unexpected end of file, expecting ";" or "}"`)
			}
			return 0, 0, nil
		}
		if r.pos-start == 4096 {
			if quote != 0 {
				return r.fail(startLine, `too long parameter, probably missing terminating "%c" character`, quote)
			}
			return r.fail(startLine, `too long parameter "%s..." started`, r.src[start:start+10])
		}
		ch := r.src[r.pos]
		r.pos++
		if ch == '\n' {
			r.line++
			comment = false
		}
		if comment {
			continue
		}
		if skip {
			skip = false
			continue
		}
		if needSpace {
			if isSpace(ch) {
				lastSpace, needSpace = true, false
				continue
			}
			if ch == ';' || ch == '{' {
				return ch, nameLine, args
			}
			if ch != ')' {
				return r.fail(r.line, `unexpected "%s"`, []byte{ch})
			}
			lastSpace, needSpace = true, false
		}
		if lastSpace {
			start, startLine = r.pos-1, r.line
			if isSpace(ch) {
				continue
			}
			switch ch {
			case ';', '{':
				if len(args) == 0 {
					return r.fail(r.line, `unexpected "%s"`, []byte{ch})
				}
				return ch, nameLine, args
			case '}':
				if len(args) != 0 {
					return r.fail(r.line, `unexpected "}"`)
				}
				return '}', nameLine, nil
			case '#':
				comment = true
				continue
			}
			lastSpace = false
			switch ch {
			case '\\':
				skip = true
			case '"', '\'':
				start++
				quote = ch
			case '$':
				variable = true
			}
			continue
		}
		if ch == '{' && variable {
			continue
		}
		variable = false
		if ch == '\\' {
			skip = true
			continue
		}
		if ch == '$' {
			variable = true
			continue
		}
		found := false
		if quote != 0 {
			if ch == quote {
				quote, needSpace, found = 0, true, true
			}
		} else if isSpace(ch) || ch == ';' || ch == '{' {
			lastSpace, found = true, true
		}
		if found {
			if len(args) == 0 {
				nameLine = startLine
			}
			args = append(args, refUnescape(string(r.src[start:r.pos-1])))
			if ch == ';' || ch == '{' {
				return ch, nameLine, args
			}
		}
	}
}

func refUnescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			if n := strings.IndexByte(`"'\tnr`, s[i+1]); n >= 0 {
				b.WriteByte("\"'\\\t\n\r"[n])
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
