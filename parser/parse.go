package parser

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
)

// bufferSize is the size of nginx's read buffer (NGX_CONF_BUFFER in ngx_conf_file.c).
// nginx refuses a token or a comment that fills it.
const bufferSize = 4096

// Parse reads a file as nginx does. It always returns a tree: what nginx would refuse
// is in the file's Errs, and reading continues after it. The name is only used in
// messages.
//
// A template is read as one of its renderings; see Masked.
func Parse(name string, src []byte) *File { return parse(name, src, source.All, &memory{}) }

// ParseText reads a file as it is, even if it is a template.
func ParseText(name string, src []byte) *File { return parseText(name, src, nil, &memory{}) }

// parseText reads a file, or a rendering of it if mask is not nil.
func parseText(name string, src []byte, mask *masked, m *memory) *File {
	f := &File{Name: name, Src: src, blocks: 1, masked: mask}
	r := reader{file: f, src: src, text: f.text(), memory: m, rows: rowsByName()}
	if mask != nil {
		r.use(mask)
	}
	f.Root = &Block{Span: Span{f, 0, len(src)}, Closed: true}
	if len(src) > MaxFileSize {
		r.fail(0, 0, "the file is larger than %d MiB", MaxFileSize>>20)
		f.guess = guessContext(f)
		return f
	}
	r.enter(f.Root)
	r.words, r.comments = r.words[:0], r.comments[:0]
	r.all()
	f.words, f.Comments = m.pieces.keep(r.words), m.spans.keep(r.comments)
	f.guess = guessContext(f)
	return f
}

// reader is the state of one Parse.
type reader struct {
	file  *File
	src   []byte
	text  string
	pos   int
	block *Block // the innermost open block
	rows  *rowTable
	holes []source.Hole // of a template
	*memory
}

// all reads the whole file into the tree.
func (r *reader) all() {
	for {
		r.skipSpace()
		if r.pos >= len(r.src) {
			r.endOfFile()
			return
		}
		switch c := r.src[r.pos]; c {
		case '#':
			r.comment()
		case ';':
			r.semicolon()
		case '{':
			r.openBlock()
		case '}':
			r.closeBlock()
		case '"', '\'':
			r.quotedWord(c)
		default:
			r.bareWord()
		}
	}
}

func (r *reader) skipSpace() {
	for r.pos < len(r.src) && (isSpace(r.src[r.pos]) || r.absent(r.pos)) {
		r.pos++
	}
}

// isSpace reports whether a byte is white space to nginx. A vertical tab, a form feed
// or a no-break space is part of a token.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (r *reader) comment() {
	start := r.pos
	end := strings.IndexByte(r.text[start:], '\n')
	if end < 0 {
		r.pos = len(r.src)
	} else {
		r.pos = start + end
	}
	r.checkLength(start, r.pos)
	r.file.marked = r.file.marked || strings.Contains(r.text[start:r.pos], MarkName)
	r.comments = append(r.comments, Span{r.file, start, r.pos})
}

// checkLength reports a token that fills nginx's buffer: nginx stops when it reaches
// start+4096 and is still in the token that began at start. last is the position up
// to which it reads. How long a token of a template becomes is not known.
func (r *reader) checkLength(start, last int) bool {
	if last-start < bufferSize || r.file.masked != nil || start+bufferSize >= len(r.src) {
		return true
	}
	r.fail(start, last, `too long parameter "%s..." started`, r.text[start:start+10])
	return false
}

// maxErrors limits the errors of one file. nginx stops at the first.
const maxErrors = 10_000

func (r *reader) fail(start, end int, format string, args ...any) {
	if len(r.file.Errs) >= maxErrors {
		return
	}
	r.file.Errs = append(r.file.Errs, &SyntaxError{Span{r.file, start, min(end, len(r.src))}, fmt.Sprintf(format, args...)})
}

func (r *reader) unexpected() {
	r.fail(r.pos, r.pos+1, `unexpected "%s"`, r.text[r.pos:r.pos+1])
}

