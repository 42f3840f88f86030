package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A codeLens is a line above a place.
type codeLens struct {
	Range   span    `json:"range"`
	Command command `json:"command"`
}

type command struct {
	Title   string `json:"title"`
	Command string `json:"command"` // "" does nothing
}

// lenses answers with a line above each location that has a sign of WebSockets.
func (s *server) lenses(ctx context.Context, params json.RawMessage) (any, error) {
	all := []codeLens{}
	s.mu.Lock()
	off := s.settings.CodeLens != nil && !*s.settings.CodeLens
	s.mu.Unlock()
	if off {
		return all, nil
	}
	c, f, err := s.fileOf(ctx, params)
	if f == nil || err != nil {
		return all, err
	}
	for _, e := range c.inventory() {
		if e.Location.Opener.Span().File == f && e.Intent.Level > intent.None {
			all = append(all, codeLens{c.spanOf(e.Location.Opener.NameWord().Span()), command{Title: verdict(e)}})
		}
	}
	return all, nil
}

// verdict says what happens to a handshake.
func verdict(e lint.Entry) string {
	title := "WebSocket: " + e.Handshake.Outcome.String()
	for _, f := range e.Findings {
		if f.Severity == rules.Error && e.Handshake.Outcome != model.Passes {
			return title + " (" + f.Rule.Name + ")"
		}
	}
	if e.Handshake.Outcome != model.Passes {
		return title + " (" + e.Handshake.Reason + ")"
	}
	return title
}

// An inlayHint is text within a line that is not part of the document.
type inlayHint struct {
	Position position `json:"position"`
	Label    string   `json:"label"`
	Left     bool     `json:"paddingLeft"`
	Tooltip  string   `json:"tooltip,omitempty"`
}

// hints answers with the headers that locations inherit. They are off by default.
func (s *server) hints(ctx context.Context, params json.RawMessage) (any, error) {
	all := []inlayHint{}
	s.mu.Lock()
	on := s.settings.InlayHints
	s.mu.Unlock()
	if !on {
		return all, nil
	}
	c, f, err := s.fileOf(ctx, params)
	if f == nil || err != nil {
		return all, err
	}
	seen := make(map[int]bool)
	for _, e := range c.inventory() {
		opener := e.Location.Opener
		setting := e.Location.Effective("proxy_set_header")
		if opener.Span().File != f || opener.Block == nil || seen[opener.Span().Start] || setting.From == nil || setting.From == e.Location {
			continue
		}
		seen[opener.Span().Start] = true
		var names, lines []string
		for _, d := range setting.Directives {
			names, lines = append(names, d.Param(0)), append(lines, d.Words())
		}
		at := c.text(f).position(opener.Block.Body().Start)
		all = append(all, inlayHint{at, fmt.Sprintf("inherits %s from %s", strings.Join(names, ", "), setting.From.Name), true, strings.Join(lines, "\n")})
	}
	return all, nil
}
