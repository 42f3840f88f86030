package lsp

import (
	"context"
	"encoding/json"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// spotOf returns what a request is about, or nil.
func (s *server) spotOf(ctx context.Context, params json.RawMessage) (*spot, placeParams, error) {
	p, err := decode[placeParams](params)
	if err != nil {
		return nil, p, err
	}
	c, d, err := s.asked(ctx, p.TextDocument.URI)
	if err != nil || c == nil {
		return nil, p, err
	}
	return c.spotAt(d, p.Position), p, nil
}

// definition answers where what is at a position is defined.
func (s *server) definition(ctx context.Context, params json.RawMessage) (any, error) {
	at, _, err := s.spotOf(ctx, params)
	places := []location{}
	if at == nil || err != nil {
		return places, err
	}
	if d := at.directive; d != nil && d.Is("include") && at.number > 0 {
		for _, f := range at.included(d) {
			places = append(places, at.place(parser.Span{File: f}))
		}
		return places, nil
	}
	for _, found := range at.mentions(at.symbol()) {
		if found.defines {
			places = append(places, at.place(found.span))
		}
	}
	return places, nil
}

// included returns the files that an include reads, each once.
func (c *checked) included(d *parser.Directive) (files []*parser.File) {
	seen := make(map[*parser.File]bool)
	for _, m := range c.Configs {
		for _, inc := range m.Includes {
			if inc.Directive != d {
				continue
			}
			for _, f := range inc.Files {
				if !seen[f] && !f.Provided && !f.Assumed {
					seen[f] = true
					files = append(files, f)
				}
			}
		}
	}
	return files
}

// references answers where what is at a position is used.
func (s *server) references(ctx context.Context, params json.RawMessage) (any, error) {
	at, p, err := s.spotOf(ctx, params)
	places := []location{}
	if at == nil || err != nil {
		return places, err
	}
	for _, found := range at.mentions(at.symbol()) {
		if !found.defines || p.Context.IncludeDeclaration {
			places = append(places, at.place(found.span))
		}
	}
	return places, nil
}

// A documentLink leads to the file of an include.
type documentLink struct {
	Range  span   `json:"range"`
	Target string `json:"target"`
}

// links answers with the includes of one file each.
func (s *server) links(ctx context.Context, params json.RawMessage) (any, error) {
	c, f, err := s.fileOf(ctx, params)
	all := []documentLink{}
	if f == nil || err != nil {
		return all, err
	}
	f.Root.Walk(func(d *parser.Directive) {
		if !d.Is("include") || d.ParamCount() != 1 {
			return
		}
		if files := c.included(d); len(files) == 1 {
			all = append(all, documentLink{c.spanOf(d.ParamWord(0).Span()), c.uri(files[0].Name)})
		}
	})
	return all, nil
}

// fileOf returns the file of the document that a request is about, or nil.
func (s *server) fileOf(ctx context.Context, params json.RawMessage) (*checked, *parser.File, error) {
	p, err := decode[documentParams](params)
	if err != nil {
		return nil, nil, err
	}
	c, d, err := s.asked(ctx, p.TextDocument.URI)
	if err != nil || c == nil {
		return nil, nil, err
	}
	if f := c.file(d); f != nil && !f.Foreign() {
		return c, f, nil
	}
	return nil, nil, nil
}

// A documentSymbol is an entry in the outline of a document.
type documentSymbol struct {
	Name     string           `json:"name"`
	Kind     int              `json:"kind"`
	Range    span             `json:"range"`
	Selected span             `json:"selectionRange"`
	Children []documentSymbol `json:"children,omitempty"`
}

// symbolKinds are the protocol's kinds of blocks.
var symbolKinds = map[string]int{"http": 3, "stream": 3, "server": 5, "location": 6, "upstream": 11, "map": 13, "geo": 13, "split_clients": 13, "if": 12}

// outline answers with the blocks of a document.
func (s *server) outline(ctx context.Context, params json.RawMessage) (any, error) {
	c, f, err := s.fileOf(ctx, params)
	if f == nil || err != nil {
		return []documentSymbol{}, err
	}
	return c.outlineOf(f.Root), nil
}

func (c *checked) outlineOf(b *parser.Block) []documentSymbol {
	all := []documentSymbol{}
	for _, d := range b.Directives {
		if d.Block == nil {
			continue
		}
		name := d.Words()
		for _, inner := range d.Block.Directives {
			if d.Is("server") && inner.Is("server_name", "listen") {
				name += " " + inner.Param(0)
				break
			}
		}
		kind := symbolKinds[d.Name()]
		if kind == 0 {
			kind = 3 // a namespace
		}
		entry := documentSymbol{Name: name, Kind: kind, Range: c.spanOf(d.Span()), Selected: c.spanOf(d.NameWord().Span())}
		if !d.Block.Lua {
			entry.Children = c.outlineOf(d.Block)
		}
		all = append(all, entry)
	}
	return all
}