// semicolon ends a simple directive.
func (r *reader) semicolon() {
	if len(r.read) == 0 {
		r.unexpected()
		r.pos++
		return
	}
	r.pos++
	if r.anything(r.read[0]) {
		r.read = r.read[:0]
		return
	}
	r.swallow(r.directive(r.pos), true)
}

// openBlock opens the block of a directive. nginx refuses a brace without a directive
// before it. Here it opens a nameless block, so that its content and its closing
// brace keep their places.
func (r *reader) openBlock() {
	if len(r.read) == 0 {
		r.unexpected()
		r.read = append(r.read, Word{r.file, uint32(r.pos), uint32(r.pos)})
	}
	d := r.directive(r.pos + 1)
	d.Block = r.blocks.one()
	*d.Block = Block{Opener: d, Span: Span{r.file, r.pos, len(r.src)}, number: r.file.blocks}
	r.file.blocks++
	if strings.HasSuffix(d.Name(), "_by_lua_block") {
		r.luaBlock(d)
		return
	}
	r.swallow(d, true)
	r.enter(d.Block)
	r.pos++
}

// enter makes a block the innermost open one.
func (r *reader) enter(b *Block) {
	r.block = b
	r.from = append(r.from, len(r.open))
}

// leave stores the directives of the innermost block.
func (r *reader) leave() {
	last := len(r.from) - 1
	from := r.from[last]
	r.block.Directives = r.lists.keep(r.open[from:])
	r.open, r.from = r.open[:from], r.from[:last]
}

// luaBlock skips a body that is Lua instead of nginx configuration.
func (r *reader) luaBlock(d *Directive) {
	d.Block.Lua = true
	end, ok := skipLua(r.text, r.pos+1)
	if !ok {
		r.fail(len(r.src), len(r.src), `unexpected end of file, expecting "}"`)
	}
	d.Block.Closed = ok
	d.Block.Span.End, d.end, r.pos = end, uint32(end), end
}

// closeBlock closes the innermost block.
func (r *reader) closeBlock() {
	if len(r.read) > 0 { // a missing semicolon
		r.unexpected()
		r.swallow(r.directive(r.read[len(r.read)-1].Span().End), false)
	} else if r.block.Opener == nil {
		r.unexpected()
	}
	r.pos++
	if r.block.Opener == nil {
		return
	}
	r.close(r.pos, true)
}

// close ends the innermost block at an offset.
func (r *reader) close(end int, closed bool) {
	r.leave()
	b := r.block
	b.Span.End, b.Opener.end, b.Closed = end, uint32(end), closed
	r.block = b.Opener.In
}

// endOfFile ends everything that is open.
func (r *reader) endOfFile() {
	n := len(r.src)
	switch {
	case len(r.read) > 0:
		r.fail(n, n, `unexpected end of file, expecting ";" or "}"`)
		r.swallow(r.directive(r.read[len(r.read)-1].Span().End), false)
	case r.block.Opener != nil:
		r.fail(n, n, `unexpected end of file, expecting "}"`)
	}
	for r.block.Opener != nil {
		r.close(n, false)
	}
	r.leave()
}

// directive ends the current directive and adds it to its block.
func (r *reader) directive(end int) *Directive {
	d := r.directives.one()
	if r.file.masked != nil {
		r.sample()
	}
	name := r.read[0].Value()
	*d = Directive{In: r.block, first: uint32(len(r.words)), count: uint32(len(r.read)), end: uint32(end), rows: r.rows.of(name)}
	r.block.names |= nameSet(name)
	r.block.includes = r.block.includes || name == "include"
	r.block.defines = r.block.defines || definesVariable(name)
	r.block.strange = r.block.strange || d.rows.to == 0
	r.block.http2 = r.block.http2 || name == "listen" && slices.ContainsFunc(r.read, func(w Word) bool { return strings.EqualFold(w.Value(), "http2") })
	for _, w := range r.read {
		r.words = append(r.words, piece{w.start, w.end})
	}
	r.file.words = r.words
	r.read = r.read[:0]
	r.open = append(r.open, d)
	return d
}
