package hops

import (
	"bytes"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A block of HCL, as far as it is needed: its labels, its attributes, the blocks in it.
type block struct {
	kind   string
	labels []string
	at     parser.Span // its first line
	attrs  map[string]attr
	blocks []*block
}

// An attr is an attribute; its value is the text of the expression.
type attr struct {
	value string
	at    parser.Span
}

// text returns the value of a string without templates, or "".
func (a attr) text() string {
	if s, ok := strings.CutPrefix(a.value, `"`); ok && strings.HasSuffix(s, `"`) && !strings.Contains(s, "${") {
		return s[:len(s)-1]
	}
	return ""
}

// maxDepth limits how deep blocks are nested.
const maxDepth = 32

// readHCL returns the top blocks of a Terraform file. What it cannot read it leaves out.
func readHCL(f *parser.File) []*block {
	r := &hclReader{f: f, src: f.Src}
	return r.body(0).blocks
}

type hclReader struct {
	f   *parser.File
	src []byte
	at  int
}

// body reads attributes and blocks up to the brace that closes it.
func (r *hclReader) body(depth int) *block {
	b := &block{attrs: make(map[string]attr)}
	for r.space(true); r.at < len(r.src) && r.src[r.at] != '}'; r.space(true) {
		start := r.at
		name := r.word()
		if name == "" {
			r.at++
			continue
		}
		r.space(false)
		if r.at < len(r.src) && r.src[r.at] == '=' && !r.starts("==") {
			r.at++
			r.space(false)
			from := r.at
			r.expression()
			end := from + len(bytes.TrimRight(r.src[from:r.at], " \t\r"))
			b.attrs[name] = attr{string(r.src[from:end]), parser.Span{File: r.f, Start: start, End: end}}
			continue
		}
		if inner := r.block(name, start, depth); inner != nil {
			b.blocks = append(b.blocks, inner)
		}
	}
	return b
}

// block reads the labels and the body of a block, or nothing.
func (r *hclReader) block(kind string, start, depth int) *block {
	var labels []string
	for r.at < len(r.src) && r.src[r.at] != '{' && r.src[r.at] != '\n' {
		from := r.at
		if r.src[r.at] == '"' {
			r.quoted()
			labels = append(labels, strings.Trim(string(r.src[from:r.at]), `"`))
		} else if w := r.word(); w != "" {
			labels = append(labels, w)
		} else {
			r.at++
		}
		r.space(false)
	}
	if r.at == len(r.src) || r.src[r.at] != '{' {
		return nil
	}
	head := parser.Span{File: r.f, Start: start, End: len(bytes.TrimRight(r.src[:r.at], " \t"))}
	r.at++
	if depth == maxDepth {
		r.at = len(r.src)
		return nil
	}
	b := r.body(depth + 1)
	b.kind, b.labels, b.at = kind, labels, head
	if r.at < len(r.src) {
		r.at++ // the brace
	}
	return b
}

// expression skips an expression: up to the end of the line, or of the brackets that are
// open there.
func (r *hclReader) expression() {
	open := 0
	for r.at < len(r.src) {
		switch c := r.src[r.at]; {
		case c == '"':
			r.quoted()
			continue
		case r.starts("<<"):
			if r.heredoc() {
				continue
			}
		case c == '#', r.starts("//"), r.starts("/*"):
			if open == 0 && !r.starts("/*") {
				return
			}
			r.comment()
			continue
		case c == '{', c == '[', c == '(':
			open++
		case c == '}', c == ']', c == ')':
			if open == 0 {
				return
			}
			open--
		case c == '\n' && open == 0:
			return
		}
		r.at++
	}
}

// quoted skips a string, with the templates in it.
func (r *hclReader) quoted() {
	r.at++
	for depth := 0; r.at < len(r.src); r.at++ {
		switch c := r.src[r.at]; {
		case c == '\\':
			r.at++
		case r.starts("${"), r.starts("%{"):
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == '"' && depth == 0, c == '\n' && depth == 0:
			r.at++
			return
		}
	}
	r.at = min(r.at, len(r.src))
}

// heredoc skips a text up to the line with its name. It reports false if it is none.
func (r *hclReader) heredoc() bool {
	rest := bytes.TrimPrefix(r.src[r.at+2:], []byte("-"))
	head, text, ok := bytes.Cut(rest, []byte("\n"))
	name := bytes.TrimSpace(head)
	if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t\"'(){}") {
		return false
	}
	for len(text) > 0 {
		line, after, _ := bytes.Cut(text, []byte("\n"))
		if bytes.Equal(bytes.TrimSpace(line), name) {
			r.at = len(r.src) - len(after) - 1
			return true
		}
		text = after
	}
	r.at = len(r.src)
	return true
}

func (r *hclReader) starts(s string) bool { return bytes.HasPrefix(r.src[r.at:], []byte(s)) }

// space skips white space and comments, and line ends if they do not matter.
func (r *hclReader) space(lines bool) {
	for r.at < len(r.src) {
		switch c := r.src[r.at]; {
		case c == ' ', c == '\t', c == '\r', c == '\n' && lines:
			r.at++
		case c == '#', r.starts("//"), r.starts("/*"):
			r.comment()
		default:
			return
		}
	}
}

func (r *hclReader) comment() {
	end, skip := []byte("\n"), 0
	if r.starts("/*") {
		end, skip = []byte("*/"), 2
	}
	if i := bytes.Index(r.src[r.at:], end); i >= 0 {
		r.at += i + skip
		return
	}
	r.at = len(r.src)
}

// word reads a name.
func (r *hclReader) word() string {
	start := r.at
	for r.at < len(r.src) {
		c := r.src[r.at]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			break
		}
		r.at++
	}
	return string(r.src[start:r.at])
}
