package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A completionItem is a proposal.
type completionItem struct {
	Label  string    `json:"label"`
	Kind   int       `json:"kind"`
	Detail string    `json:"detail,omitempty"`
	Insert string    `json:"insertText,omitempty"`
	Edit   *textEdit `json:"textEdit,omitempty"`
}

// The kinds of proposals.
const (
	itemVariable  = 6
	itemModule    = 9
	itemKeyword   = 14
	itemSnippet   = 15
	itemReference = 18
)

// completion answers with what may follow at a place.
func (s *server) completion(ctx context.Context, params json.RawMessage) (any, error) {
	at, _, err := s.spotOf(ctx, params)
	all := []completionItem{}
	if at == nil || err != nil {
		return all, err
	}
	words, partial := wordsBefore(at.file.Src, at.offset)
	switch {
	case partial == "#":
	case len(words) == 0:
		all = at.directives()
	case strings.Contains(partial, "$"):
		all = at.variables(partial)
	case slices.Contains(parser.PassNames, words[0]):
		all = at.upstreams(words[0])
	case (words[0] == "try_files" || words[0] == "error_page") && strings.HasPrefix(strings.TrimPrefix(partial, "="), "@"):
		all = at.namedLocations(partial)
	}
	return all, nil
}

// wordsBefore returns the words of the directive that an offset is in, and the word
// that the offset ends; that is # in a comment.
func wordsBefore(src []byte, offset int) (words []string, partial string) {
	line := bytes.LastIndexByte(src[:offset], '\n') + 1
	text := string(src[line:offset])
	if at := strings.IndexByte(text, '#'); at >= 0 && (at == 0 || text[at-1] == ' ' || text[at-1] == '\t') {
		return nil, "#"
	}
	start := bytes.LastIndexAny(src[:offset], ";{}")
	for start >= 2 && src[start] == '{' && src[start-1] == '$' { // ${name}
		start = bytes.LastIndexAny(src[:start-1], ";{}")
	}
	var lines []string
	for l := range strings.Lines(string(src[start+1 : offset])) {
		if !strings.HasPrefix(strings.TrimSpace(l), "#") {
			lines = append(lines, l)
		}
	}
	before := strings.Join(lines, "")
	words = strings.Fields(before)
	if before != "" && !strings.ContainsAny(before[len(before)-1:], " \t\r\n") && len(words) > 0 {
		return words[:len(words)-1], words[len(words)-1]
	}
	return words, ""
}

// directives returns those that are allowed in the block of the spot.
func (s *spot) directives() []completionItem {
	place := parser.ContextSet(0)
	contexts := s.contexts(s.block)
	for _, c := range contexts {
		place |= c.Place()
	}
	all := []completionItem{}
	if place&(parser.InServer|parser.InLocation) != 0 {
		all = append(all, completionItem{Label: "websocket", Kind: itemSnippet, Detail: "the lines that pass a WebSocket handshake on", Insert: s.webSocketLines()})
	}
	for _, name := range parser.DirectiveNames() {
		infos := slices.DeleteFunc(slices.Clone(parser.DirectiveInfos(name)), func(i parser.DirectiveInfo) bool { return i.Contexts&place == 0 })
		if len(infos) > 0 {
			all = append(all, completionItem{Label: name, Kind: itemKeyword, Detail: arity(infos)})
		}
	}
	return all
}

// webSocketLines are the lines of a location that passes handshakes on. The map for
// Connection is used if there is one.
func (s *spot) webSocketLines() string {
	connection := "upgrade"
	for _, m := range s.models(s.file) {
		for _, name := range m.VariableNames() {
			v := m.Evaluate("$"+name, model.WebSocket)
			if plain := m.Evaluate("$"+name, model.Plain); v.Known && strings.EqualFold(v.Text, "upgrade") && plain.Known && plain.Text != v.Text {
				connection = "$" + name
			}
		}
	}
	return "proxy_http_version 1.1;\nproxy_set_header Host $host;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection " + connection + ";"
}

// replacing returns a proposal that replaces the last bytes before the spot.
func (s *spot) replacing(last int, item completionItem) completionItem {
	item.Edit = &textEdit{s.text(s.file).span(s.offset-last, s.offset), item.Label}
	return item
}

// variables returns the variables of the configuration and of nginx.
func (s *spot) variables(partial string) []completionItem {
	all := []completionItem{}
	typed := partial[strings.LastIndexByte(partial, '$'):]
	braces := strings.HasPrefix(typed, "${")
	add := func(name, detail string) {
		label := "$" + name
		if braces {
			label = "${" + name + "}"
		}
		all = append(all, s.replacing(len(typed), completionItem{Label: label, Kind: itemVariable, Detail: detail}))
	}
	seen := make(map[string]bool)
	for _, m := range s.models(s.file) {
		for _, name := range m.VariableNames() {
			if !seen[name] {
				seen[name] = true
				add(name, "defined in this configuration")
			}
		}
	}
	for _, name := range model.BuiltinNames() {
		if !seen[name] {
			add(name, "")
		}
	}
	for _, name := range []string{"http_upgrade", "http_connection", "http_host", "http_origin"} {
		add(name, "a header of the request")
	}
	return all
}

// upstreams returns the upstreams of http.
func (s *spot) upstreams(directive string) []completionItem {
	all := []completionItem{}
	for _, m := range s.models(s.file) {
		for _, u := range m.Upstreams() {
			name := u.Opener.Param(0)
			if directive == "proxy_pass" {
				name = "http://" + name
			}
			if item := (completionItem{Label: name, Kind: itemModule, Detail: "upstream"}); !slices.Contains(all, item) {
				all = append(all, item)
			}
		}
	}
	return all
}

// namedLocations returns those of the server of the spot.
func (s *spot) namedLocations(partial string) []completionItem {
	all := []completionItem{}
	typed := len(strings.TrimPrefix(partial, "="))
	contexts := s.contexts(s.block)
	for _, c := range contexts {
		if server := c.Server(); server != nil {
			for _, l := range server.Children {
				if name := l.Named(); name != "" && !slices.ContainsFunc(all, func(i completionItem) bool { return i.Label == name }) {
					all = append(all, s.replacing(typed, completionItem{Label: name, Kind: itemReference}))
				}
			}
		}
	}
	return all
}
