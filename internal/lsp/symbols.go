package lsp

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A symbolKind is what can be defined in one place and used in another.
type symbolKind int

const (
	noSymbol symbolKind = iota
	variable
	upstream
	namedLocation
	logFormat
)

// A symbol is a mention of something with a name.
type symbol struct {
	kind    symbolKind
	name    string
	span    parser.Span
	defines bool
}

// defined says which parameter of a directive is the name of a variable that it
// defines: from the front from 0, from the end from -1.
var defined = map[string]int{
	"set": 0, "auth_request_set": 0, "js_set": 0, "js_var": 0, "perl_set": 0, "set_by_lua": 0, "set_by_lua_block": 0,
	"map": -1, "geo": -1, "split_clients": -1,
}

// symbolsOf returns the symbols that a directive mentions, in order.
func symbolsOf(d *parser.Directive) (all []symbol) {
	variableParam := -1
	if n, ok := defined[d.Name()]; ok {
		if variableParam = n; n < 0 {
			variableParam += d.ParamCount()
		}
	}
	for i, w := range d.Params() {
		all = append(all, variablesIn(w, i == variableParam)...)
		if s := nameIn(d, i, w); s.kind != noSymbol {
			all = append(all, s)
		}
	}
	return all
}

// variablesIn returns the variables in a word.
func variablesIn(w parser.Word, defines bool) (all []symbol) {
	text, span := w.Text(), w.Span()
	for i := 0; i < len(text); i++ {
		if name, width := parser.VariableAt(text, i); width > 0 {
			at := parser.Span{File: span.File, Start: span.Start + i, End: span.Start + i + width}
			all = append(all, symbol{variable, parser.VariableName(name), at, defines})
			i += width - 1
		}
	}
	return all
}

// nameIn returns the other symbol that a parameter mentions, if it does.
func nameIn(d *parser.Directive, i int, w parser.Word) symbol {
	value, span := w.Value(), w.Span()
	switch {
	case d.Is("upstream") && i == 0 && d.Block != nil:
		return symbol{upstream, strings.ToLower(value), span, true}
	case d.Is("log_format") && i == 0:
		return symbol{logFormat, value, span, true}
	case d.Is("access_log") && i == 1 && !strings.Contains(value, "="):
		return symbol{logFormat, value, span, false}
	case d.Is("location") && strings.HasPrefix(value, "@"):
		return symbol{namedLocation, value, span, true}
	case d.Is("try_files", "error_page", "rewrite", "echo_exec", "js_content") && strings.HasPrefix(value, "@"),
		d.Is("error_page") && strings.HasPrefix(value, "=@"):
		return symbol{namedLocation, strings.TrimPrefix(value, "="), span, false}
	case d.Is(parser.PassNames...) && i == 0:
		scheme := strings.Index(w.Text(), "://")
		start := 0
		if scheme >= 0 {
			start = scheme + len("://")
		}
		host := w.Text()[start:]
		if end := strings.IndexAny(host, "/:?$;\"'"); end >= 0 {
			host = host[:end]
		}
		if host != "" {
			return symbol{upstream, strings.ToLower(host), parser.Span{File: span.File, Start: span.Start + start, End: span.Start + start + len(host)}, false}
		}
	}
	return symbol{}
}

// symbol returns the symbol at the spot.
func (s *spot) symbol() symbol {
	if s.directive == nil {
		return symbol{}
	}
	for _, found := range symbolsOf(s.directive) {
		if found.span.Start <= s.offset && s.offset <= found.span.End {
			return found
		}
	}
	return symbol{}
}

// mentions returns all mentions of what a symbol names, in the configurations that the
// file is part of.
func (s *spot) mentions(of symbol) (all []symbol) {
	if of.kind == noSymbol {
		return nil
	}
	seen := make(map[*parser.File]bool)
	for _, m := range s.models(s.file) {
		for _, f := range m.Files {
			if seen[f] || f.Provided || f.Foreign() {
				continue
			}
			seen[f] = true
			f.Root.Walk(func(d *parser.Directive) {
				for _, found := range symbolsOf(d) {
					if found.kind == of.kind && found.name == of.name && (of.kind != namedLocation || sameServer(d, s.directive)) {
						all = append(all, found)
					}
				}
			})
		}
	}
	return slices.Clip(all)
}

// sameServer reports whether two directives may be in one server: named locations
// belong to their server.
func sameServer(a, b *parser.Directive) bool {
	server := func(d *parser.Directive) *parser.Directive {
		for d != nil && !d.Is("server") {
			d = d.In.Opener
		}
		return d
	}
	x, y := server(a), server(b)
	return x == nil || y == nil || x == y
}
