package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// A hover is what is shown about a place.
type hover struct {
	Contents struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	} `json:"contents"`
	Range *span `json:"range,omitempty"`
}

// hover answers what is known about a place.
func (s *server) hover(ctx context.Context, params json.RawMessage) (any, error) {
	at, _, err := s.spotOf(ctx, params)
	if at == nil || err != nil || at.directive == nil || at.number < 0 {
		return nil, err
	}
	text, about := at.explain()
	if text == "" {
		return nil, nil
	}
	h := hover{}
	h.Contents.Kind, h.Contents.Value = "markdown", text
	where := at.spanOf(about)
	h.Range = &where
	return h, nil
}

// explain returns the text about the spot, and the words that it is about.
func (s *spot) explain() (string, parser.Span) {
	if found := s.symbol(); found.kind == variable || found.kind == upstream && len(s.definitions(found)) > 0 {
		return s.aboutSymbol(found), found.span
	}
	if s.directive.Is("location") {
		return s.aboutLocation(), s.directive.NameWord().Span()
	}
	if s.number == 0 {
		return s.aboutDirective(), s.word.Span()
	}
	return "", parser.Span{}
}

func (s *spot) definitions(of symbol) []symbol {
	return slices.DeleteFunc(s.mentions(of), func(m symbol) bool { return !m.defines })
}

// fence shows text in a language. It cannot end the fence.
func fence(language, text string) string {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	return fmt.Sprintf("%s%s\n%s\n%s", marks, language, strings.ToValidUTF8(text, "\ufffd"), marks)
}

// maxShown is how many lines of a block are shown.
const maxShown = 12

// shown returns a directive's text, shortened.
func shown(d *parser.Directive) string {
	f, span := d.Span().File, d.Span()
	line := f.LineSpan(f.Position(span.Start).Line)
	lines := strings.Split(span.Text(), "\n")
	if len(lines) > maxShown {
		lines = append(lines[:maxShown:maxShown], "    ...")
	}
	indent := string(f.Src[line.Start:span.Start])
	for i, l := range lines {
		lines[i] = strings.TrimRight(strings.TrimPrefix(l, indent), "\r")
	}
	return strings.Join(lines, "\n")
}

// where names a place for people.
func (s *spot) where(span parser.Span) string {
	line := span.File.Position(span.Start).Line
	if span.File == s.file {
		return fmt.Sprintf("line %d", line)
	}
	return fmt.Sprintf("%s:%d", strings.ReplaceAll(path.Base(span.File.Name), "`", ""), line)
}

// aboutSymbol shows what defines a variable or an upstream.
func (s *spot) aboutSymbol(found symbol) string {
	var parts []string
	for _, d := range s.definitions(found) {
		if owner := s.ownerOf(d); owner != nil {
			parts = append(parts, s.where(owner.Span())+"\n"+fence("nginx", shown(owner)))
		}
	}
	if found.kind == variable {
		name := "`$" + found.name + "`"
		switch {
		case len(parts) > 0:
			return name + " is set in " + strings.Join(parts, "\n\n")
		case model.Builtin(found.name):
			return name + " is a variable of nginx" + s.values(found.name)
		}
		return ""
	}
	return strings.Join(parts, "\n\n")
}

// values says what a variable is for a handshake and for a plain request.
func (s *spot) values(name string) string {
	for _, m := range s.models(s.file) {
		ws, plain := m.Evaluate("$"+name, model.WebSocket), m.Evaluate("$"+name, model.Plain)
		if ws.Known && plain.Known {
			return fmt.Sprintf(": `%s` for a WebSocket handshake, `%s` for a plain request", ws.Text, plain.Text)
		}
	}
	return ""
}

// ownerOf returns the directive of a mention.
func (c *checked) ownerOf(of symbol) *parser.Directive {
	at := &spot{checked: c, file: of.span.File, offset: of.span.Start, block: of.span.File.Root}
	at.descend(of.span.File.Root)
	return at.directive
}

// aboutLocation says what happens to requests of a location.
func (s *spot) aboutLocation() string {
	for _, e := range s.inventory() {
		if e.Location.Opener != s.directive {
			continue
		}
		var b strings.Builder
		opt := report.Options{Shown: path.Base, Version: s.server.host.Version}
		if err := report.Inventory(&b, []lint.Entry{e}, nil, opt); err != nil {
			return ""
		}
		return fence("text", strings.TrimSpace(b.String())) + s.plain(e)
	}
	return ""
}

// plain says what a plain request sends to the upstream.
func (s *spot) plain(e lint.Entry) string {
	for _, m := range s.models(s.file) {
		if m.Config != e.Location.Config {
			continue
		}
		q := m.Request(e.Location, model.Plain, s.Versions.Min)
		if q.Pass == nil {
			return ""
		}
		text := "\n\nA plain request is sent as HTTP/" + q.HTTP + " with\n"
		var lines []string
		for _, h := range q.Headers {
			if h.Value.Text != "" {
				lines = append(lines, h.Name+": "+h.Value.Text)
			}
		}
		return text + fence("text", strings.Join(lines, "\n"))
	}
	return ""
}

// inventory returns the locations of the tree, worked out once.
func (c *checked) inventory() []lint.Entry {
	c.listing.Do(func() { c.entries = lint.Inventory(c.Result, true) })
	return c.entries
}
