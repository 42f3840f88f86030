package parser

import (
	"sort"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
)

// use makes the reader read a rendering.
func (r *reader) use(m *masked) {
	r.src, r.holes = m.mask.Text, m.mask.Holes
	r.text = string(m.mask.Text)
}

// absent reports whether the rendering lacks the byte at an offset.
func (r *reader) absent(at int) bool {
	return r.file.masked != nil && at >= 0 && at < len(r.src) && r.src[at] == source.Nothing
}

// tagged reports whether a word has a hole, or something that the rendering lacks.
func (r *reader) tagged(start, end int) bool {
	return r.file.masked.hole(start, end) || strings.IndexByte(r.text[start:end], source.Nothing) >= 0
}

// statements skips the holes at the reader's position if they are alone on their line,
// where a directive could begin: they may stand for any directives.
func (r *reader) statements() bool {
	if r.file.masked == nil || len(r.read) > 0 || !r.file.masked.hole(r.pos, r.pos+1) {
		return false
	}
	end := r.pos
	for ; end < len(r.src) && r.src[end] != '\n' && r.src[end] != '#'; end++ {
		c := r.src[end]
		if c == '}' {
			break
		}
		if !isSpace(c) && c != source.Nothing && !r.file.masked.hole(end, end+1) {
			return r.prefix(end)
		}
	}
	last := r.pos + len(strings.TrimRight(r.text[r.pos:end], " \t\r\x00"))
	r.stand(Word{r.file, uint32(r.pos), uint32(last)})
	r.file.masked.cut = append(r.file.masked.cut, piece{uint32(r.pos), uint32(last)})
	r.pos = end
	return true
}

// prefix skips holes before a directive on its line. They may be the sign of a comment,
// or nothing: with the second set of values, the line is a comment.
func (r *reader) prefix(at int) bool {
	name, _, _ := strings.Cut(r.text[at:], " ")
	if r.rows.of(strings.TrimRight(name, "\r\n\t;{")).to == 0 {
		return false
	}
	if r.file.masked.choice.Values == 1 {
		for ; at < len(r.src) && r.src[at] != '\n'; at++ {
			r.src[at] = source.Nothing
		}
	}
	r.file.masked.cut = append(r.file.masked.cut, piece{uint32(r.pos), uint32(at)})
	r.pos = at
	return true
}

// anything reports whether a simple directive may be any: a hole is in its name, or
// in that of a header.
func (r *reader) anything(name Word) bool {
	if r.file.masked == nil || name.end&holed == 0 {
		return false
	}
	r.stand(Word{name.file, name.start, name.end & offset})
	r.file.masked.cut = append(r.file.masked.cut, piece{name.start, uint32(r.pos)})
	return true
}

// stand notes that a place may stand for any directives of the block.
func (r *reader) stand(w Word) {
	if r.file.masked.stand[r.block] != nil {
		return
	}
	r.file.masked.stand[r.block] = &Directive{In: r.block, first: uint32(len(r.words)), count: 1, end: w.end & offset}
	r.words = append(r.words, piece{w.start, w.end & offset})
	r.file.words = r.words
}

// sample gives the holes of a directive values.
func (r *reader) sample() {
	m := r.file.masked
	at := source.Spot{Count: len(r.read) - 1, Index: -1}
	for i, w := range r.read {
		if w.end&holed != 0 {
			m.values[w.start] = r.valued(w, at)
		}
		switch value := w.Value(); i {
		case 0:
			at.Directive = value
		case 1:
			at.First = value
		}
		at.Index++
	}
	if d := r.read[0]; len(r.read) > 1 && d.Value() == "proxy_set_header" && r.read[1].end&holed != 0 {
		r.stand(d)
	}
}

// valued returns a word with values in its holes and without what the rendering lacks.
func (r *reader) valued(w Word, at source.Spot) string {
	m, span := r.file.masked, w.Span()
	all := m.mask.Holes
	text := func(start, end int) string { return strings.ReplaceAll(r.text[start:end], "\x00", "") }
	var b strings.Builder
	from := span.Start
	for i := sort.Search(len(all), func(i int) bool { return all[i].End > from }); i < len(all) && all[i].Start < span.End; i++ {
		h := all[i]
		b.WriteString(text(from, h.Start))
		at.Before, at.After = strings.TrimLeft(b.String(), `"'`), strings.Trim(text(h.End, span.End), `"'`)
		value := h.Sample(at, m.choice.Values)
		m.tokens = append(m.tokens, source.Tokens(value, r.file.text()[h.Start:h.End])...)
		b.WriteString(value)
		from = h.End
	}
	b.WriteString(text(from, span.End))
	return b.String()
}
