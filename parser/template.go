package parser

import (
	"bytes"
	"sort"
	"strings"
)

// templateMarks begin the placeholders of common template languages.
var templateMarks = [][]byte{[]byte("{{"), []byte("{%"), []byte("<%"), []byte("{#")}

// Template reports whether the file seems to be a template of a configuration in a
// language that is not read: nginx's reader refuses it, and it has the mark of a
// template, or a placeholder as a directive's name. A mark in a quoted parameter or in a
// comment is text.
func (f *File) Template() bool {
	if len(f.Errs) == 0 || f.masked != nil {
		return false
	}
	f.templateOnce.Do(func() { f.template = f.hasMark() || placeholders(f.Root) })
	return f.template
}

// hasMark reports whether there is a template mark outside quotes and comments.
func (f *File) hasMark() bool {
	for _, mark := range templateMarks {
		for at := 0; at < len(f.Src); at += len(mark) {
			i := bytes.Index(f.Src[at:], mark)
			if i < 0 {
				break
			}
			if at += i; !f.quotes(at) && (string(mark) != "{{" || !f.endsLine(at+len(mark))) {
				return true
			}
		}
	}
	return false
}

// endsLine reports whether nothing but a comment follows an offset on its line. Two
// braces there are a slip, because a placeholder goes on; {{# is one of Handlebars.
func (f *File) endsLine(offset int) bool {
	line, _, _ := bytes.Cut(f.Src[offset:], newline)
	rest := bytes.TrimSpace(line)
	return len(rest) == 0 || rest[0] == '#' && line[0] != '#'
}

// quotes reports whether an offset lies in a comment, or in a quoted word without a
// syntax error.
func (f *File) quotes(offset int) bool {
	c := sort.Search(len(f.Comments), func(i int) bool { return f.Comments[i].End > offset })
	if c < len(f.Comments) && f.Comments[c].Start <= offset {
		return true
	}
	w := sort.Search(len(f.words), func(i int) bool { return int(f.words[i].end&^(escaped|unclosed)) > offset })
	if w == len(f.words) || int(f.words[w].start) > offset || strings.IndexByte(`"'`, f.Src[f.words[w].start]) < 0 {
		return false
	}
	end := int(f.words[w].end &^ (escaped | unclosed))
	e := sort.Search(len(f.Errs), func(i int) bool { return f.Errs[i].Span.Start >= end })
	return e == len(f.Errs) || f.Errs[e].Span.Start > end
}

// placeholders reports whether a directive's name is a variable, as in ${ssl} listen
// 443. nginx has no directive with such a name, but blocks with data instead of
// directives may.
func placeholders(b *Block) bool {
	for _, d := range b.Directives {
		if strings.HasPrefix(d.Name(), "$") {
			return true
		}
		if d.Block != nil && targetParam(d.Name(), d.ParamCount()) < 0 && placeholders(d.Block) {
			return true
		}
	}
	return false
}
