package lsp

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A spot is a place in an open document that the user asks about.
type spot struct {
	*checked
	file      *parser.File
	offset    int
	directive *parser.Directive // at the offset, or nil
	block     *parser.Block     // that the offset is in
	word      parser.Word       // of the directive, at the offset
	number    int               // of the word: 0 for the name, 1 for the first parameter; -1 for none
}

// spotAt returns what is at a position of a document, or nil.
func (c *checked) spotAt(d *document, p position) *spot {
	f := c.file(d)
	if f == nil || f.Foreign() {
		return nil
	}
	s := &spot{checked: c, file: f, offset: c.text(f).offset(p), block: f.Root, number: -1}
	s.descend(f.Root)
	if s.directive == nil {
		return s
	}
	for i, w := range slices.Insert(s.directive.Params(), 0, s.directive.NameWord()) {
		if span := w.Span(); span.Start <= s.offset && s.offset <= span.End {
			s.word, s.number = w, i
			break
		}
	}
	return s
}

// descend finds the innermost directive, and the block around the offset.
func (s *spot) descend(b *parser.Block) {
	for _, d := range b.Directives {
		span := d.Span()
		if s.offset < span.Start || s.offset > span.End {
			continue
		}
		if d.Block == nil || s.offset <= d.Block.Span.Start {
			s.directive, s.block = d, b
			return
		}
		if body := d.Block.Body(); body.Start <= s.offset && s.offset <= body.End {
			s.block = d.Block
			s.descend(d.Block)
			return
		}
	}
}

// contexts returns the contexts that a block is in, in all configurations.
func (c *checked) contexts(b *parser.Block) (all []*parser.Context) {
	for _, m := range c.Configs {
		all = append(all, m.ContextsOf(b)...)
	}
	return all
}

// models returns the models of the configurations that have a file.
func (c *checked) models(f *parser.File) (all []*model.Model) {
	for _, m := range c.Configs {
		if slices.Contains(m.Files, f) {
			all = append(all, m)
		}
	}
	return all
}
