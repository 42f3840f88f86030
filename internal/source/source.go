// Package source reads texts that nginx does not read as they lie: templates. It knows
// their tags, not nginx.
//
// A template has many renderings. A Mask is one of them, in a text of the same length:
// what is not in the rendering is Nothing, and an expression is a hole. So every
// offset in a mask is an offset in the file.
package source

import (
	"bytes"
	"sort"
)

// Nothing fills what a rendering does not contain: tags, and arms that are not taken.
// The characters before and after it are adjacent in the rendering.
const Nothing = 0

// filler fills the holes of a mask.
const filler = 'h'

// A Text is a template.
type Text struct {
	Src      []byte
	Language Language
	Errs     []Error // unbalanced tags

	host       *host // of the file that contains it, or nil
	tags       []tag
	top        []item
	conditions []string
	seen       map[string]bool // the conditions
}

// An Error is a mistake in the tags of a template.
type Error struct {
	Start, End int
	Message    string
}

// A Hole is a place of a mask whose text is not known.
type Hole struct {
	Start, End int
	Expression string // as written; equal expressions have equal values
}

// A Mask is one rendering of a template, as long as the template.
type Mask struct {
	Text  []byte
	Holes []Hole
}

// Conditions returns the conditions that decide what is rendered, each once.
func (t *Text) Conditions() []string { return t.conditions }

// Render returns a rendering.
func (t *Text) Render(c Choice) *Mask {
	m := &Mask{Text: bytes.Clone(t.Src)}
	m.items(t, t.top, c.Holds)
	if t.host != nil {
		m.keep(t.host.groups[min(c.Group, len(t.host.groups)-1)])
	}
	return m
}

// items masks a part of a template.
func (m *Mask) items(t *Text, all []item, holds func(string) bool) {
	for _, it := range all {
		if it.region == nil {
			m.tag(t, t.tags[it.tag])
			continue
		}
		taken := false
		for _, a := range it.region.arms {
			m.blank(a.open.start, a.open.end)
			on := !taken && !a.never && !it.region.hidden && (a.condition == "" || holds(a.condition) != a.negated)
			if taken = taken || on; on {
				m.items(t, a.items, holds)
			} else {
				m.blank(a.open.end, a.end)
			}
		}
		m.blank(it.region.close.start, it.region.close.end)
	}
}

// tag masks a tag that opens no region.
func (m *Mask) tag(t *Text, g tag) {
	if g.role != value {
		m.blank(g.start, g.end)
		return
	}
	for i := g.start; i < g.end; i++ {
		m.Text[i] = filler
	}
	m.Holes = append(m.Holes, Hole{g.start, g.end, expression(string(t.Src[g.start:g.end]))})
}

func (m *Mask) blank(start, end int) {
	for i := start; i < end; i++ {
		m.Text[i] = Nothing
	}
}

// Touches reports whether replacing a span would change a tag, or what is around a
// configuration in another file.
func (t *Text) Touches(start, end int) bool {
	if t.host != nil && t.host.outside(start, end) {
		return true
	}
	i := sort.Search(len(t.tags), func(i int) bool { return t.tags[i].end > start })
	if i == len(t.tags) {
		return false
	}
	g := t.tags[i]
	return end > g.start && start < end || start > g.start && start == end
}

// Read reads a template in one of some languages, or, if none are given, in those that
// its name allows. It returns nil for a text that is no template.
func Read(name string, src []byte, among ...Language) *Text {
	language := detect(name, src, among)
	if language == Plain || bytes.IndexByte(src, Nothing) >= 0 {
		return nil
	}
	t := &Text{Src: src, Language: language, seen: make(map[string]bool)}
	t.scan(name)
	if len(t.tags) == 0 && len(t.Errs) == 0 {
		return nil
	}
	t.build()
	return t
}

// Present returns what a part of the text has in the rendering.
func (m *Mask) Present(start, end int) []byte {
	return bytes.ReplaceAll(m.Text[start:end], []byte{Nothing}, nil)
}
