package lsp

import (
	"slices"
	"sync/atomic"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// TestGoldens compares the diagnostics of the goldens, and the edits of "apply all safe
// fixes", with what the command finds and writes: templates, YAML and views too.
func TestGoldens(t *testing.T) {
	trees := fuzzseeds.Trees(t)
	if testing.Short() {
		trees = trees[:min(len(trees), 60)]
	}
	fixed := 0
	for _, seed := range trees {
		opt := lint.Options{FS: fuzzseeds.Unpack(seed), Paths: []string{"."}}
		h := testHost()
		h.Options = func(string, Settings) (lint.Options, error) { return opt, nil }
		s := &server{host: h}
		s.client.Workspace.WorkspaceEdit.DocumentChanges = true
		c := &checked{server: s, texts: make(map[*parser.File]*text)}
		failed := c.check(&tree{server: s, path: "/"}, nil, nil, Settings{}, &atomic.Bool{})
		command := opt
		command.Fix = true
		want, err := lint.Run(command)
		if (err == nil) != (failed == nil) {
			t.Errorf("%v, the command: %v\n%s", failed, err, seed)
		}
		if err != nil || c.Result == nil {
			continue
		}
		if len(c.Findings) != len(want.Findings) {
			t.Errorf("%d findings, the command has %d\n%s", len(c.Findings), len(want.Findings), seed)
		}
		patches, err := c.patches(actionData{What: "tree"})
		if err != nil || len(patches) != len(want.Patches) {
			t.Errorf("%d patches (%v), the command has %d\n%s", len(patches), err, len(want.Patches), seed)
			continue
		}
		edit := c.editOf(patches)
		for i, p := range patches {
			if string(p.New) != string(want.Patches[i].New) || p.File.Name != want.Patches[i].File.Name {
				t.Errorf("%s differs from the command's", p.File.Name)
			}
			if edit != nil && string(applied(c, p.File, edit)) != string(p.New) {
				t.Errorf("%s: the edits do not make the patch", p.File.Name)
			}
			fixed++
		}
	}
	if fixed < 20 {
		t.Errorf("only %d files were fixed", fixed)
	}
}

// applied makes the edits of a file, the last ones first.
func applied(c *checked, f *parser.File, edit *workspaceEdit) []byte {
	src := slices.Clone(f.Src)
	for _, d := range edit.DocumentChanges {
		if d.TextDocument.URI != c.uri(f.Name) {
			continue
		}
		for _, e := range slices.Backward(d.Edits) {
			t := c.text(f)
			src = slices.Concat(src[:t.offset(e.Range.Start)], []byte(e.NewText), src[t.offset(e.Range.End):])
		}
	}
	return src
}
