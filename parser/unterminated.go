package parser

import (
	"bytes"
	"slices"
	"sort"
	"strings"
)

// An Unterminated directive has swallowed what follows it, because a semicolon
// is missing: to nginx the next line is more of its parameters.
type Unterminated struct {
	Directive *Directive
	Ends      []Word // the last words of the lines that lack a semicolon
	Says      string // for which nginx refuses the configuration, in its words; "" where it takes the next line for parameters in silence
	Whole     bool   // with the semicolons in place, each part is a directive that nginx knows, with as many parameters as it may have
}

// swallow notes a directive that lacks its semicolon. Ended says that a semicolon
// or a brace ended what was read as one directive; else its block or file did.
func (r *reader) swallow(d *Directive, ended bool) {
	last := d.word(int(d.count) - 1)
	if ended && (d.count < 3 || strings.IndexByte(r.text[d.word(0).start:last.start], '\n') < 0) {
		return // as nearly all are
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

// complaint returns what nginx says of a directive with what it has swallowed.
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

// Unopened returns the first directive of a file that opens a block and lacks its
// brace, so that it ends with the next line's semicolon, and the last word before the
// brace that is missing; or nil.
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

// Swallowed reports whether a span lies in a block of which a directive lacks its
// semicolon: what nginx would make of the block is not known. Blocks further out do
// not count.
func (f *File) Swallowed(s Span) bool { return len(f.Unterminated) > 0 && f.Root.innermost(s).swallows }

// innermost returns the block that a span lies in, and none of whose own blocks it
// lies in.
func (b *Block) innermost(s Span) *Block {
	all := b.Directives
	for i := sort.Search(len(all), func(i int) bool { return all[i].Span().End >= s.Start }); i < len(all) && all[i].Span().Start <= s.Start; i++ {
		if inner := all[i].Block; inner != nil && inner.Span.Start <= s.Start && s.End <= inner.Span.End {
			return inner.innermost(s)
		}
	}
	return b
}

// knownAt returns the rows of a word that begins a line, without quotes, and is
// the name of a directive.
func knownAt(text string, w Word) []DirectiveInfo {
	if _, first := lineIndent(text, int(w.start)); !first || text[w.start] == '"' || text[w.start] == '\'' {
		return nil
	}
	return DirectiveInfos(w.Value())
}

// fits reports whether nginx has a directive of that name, simple or with a
// block, that takes so many parameters.
func fits(name string, params int, block bool) bool {
	return slices.ContainsFunc(DirectiveInfos(name), func(info DirectiveInfo) bool {
		return info.Block == block && info.Min <= params && params <= info.Max
	})
}

func indentAt(text string, offset int) string {
	indent, _ := lineIndent(text, offset)
	return indent
}

// lineIndent returns the white space that a line begins with up to an offset, and
// whether nothing else stands before the offset.
func lineIndent(text string, offset int) (indent string, first bool) {
	start := offset
	for start > 0 && text[start-1] != '\n' {
		if start--; !isSpace(text[start]) {
			return "", false
		}
	}
	return text[start:offset], true
}

// OpenQuote returns the quoted word that explains the first error of a file: nothing
// closes it, or a quote on a later line does, and what follows there is the error.
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
