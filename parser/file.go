// Package parser reads nginx configuration as nginx reads it: files and their
// directives, includes, the tree of contexts and the settings that apply in each.
// Package model knows what nginx does with a request.
//
// The source text is the truth. A tree is a set of spans of it, and nothing is ever
// printed from a tree.
package parser

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"sync"
	"unsafe"
)

// A File is one configuration file as it was read. It does not change after Parse, so
// any number of readers and contexts can share it.
type File struct {
	Name     string         // its path in the file system that it was loaded from
	Src      []byte         // every byte of it; do not change
	Root     *Block         // the top level
	Errs     []*SyntaxError // what nginx's reader would refuse, in order
	Comments []Span         // from # up to but not including the line feed
	Provided bool           // it comes from where nginx runs, such as its image: nobody can edit it
	words    []piece        // of all directives, in the order in which their heads end

	Unterminated []Unterminated // directives without their semicolon, in order

	Assumed bool // it was not found: its content is that of the file which a package installs

	foreign bool // see Foreign

	blocks uint32 // how many there are, Root included
	guess  string // see GuessContext
	marked bool   // see Annotated

	linesOnce sync.Once
	lines     []int // offsets at which lines begin

	templateOnce sync.Once
	template     bool // see Template

	masked *masked // of a template that is read as one of its renderings, or nil
}

// Mark begins comments to nginx-ws-lint. A comment with only the name may be meant as
// one.
const (
	MarkName = "nginx-ws-lint"
	Mark     = MarkName + ":"
)

// Annotated reports whether a comment of the file has the mark.
func (f *File) Annotated() bool { return f.marked }

// text returns Src as a string without a copy. That is safe because its bytes never
// change.
func (f *File) text() string { return unsafe.String(unsafe.SliceData(f.Src), len(f.Src)) }

// A Span is the half-open range of bytes [Start, End) of a file.
type Span struct {
	File       *File
	Start, End int
}

// Text returns the bytes of the span as a string.
func (s Span) Text() string { return s.File.text()[s.Start:s.End] }

// A Word is one token: a directive's name or a parameter. A configuration consists
// mostly of words, so a word is small: its value is read from the source.
type Word struct {
	file  *File
	start uint32
	end   uint32 // how the word is written is in the highest bits
}

const (
	escaped  uint32 = 1 << 31   // it has a backslash
	unclosed uint32 = 1 << 30   // its opening quote is never closed
	holed    uint32 = 1 << 29   // it has a tag of a template
	offset          = holed - 1 // the bits of an offset
)

// Span returns the span of the word with its quotes.
func (w Word) Span() Span { return Span{w.file, int(w.start), int(w.end & offset)} }

// Text returns the word as written, with quotes and escapes.
func (w Word) Text() string { return w.file.text()[w.start : w.end&offset] }

// Value returns the word as nginx reads it: without quotes and with escapes resolved.
func (w Word) Value() string {
	s := w.Text()
	if w.end&holed != 0 {
		s = w.file.masked.values[w.start]
	}
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		s = s[1:]
		if w.end&unclosed == 0 {
			s = s[:len(s)-1]
		}
	}
	if w.end&escaped != 0 {
		return unescape(s)
	}
	return s
}

// A piece is the place of a word in its file. Pieces are most of what a configuration
// needs in memory.
type piece struct {
	start uint32
	end   uint32 // how the word is written is in the highest bits
}

// A Directive is a simple directive (Block is nil) or a block directive.
type Directive struct {
	Block *Block // the block it opens, or nil
	In    *Block // the block that it is in

	// Its name and its parameters, as indexes into the file's words.
	first, count uint32
	end          uint32
	rows         rows // of its name
}

// word returns the i-th word, the name being the first.
func (d *Directive) word(i int) Word {
	f := d.In.Span.File
	p := f.words[d.first+uint32(i)]
	return Word{f, p.start, p.end}
}

// Name returns the directive's name, as nginx reads it.
func (d *Directive) Name() string {
	if d.rows.to > 0 { // like most: the name in the table is at hand
		return directives[d.rows.from].Name
	}
	return d.word(0).Value()
}

// NameWord returns the word of the name.
func (d *Directive) NameWord() Word { return d.word(0) }

// Params returns the words after the name, in a new list.
func (d *Directive) Params() []Word {
	all := make([]Word, d.ParamCount())
	for i := range all {
		all[i] = d.word(i + 1)
	}
	return all
}

