package lsp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// source names us in a list of diagnostics.
const source = "nginx-ws-lint"

// unnecessary is the tag of text without an effect.
const unnecessary = 1

// withoutEffect are the rules whose findings are about text without an effect.
var withoutEffect = map[*rules.Rule]bool{
	rules.UnusedIgnore: true, rules.UnusedUpgrade: true, rules.DuplicateHeader: true, rules.DuplicateInSnippet: true,
	rules.DuplicateLocation: true, rules.LocationBehindReturn: true, rules.UnreachedLocation: true,
}

// severities are those of the protocol.
var severities = map[rules.Severity]int{rules.Error: 1, rules.Warning: 2, rules.Info: 3}

// diagnosticOf returns a finding as a diagnostic.
func (c *checked) diagnosticOf(f rules.Finding) diagnostic {
	d := diagnostic{
		Range: c.spanOf(f.Span), Severity: severities[f.Severity], Code: f.Rule.Name, Source: source, Message: f.Message,
		About: &codeAbout{report.RuleURL(f.Rule, c.server.host.Version)},
	}
	if withoutEffect[f.Rule] {
		d.Tags = []int{unnecessary}
	}
	for _, r := range f.Related {
		d.Related = append(d.Related, relatedPlace{c.place(r.Span), r.Message})
	}
	return d
}

// of returns the diagnostics of a file.
func (c *checked) of(name string) []diagnostic {
	list := []diagnostic{}
	for _, f := range c.Findings {
		if f.Span.File.Name == name {
			list = append(list, c.diagnosticOf(f))
		}
	}
	return list
}

// diagnostics returns the diagnostics of the files with findings and of the open
// documents of a tree, by URI. A file that is open under two names has them twice.
func (c *checked) diagnostics(t *tree) map[string][]diagnostic {
	all := make(map[string][]diagnostic)
	if c == nil {
		return all
	}
	byName := make(map[string][]diagnostic)
	if c.Result != nil {
		for _, f := range c.Findings {
			byName[f.Span.File.Name] = append(byName[f.Span.File.Name], c.diagnosticOf(f))
		}
	}
	for name, list := range byName {
		all[c.uri(name)] = list
	}
	for name, docs := range c.docs {
		for _, d := range docs {
			if list := byName[name]; list != nil || d.tree == t {
				all[d.uri] = append([]diagnostic{}, list...)
			}
		}
	}
	return all
}

// A known list is what the client knows of a document.
type known struct {
	pushed  string // the diagnostics, as JSON
	version int
	found   string // the diagnostics, also if they are pulled
}

// publish sends the diagnostics that the client does not know yet. Without a check
// the tree is gone. The caller holds s.mu.
func (t *tree) publish(c *checked) {
	all := c.diagnostics(t)
	for uri := range t.sent {
		if _, ok := all[uri]; !ok {
			all[uri] = []diagnostic{}
		}
	}
	again := false
	for _, uri := range slices.Sorted(maps.Keys(all)) {
		list, now, p := all[uri], known{}, publishParams{URI: uri}
		before, sent := t.sent[uri]
		now.found = string(marshal(list))
		if d := c.document(uri); d != nil {
			p.Version, now.version = &d.version, d.version
			again = again || t.pulled() && sent && before.version == d.version && before.found != now.found
			if t.pulled() {
				list = []diagnostic{}
			}
		} else if len(list) == 0 {
			delete(t.sent, uri)
		}
		p.Diagnostics, now.pushed = list, string(marshal(list))
		silent := len(list) == 0 && (!sent || before.pushed == now.pushed) && t.pulled()
		if before != now && !silent {
			t.conn.notify("textDocument/publishDiagnostics", p)
		}
		if len(all[uri]) > 0 || c.document(uri) != nil {
			t.sent[uri] = now
		}
	}
	if again {
		t.conn.call("workspace/diagnostic/refresh", nil, func(json.RawMessage, bool) {})
	}
}

// document returns an open document as it was checked, or nil.
func (c *checked) document(uri string) *document {
	if c == nil {
		return nil
	}
	for _, docs := range c.docs {
		for _, d := range docs {
			if d.uri == uri {
				return d
			}
		}
	}
	return nil
}

// pulled reports whether the client asks for the diagnostics of open documents. Then
// only those of other files are pushed. A client that cannot be told to ask again
// would miss what a change in one file does to another.
func (s *server) pulled() bool {
	return s.client.TextDocument.Diagnostic != nil && s.client.Workspace.Diagnostics.RefreshSupport
}

// pull answers a request for the diagnostics of a document.
func (s *server) pull(ctx context.Context, params json.RawMessage) (any, error) {
	p, err := decode[documentParams](params)
	if err != nil {
		return nil, err
	}
	c, d, err := s.asked(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	list := []diagnostic{}
	if c != nil {
		list = c.of(d.name)
	}
	sum := sha256.Sum256(marshal(list))
	id := hex.EncodeToString(sum[:8])
	if id == p.PreviousResultID {
		return documentReport{Kind: "unchanged", ResultID: id}, nil
	}
	return documentReport{Kind: "full", ResultID: id, Items: &list}, nil
}
