package lsp

import (
	"os"
	"path/filepath"
	"testing"
)

// Several folders are checked separately, and a file outside them with its directory.
func TestFolders(t *testing.T) {
	one, two, other := write(t, broken), write(t, broken), write(t, broken)
	c := start(t, testHost(), "", one)
	at := func(dir string) string { return filepath.Join(dir, "conf.d", "app.conf") }
	found := func(dir string, n int) func() bool {
		return func() bool { return len(c.published[uriOf(at(dir))].Diagnostics) == n }
	}
	c.wait("the first folder", found(one, 1))
	change := func(added, removed []folder) {
		c.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": added, "removed": removed}})
	}
	change([]folder{{URI: uriOf(two)}}, nil)
	c.wait("the second folder", found(two, 1))
	change(nil, []folder{{URI: uriOf(one)}})
	c.wait("the first one is gone", found(one, 0))
	uri := c.open(at(other))
	c.wait("a file outside", found(other, 1))
	c.notify("textDocument/didClose", map[string]any{"textDocument": documentID{uri}})
	c.wait("it is closed", found(other, 0))
	c.end()
}

// A document that does not exist on disk, and one that discovery does not find, are
// checked.
func TestUnsaved(t *testing.T) {
	dir := write(t, map[string]string{"notes.txt": "x"})
	c := start(t, testHost(), "", dir)
	uri := c.openAs(filepath.Join(dir, "snippet.inc"), "location /ws/ {\n    proxy_pass http://127.0.0.1:3000;\n    proxy_set_header Upgrade $http_upgrade;\n}\n")
	if list := c.diagnostics(uri, 1); len(list) == 0 {
		t.Error("nothing is found")
	}
	if _, err := os.Stat(filepath.Join(dir, "snippet.inc")); err == nil {
		t.Error("the server wrote the file")
	}
	c.end()
}
