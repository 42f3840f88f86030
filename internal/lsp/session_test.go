package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
)

// broken is a tree with a location that lacks its headers.
var broken = map[string]string{
	"nginx.conf": "events {}\nhttp {\n    include conf.d/*.conf;\n}\n",
	"conf.d/app.conf": "server {\n    listen 80;\n    location /ws/ {\n        proxy_pass http://127.0.0.1:3000;\n" +
		"        proxy_http_version 1.1;\n        proxy_set_header Upgrade $http_upgrade;\n        proxy_set_header Host $host;\n        proxy_read_timeout 1h;\n    }\n}\n",
}

const withEdits = `{"workspace": {"workspaceEdit": {"documentChanges": true}}}`

// TestSession opens, changes, saves, renames and closes a document.
func TestSession(t *testing.T) {
	dir := write(t, broken)
	c := start(t, testHost(), "", dir)
	app := filepath.Join(dir, "conf.d", "app.conf")
	c.wait("diagnostics of a file that is not open", func() bool { return len(c.published[uriOf(app)].Diagnostics) == 1 })

	uri := c.open(app)
	list := c.diagnostics(uri, 1)
	if codes(list) != "missing-upgrade-headers" || list[0].Range != (span{position{3, 8}, position{3, 41}}) || list[0].Severity != 1 {
		t.Errorf("%+v", list)
	}
	if list[0].About == nil || !strings.Contains(list[0].About.Href, "missing-upgrade-headers") {
		t.Errorf("no page: %+v", list[0])
	}
	c.change(uri, 2, &span{position{5, 0}, position{5, 0}}, "        proxy_set_header Connection upgrade;\n")
	if list := c.diagnostics(uri, 2); len(list) != 0 {
		t.Errorf("after the fix: %+v", list)
	}
	c.change(uri, 3, &span{position{5, 0}, position{6, 0}}, "")
	if list := c.diagnostics(uri, 3); codes(list) != "missing-upgrade-headers" {
		t.Errorf("after taking it back: %+v", list)
	}
	c.notify("textDocument/didSave", map[string]any{"textDocument": documentID{uri}})

	moved := filepath.Join(dir, "conf.d", "moved.conf")
	if err := os.Rename(app, moved); err != nil {
		t.Fatal(err)
	}
	c.notify("textDocument/didClose", map[string]any{"textDocument": documentID{uri}})
	c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{}})
	c.wait("the new name", func() bool {
		return len(c.published[uri].Diagnostics) == 0 && len(c.published[uriOf(moved)].Diagnostics) == 1
	})
	if err := c.end(); err != nil {
		t.Error(err)
	}
}

// A change of one file changes what is found in another that includes it.
func TestOtherFile(t *testing.T) {
	files := map[string]string{
		"nginx.conf": "events {}\nhttp {\n    map $http_upgrade $connection_upgrade { default upgrade; '' close; }\n    server {\n        listen 80;\n" +
			"        location /ws/ {\n            proxy_pass http://127.0.0.1:3000;\n            include ws.inc;\n        }\n    }\n}\n",
		"ws.inc": "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;\nproxy_set_header Host $host;\nproxy_read_timeout 1h;\n",
	}
	dir := write(t, files)
	c := start(t, testHost(), "", dir)
	main, inc := c.open(filepath.Join(dir, "nginx.conf")), c.open(filepath.Join(dir, "ws.inc"))
	if list := c.diagnostics(main, 1); len(list) != 0 {
		t.Fatalf("%+v", list)
	}
	c.diagnostics(inc, 1)
	c.change(inc, 2, &span{position{1, 0}, position{2, 0}}, "")
	c.wait("the finding in the including file", func() bool { return len(c.published[main].Diagnostics) > 0 })
	c.end()
}

// An action may edit two files, with the versions of the open documents.
func TestActionOfTwoFiles(t *testing.T) {
	dir := write(t, broken)
	c := start(t, testHost(), withEdits, dir)
	uri := c.open(filepath.Join(dir, "conf.d", "app.conf"))
	c.diagnostics(uri, 1)
	var actions []codeAction
	params := map[string]any{"textDocument": documentID{uri}, "range": span{position{3, 10}, position{3, 10}}, "context": map[string]any{"diagnostics": []any{}}}
	if err := json.Unmarshal(c.request("textDocument/codeAction", params), &actions); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, a := range actions {
		titles = append(titles, a.Title)
	}
	if len(actions) != 4 || !actions[0].Preferred || actions[0].Edit == nil {
		t.Fatalf("%q", titles)
	}
	edits := actions[0].Edit.DocumentChanges
	if len(edits) != 2 || edits[0].TextDocument.Version == nil || *edits[0].TextDocument.Version != 1 || edits[1].TextDocument.Version != nil {
		t.Errorf("%+v", edits)
	}
	if ignore := actions[1]; !strings.Contains(ignore.Edit.DocumentChanges[0].Edits[0].NewText, "# nginx-ws-lint: ignore missing-upgrade-headers TODO") {
		t.Errorf("%+v", ignore)
	}
	c.end()
}

// write writes files below a new directory and returns its real path.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	return realPath(nginxtest.Write(t, files))
}

// codes are the rules of diagnostics, in order.
func codes(list []diagnostic) string {
	var all []string
	for _, d := range list {
		all = append(all, d.Code)
	}
	return strings.Join(all, " ")
}