// ParamCount returns the number of words after the name.
func (d *Directive) ParamCount() int { return int(d.count) - 1 }

// ParamWord returns the i-th of them.
func (d *Directive) ParamWord(i int) Word { return d.word(i + 1) }

// Span reaches from the name to the semicolon or the closing brace.
func (d *Directive) Span() Span {
	name := d.word(0)
	return Span{name.file, int(name.start), int(d.end)}
}

// Param returns the value of the i-th parameter, or "" if it does not exist.
func (d *Directive) Param(i int) string {
	if i+1 < int(d.count) {
		return d.word(i + 1).Value()
	}
	return ""
}

// HasParam reports whether a parameter is value, ignoring case.
func (d *Directive) HasParam(value string) bool {
	for i := range d.ParamCount() {
		if strings.EqualFold(d.Param(i), value) {
			return true
		}
	}
	return false
}

// Words returns the directive's name and parameters as nginx reads them, joined by
// single spaces.
func (d *Directive) Words() string {
	words := []string{d.Name()}
	for i := range d.ParamCount() {
		words = append(words, d.Param(i))
	}
	return strings.Join(words, " ")
}

// Is reports whether the directive has one of the names. Names are
// case-sensitive, as in nginx.
func (d *Directive) Is(names ...string) bool {
	name := d.Name()
	for _, n := range names {
		if name == n {
			return true
		}
	}
	return false
}

// Named is Is for a directive that can be nil.
func (d *Directive) Named(name string) bool { return d != nil && d.Is(name) }

// A Block is the content of two braces, or a whole file.
type Block struct {
	Opener     *Directive   // nil for a file's top level
	Directives []*Directive // in order
	Span       Span         // with the braces; the whole file at top level
	Lua        bool         // the body of a *_by_lua_block: no directives
	Closed     bool         // it has a closing brace; true for a file
	includes   bool         // it contains an include
	defines    bool         // it contains a directive that may define a variable
	http2      bool         // it contains a listen with the parameter http2
	strange    bool         // it contains a directive that is not in nginx's table
	swallows   bool         // it contains a directive without its semicolon
	number     uint32       // its index in its file, from 0 for Root
	names      NameSet      // of its directives
}

// Body returns the span between the braces.
func (b *Block) Body() Span {
	s := b.Span
	if b.Opener != nil {
		s.Start++
		if b.Closed {
			s.End--
		}
	}
	return s
}

// Walk calls f for every directive in the block, at any depth, in order.
func (b *Block) Walk(f func(*Directive)) {
	for _, d := range b.Directives {
		f(d)
		if d.Block != nil {
			d.Block.Walk(f)
		}
	}
}

// A SyntaxError is a place at which nginx's reader stops. Message is nginx's wording
// (src/core/ngx_conf_file.c).
type SyntaxError struct {
	Span    Span
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%s: %s", e.Span.File.Name, e.Span.File.Position(e.Span.Start), e.Message)
}

// A Position is a place for people: line and column from 1, the column in bytes.
type Position struct{ Line, Column int }

func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// Position returns the line and column of an offset. As in nginx a line ends with a
// line feed and nothing else.
func (f *File) Position(offset int) Position {
	if len(f.Src) <= smallFile {
		before := f.Src[:min(offset, len(f.Src))]
		return Position{Line: bytes.Count(before, newline) + 1, Column: offset - bytes.LastIndexByte(before, '\n')}
	}
	f.linesOnce.Do(f.findLines)
	i := sort.SearchInts(f.lines, offset+1) - 1
	return Position{Line: i + 1, Column: offset - f.lines[i] + 1}
}

// smallFile is the size in bytes up to which lines are counted without an index.
const smallFile = 4096

var newline = []byte{'\n'}

// LineSpan returns the span of a line, without its line end. Lines count from 1.
func (f *File) LineSpan(line int) Span {
	f.linesOnce.Do(f.findLines)
	start, end := f.lines[line-1], len(f.Src)
	if line < len(f.lines) {
		end = f.lines[line] - 1
	}
	if end > start && f.Src[end-1] == '\r' {
		end--
	}
	return Span{f, start, end}
}

func (f *File) findLines() {
	f.lines = append(make([]int, 0, 1+bytes.Count(f.Src, newline)), 0)
	for at := 0; ; {
		i := bytes.IndexByte(f.Src[at:], '\n')
		if i < 0 {
			return
		}
		at += i + 1
		f.lines = append(f.lines, at)
	}
}
