package parser

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
)

// A masked file is a template, read as one of its renderings.
type masked struct {
	text   *source.Text
	mask   *source.Mask
	choice source.Choice
	values map[uint32]string     // of words with tags, by where they start
	tokens []string              // alternately a value of a hole, and the hole as written
	unmask *strings.Replacer     // of the tokens; nil if there are none
	stand  map[*Block]*Directive // the first tag in a block that may stand for any directives
	cut    []piece               // what is not read because it may stand for any directives, in order
}

// parse reads a file. If nginx cannot read it as it is, or its name is that of a
// template, and it has tags, it is read as one of its renderings: the chosen one, or
// one that nginx can read, if there is any.
func parse(name string, src []byte, choice source.Choice, m *memory) *File {
	var plain *File
	if source.Hosts(name) {
		if t := source.ReadHost(name, src); t != nil {
			return readable(name, t, choice, m)
		}
		return Foreign(name, src)
	}
	var among []source.Language
	if !source.Named(name) {
		plain = parseText(name, src, nil, m)
		if among = plain.stumbles(); among == nil {
			return plain
		}
	}
	t := source.Read(name, src, among...)
	if t == nil {
		if plain == nil {
			plain = parseText(name, src, nil, m)
		}
		return plain
	}
	return readable(name, t, choice, m)
}

// readable reads the chosen rendering of a template or, if nothing is chosen and nginx
// cannot read that, one that it can read.
func readable(name string, t *source.Text, choice source.Choice, m *memory) *File {
	f := render(name, t, choice, m)
	if len(f.Errs) == 0 || !choice.Equal(source.All) {
		return f
	}
	for _, c := range source.Choices([]*source.Text{t}, maxRenderings) {
		if other := render(name, t, c, m); len(other.Errs) == 0 {
			return other
		}
	}
	return f
}

// maxRenderings is the number of renderings of one configuration that are looked at.
const maxRenderings = 64

// render reads a rendering of a template.
func render(name string, t *source.Text, choice source.Choice, m *memory) *File {
	mask := &masked{text: t, choice: choice, mask: t.Render(choice), values: make(map[uint32]string), stand: make(map[*Block]*Directive)}
	f := parseText(name, t.Src, mask, m)
	if len(mask.tokens) > 0 {
		mask.unmask = strings.NewReplacer(mask.tokens...)
	}
	var errs []*SyntaxError
	for _, e := range t.Errs {
		errs = append(errs, &SyntaxError{Span{f, e.Start, e.End}, e.Message})
	}
	f.Errs = append(errs, f.Errs...)
	return f
}

// stumbles returns the languages that a file may be a template in, although its name
// does not say so: nginx cannot read it, or has words that are tags.
func (f *File) stumbles() []source.Language {
	switch {
	case f.Template():
		return source.AnyBraces
	case bytes.Contains(f.Src, []byte("<%")) && f.hasWord("<%"):
		return []source.Language{source.EPP, source.ERB}
	case bytes.Contains(f.Src, []byte("__")) && f.hasWord("__"), bytes.Contains(f.Src, []byte("%%")) && f.hasWord("%%"):
		return []source.Language{source.Panel}
	}
	return nil
}

// hasWord reports whether a word without quotes has a mark.
func (f *File) hasWord(mark string) bool {
	return slices.ContainsFunc(f.words, func(p piece) bool {
		text := Word{f, p.start, p.end}.Text()
		return text != "" && text[0] != '"' && text[0] != '\'' && strings.Contains(text, mark)
	})
}

// Masked returns the template that a file is, or nil. The file's tree is that of one
// rendering of it: what that does not contain is not there, and holes have sample
// values.
func (f *File) Masked() *source.Text {
	if f.masked == nil {
		return nil
	}
	return f.masked.text
}

// Stands reports whether the byte at an offset is in the rendering that was read.
func (f *File) Stands(offset int) bool {
	return f.masked == nil || offset >= len(f.masked.mask.Text) || f.masked.mask.Text[offset] != source.Nothing
}

// Unmask replaces the sample values in a text that was made from the file by the tags
// that they stand for.
func (f *File) Unmask(s string) string {
	if f.masked == nil || f.masked.unmask == nil {
		return s
	}
	return f.masked.unmask.Replace(s)
}

// HasTag reports whether there is a hole in a span.
func (s Span) HasTag() bool {
	return s.File != nil && s.File.masked != nil && s.File.masked.hole(s.Start, s.End)
}

func (m *masked) hole(start, end int) bool {
	holes := m.mask.Holes
	i := sort.Search(len(holes), func(i int) bool { return holes[i].End > start })
	return i < len(holes) && holes[i].Start < end
}

// stand notes in a context that a tag of its block may stand for any directives: like
// an include that could not be read.
func (b *builder) stand(c *Context, block *Block, m *masked) {
	d := m.stand[block]
	if d == nil {
		return
	}
	inc := &Include{Directive: d, Tag: true, Included: Included{Missing: true}}
	c.Includes = append(c.Includes, inc)
	b.cfg.Includes = append(b.cfg.Includes, inc)
	if c.unread == nil {
		c.unread = inc
	}
}

// Choice returns the choice that decided which rendering of a template was read.
func (f *File) Choice() source.Choice { return f.masked.choice }

// Rendered returns the rendering that was read, with its sample values; for a file
// that is no template, its text.
func (f *File) Rendered() []byte {
	if f.masked == nil {
		return f.Src
	}
	var b bytes.Buffer
	from := 0
	cuts := f.masked.cut
	write := func(start, end int) {
		for len(cuts) > 0 && int(cuts[0].start) < end {
			b.Write(f.masked.mask.Present(start, int(cuts[0].start)))
			start, cuts = int(cuts[0].end), cuts[1:]
		}
		b.Write(f.masked.mask.Present(start, end))
	}
	for _, w := range f.words {
		if w.end&holed == 0 || int(w.start) < from {
			continue
		}
		write(from, int(w.start))
		b.WriteString(f.masked.values[w.start])
		from = int(w.end & offset)
	}
	write(from, len(f.Src))
	return b.Bytes()
}

// Rendered returns a store that has other renderings of some templates.
func (s *Files) Rendered(templates []*File, choice source.Choice) *Files {
	other := make(map[*File]bool, len(templates))
	for _, f := range templates {
		other[f] = true
	}
	return s.derive(choice, func(f *File) *File {
		if other[f] {
			return render(f.Name, f.masked.text, choice, &memory{})
		}
		return f
	})
}

// TextStart returns where the text of nginx begins that an offset is in: the file's
// beginning, unless the file is of another kind and contains such texts.
func (f *File) TextStart(offset int) int {
	if f.masked == nil {
		return 0
	}
	return f.masked.text.TextStart(offset)
}
