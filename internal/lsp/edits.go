package lsp

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
)

// editOf returns patches as an edit of the workspace. It returns nil if the protocol
// cannot express it, because a text is not UTF-8.
func (c *checked) editOf(patches []fixer.Patch) *workspaceEdit {
	var all []documentEdit
	for _, p := range patches {
		edit := documentEdit{TextDocument: versionedID{URI: c.uri(p.File.Name)}}
		if docs := c.docs[p.File.Name]; len(docs) > 0 {
			edit.TextDocument.Version = &docs[0].version
		}
		for _, e := range p.Edits() {
			if !utf8.ValidString(e.New) {
				return nil
			}
			edit.Edits = append(edit.Edits, textEdit{c.spanOf(e.Span), e.New})
		}
		all = append(all, edit)
	}
	slices.SortFunc(all, func(a, b documentEdit) int { return cmp.Compare(a.TextDocument.URI, b.TextDocument.URI) })
	if c.server.client.Workspace.WorkspaceEdit.DocumentChanges {
		return &workspaceEdit{DocumentChanges: all}
	}
	changes := make(map[string][]textEdit, len(all))
	for _, e := range all {
		changes[e.TextDocument.URI] = e.Edits
	}
	return &workspaceEdit{Changes: changes}
}
