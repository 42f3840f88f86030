package parser

import (
	"bytes"
	"slices"
	"sort"
	"strings"
)

// An Unterminated directive has swallowed what follows it, because a semicolon is
// missing: nginx reads the next line as more of its parameters.
type Unterminated struct {
	Directive *Directive
	Ends      []Word // the last words of the lines that lack a semicolon
	Says      string // why nginx refuses the configuration, in its words; "" if it silently reads the next line as parameters
	Whole     bool   // with the semicolons added, each part is a known directive with a valid number of parameters
}

// swallow records a directive without its semicolon. ended says that a semicolon or a
// brace ended what was read as one directive, not the end of its block or file.
func (r *reader) swallow(d *Directive, ended bool) {
	last := d.word(int(d.count) - 1)
	if ended && (d.count < 3 || strings.IndexByte(r.text[d.word(0).start:last.start], '\n') < 0) {
		return // like nearly all
	}
	if len(d.Infos()) == 0 || r.block.Opener != nil && !holdDirectives(r.block.Opener.Name()) {
		return
	}
	u := Unterminated{Directive: d, Whole: true}
	part := 0 // the word that the part begins with
	sameIndent, first := false, true
	for i := 1; i < int(d.count); i++ {
		if w := d.word(i); len(knownAt(r.text, w)) > 0 {
			u.Ends = append(u.Ends, d.word(i-1))
			ok := fits(d.word(part).Value(), i-part-1, false)
			first, u.Whole = first && (ok || part > 0), u.Whole && ok
			sameIndent = sameIndent || indentAt(r.text, int(w.start)) == indentAt(r.text, int(d.word(0).start))
			part = i
		}
	}
	u.Whole = u.Whole && fits(d.word(part).Value(), int(d.count)-part-1, d.Block != nil)
	if !ended {
		u.Ends = append(u.Ends, last)
	}
	u.Says = r.complaint(d, ended)
	if len(u.Ends) == 0 || !first || u.Says == "" && !(sameIndent && u.Whole) {
		return
	}
	r.block.swallows = true
	r.file.Unterminated = append(r.file.Unterminated, u)
}

// complaint returns nginx's error for a directive with what it has swallowed.
func (r *reader) complaint(d *Directive, ended bool) string {
	switch {
	case !ended:
		return r.file.Errs[len(r.file.Errs)-1].Message
	case fits(d.Name(), int(d.count)-1, d.Block != nil):
		return ""
	case d.Block != nil && !d.Infos()[0].Block:
		return `directive "` + d.Name() + `" is not terminated by ";"`
	}
	return `invalid number of arguments in "` + d.Name() + `" directive`
}

// Unopened returns the first directive of a file that should open a block but lacks
// its brace, so that the next line's semicolon ends it, and the last word before the
// missing brace. It returns nil if there is none.
func (f *File) Unopened() (d *Directive, last Word) {
	f.Root.Walk(func(at *Directive) {
		if d != nil || at.Block != nil || len(at.Infos()) == 0 || slices.ContainsFunc(at.Infos(), func(i DirectiveInfo) bool { return !i.Block }) {
			return
		}
		for i := 1; i < int(at.count); i++ {
			if len(knownAt(f.text(), at.word(i))) > 0 && fits(at.Name(), i-1, true) {
				d, last = at, at.word(i-1)
				return
			}
		}
	})
	return d, last
}

// Swallowed reports whether a span lies in a block in which a directive lacks its
// semicolon: it is unknown what nginx would do with the block. Outer blocks do not
// count.
func (f *File) Swallowed(s Span) bool { return len(f.Unterminated) > 0 && f.Root.innermost(s).swallows }

// innermost returns the innermost block around a span.
func (b *Block) innermost(s Span) *Block {
	all := b.Directives
	for i := sort.Search(len(all), func(i int) bool { return all[i].Span().End >= s.Start }); i < len(all) && all[i].Span().Start <= s.Start; i++ {
		if inner := all[i].Block; inner != nil && inner.Span.Start <= s.Start && s.End <= inner.Span.End {
			return inner.innermost(s)
		}
	}
	return b
}

// knownAt returns the rows of a word that begins a line, has no quotes and is the
// name of a directive.
func knownAt(text string, w Word) []DirectiveInfo {
	if _, first := lineIndent(text, int(w.start)); !first || text[w.start] == '"' || text[w.start] == '\'' {
		return nil
	}
	return DirectiveInfos(w.Value())
}

// fits reports whether nginx has a directive with a name, simple or with a block,
// that accepts so many parameters.
func fits(name string, params int, block bool) bool {
	return slices.ContainsFunc(DirectiveInfos(name), func(info DirectiveInfo) bool {
		return info.Block == block && info.Min <= params && params <= info.Max
	})
}

func indentAt(text string, offset int) string {
	indent, _ := lineIndent(text, offset)
	return indent
}

// lineIndent returns the white space at the beginning of the line up to an offset,
// and whether there is nothing else before the offset.
func lineIndent(text string, offset int) (indent string, first bool) {
	start := offset
	for start > 0 && text[start-1] != '\n' {
		if start--; !isSpace(text[start]) {
			return "", false
		}
	}
	return text[start:offset], true
}

// OpenQuote returns the quoted word that explains the first error of a file: it is
// never closed, or a quote on a later line closes it and the text after that is the
// error.
func (f *File) OpenQuote() (w Word, ok bool) {
	if len(f.Errs) == 0 {
		return w, false
	}
	at := f.Errs[0].Span.Start
	for _, p := range f.words {
		start, end := int(p.start), int(p.end&offset)
		if c := f.Src[start]; start > at || c != '"' && c != '\'' {
			continue
		}
		if p.end&unclosed != 0 || end == at && bytes.IndexByte(f.Src[start:end], '\n') >= 0 {
			return Word{f, p.start, p.end}, true
		}
	}
	return w, false
}
