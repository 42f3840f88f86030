package delivery

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// These tests run real editors. They are skipped where an editor is not installed,
// also in CI: editors are large, and nothing else needs them.

// editor finds an editor, or skips the test.
func editor(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("no %s is installed", name)
	}
	return path
}

// editedTree has a finding whose fix edits two files, and wide characters before it on
// its line.
var editedTree = map[string]string{
	"nginx.conf": "events {}\nhttp {\n    include conf.d/*.conf;\n}\n",
	"conf.d/app.conf": "server {\n    listen 80;\n    location /ws/ {\n        set $wide \"ä😀\"; proxy_pass http://127.0.0.1:3000;\n" +
		"        proxy_http_version 1.1;\n        proxy_set_header Host $host;\n        proxy_set_header Upgrade $http_upgrade;\n        proxy_read_timeout 1h;\n    }\n}\n",
}

// A sight is what an editor shows of a finding.
type sight struct {
	Line, Column, End int
	Rule              string
}

// edited returns two copies of the tree, one of them fixed by the command, and what
// the command finds.
func edited(t *testing.T) (dir, fixed string, want []sight) {
	t.Helper()
	dir, fixed = t.TempDir(), t.TempDir()
	for _, d := range []string{dir, fixed} {
		for name, text := range editedTree {
			path := filepath.Join(d, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, _ := shell{t: t, dir: fixed}.run(program, "--quiet", "--format", "json", ".")
	var doc struct {
		Findings []struct {
			Rule       string
			Start, End struct{ Line, Column int }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, f := range doc.Findings {
		want = append(want, sight{f.Start.Line, f.Start.Column, f.End.Column, f.Rule})
	}
	shell{t: t, dir: fixed}.run(program, "--quiet", "--fix", ".")
	return dir, fixed, want
}

// sameTree fails if two trees have different bytes.
func sameTree(t *testing.T, got, want string) {
	t.Helper()
	for name, before := range editedTree {
		a, err := os.ReadFile(filepath.Join(got, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(want, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) || string(a) == before {
			t.Errorf("%s: got\n%s\nwant\n%s", name, a, b)
		}
	}
}

// snippet returns a fence of docs/editors.md: the n-th of those below a heading.
func snippet(t *testing.T, heading string, n int) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "editors.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n## "+heading+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	fences := strings.Split(text, "```")
	if 2*n+1 >= len(fences) {
		t.Fatalf("no fence %d below %q", n, heading)
	}
	_, code, _ := strings.Cut(fences[2*n+1], "\n")
	return code
}

// neovim is the script that Neovim runs after the snippet of the docs.
const neovim = `
vim.cmd("setfiletype nginx")
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 10)
local seen = {}
for _, d in ipairs(vim.diagnostic.get(0)) do
  table.insert(seen, { Line = d.lnum + 1, Column = d.col + 1, End = d.end_col + 1, Rule = d.code })
end
local at = { line = 3, character = 30 }
local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, range = { start = at, ["end"] = at }, context = { diagnostics = {} } }
local client = (vim.lsp.get_clients or vim.lsp.buf_get_clients)()
client = client[next(client)]
local action = client.request_sync("textDocument/codeAction", params, 20000, 0).result[1]
if not action.edit then
  action = client.request_sync("codeAction/resolve", action, 20000, 0).result
end
vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
vim.cmd("wall")
local out = io.open(vim.env.OUT, "w")
out:write(vim.fn.json_encode(seen))
out:close()
vim.cmd("qall!")
`

// TestNeovim opens a broken tree, sees the findings where the command reports them,
// and applies a fix of two files: then the tree is as --fix leaves it.
func TestNeovim(t *testing.T) {
	nvim := editor(t, "nvim")
	dir, fixed, want := edited(t)
	script, out := filepath.Join(t.TempDir(), "test.lua"), filepath.Join(t.TempDir(), "seen.json")
	n := 1 // the snippet for versions before 0.11
	if said := (shell{t: t, dir: dir}).must(nvim, "--headless", "-u", "NONE", "-c", "lua io.write(vim.lsp.config and 'new' or 'old')", "-c", "qall"); said == "new" {
		n = 0
	}
	if err := os.WriteFile(script, []byte(snippet(t, "Neovim", n)+neovim), 0o644); err != nil {
		t.Fatal(err)
	}
	s := shell{t: t, dir: dir, env: []string{"PATH=" + programDir + ":" + os.Getenv("PATH"), "OUT=" + out, "HOME=" + t.TempDir()}}
	said := s.must(nvim, "--headless", "-n", "-u", "NONE", "-i", "NONE", "conf.d/app.conf", "-c", "luafile "+script)
	checkSeen(t, out, want, said)
	sameTree(t, dir, fixed)
}

// checkSeen compares what an editor showed with what the command finds.
func checkSeen(t *testing.T, out string, want []sight, said string) {
	t.Helper()
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	var seen []sight
	if err := json.Unmarshal(text, &seen); err != nil {
		t.Fatalf("%v: %s\n%s", err, text, said)
	}
	if len(seen) != len(want) || len(want) == 0 {
		t.Fatalf("seen %+v, want %+v\n%s", seen, want, said)
	}
	for i := range want {
		if seen[i] != want[i] {
			t.Errorf("seen %+v, want %+v", seen[i], want[i])
		}
	}
	if !strings.Contains(string(text), "missing-upgrade-headers") {
		t.Errorf("%s", text)
	}
}

// eglot is the script that Emacs runs, with eglot 1.9 and newer.
const eglot = `
(require 'eglot)
(require 'json)
(setq eglot-sync-connect 20 eglot-autoshutdown nil make-backup-files nil)
(fset 'y-or-n-p (lambda (&rest _) t))
(find-file (expand-file-name "conf.d/app.conf" (getenv "TREE")))
(conf-mode)
(apply 'eglot--connect (eglot--guess-contact))
(let ((tries 0))
  (while (and (null (flymake-diagnostics)) (< tries 200))
    (accept-process-output nil 0.1)
    (flymake-start)
    (setq tries (1+ tries))))
(defun test-column (pos)
  (save-excursion (goto-char pos) (1+ (- (position-bytes pos) (position-bytes (line-beginning-position))))))
(with-temp-file (getenv "OUT")
  (let ((diags (with-current-buffer (get-file-buffer (expand-file-name "conf.d/app.conf" (getenv "TREE"))) 
                 (mapcar (lambda (d)
                           (list :Line (line-number-at-pos (flymake-diagnostic-beg d))
                                 :Column (test-column (flymake-diagnostic-beg d))
                                 :End (test-column (flymake-diagnostic-end d))
                                 :Rule (plist-get (cdr (assq 'eglot-lsp-diag (flymake-diagnostic-data d))) :code)))
                         (flymake-diagnostics)))))
    (insert (json-serialize (vconcat diags)))))
(let* ((diag (car (flymake-diagnostics)))
       (actions (eglot-code-actions (flymake-diagnostic-beg diag) (flymake-diagnostic-end diag))))
  (eglot--apply-workspace-edit (plist-get (seq-find (lambda (a) (eq t (plist-get a :isPreferred))) actions) :edit)))
(save-some-buffers t)
(eglot-shutdown (eglot-current-server))
`

// TestEmacs is TestNeovim with Emacs and eglot.
func TestEmacs(t *testing.T) {
	emacs := editor(t, "emacs")
	if err := exec.Command(emacs, "--batch", "--eval", "(progn (package-initialize) (require 'eglot))").Run(); err != nil {
		t.Skip("this Emacs has no eglot")
	}
	dir, fixed, want := edited(t)
	shell{t: t, dir: dir}.must(lookup(t, "git"), "init", "--quiet") // the project's root
	script, out := filepath.Join(t.TempDir(), "test.el"), filepath.Join(t.TempDir(), "seen.json")
	if err := os.WriteFile(script, []byte(snippet(t, "Emacs", 0)+eglot), 0o644); err != nil {
		t.Fatal(err)
	}
	s := shell{t: t, dir: dir, env: []string{"PATH=" + programDir + ":" + os.Getenv("PATH"), "TREE=" + dir, "OUT=" + out, "HOME=" + t.TempDir(), "LC_ALL=C.UTF-8"}}
	said := s.must(emacs, "--batch", "--eval", "(package-initialize)", "-l", script)
	checkSeen(t, out, want, said)
	sameTree(t, dir, fixed)
}

// TestVSCode checks the types of the extension for Visual Studio Code, runs its tests
// and packs it.
func TestVSCode(t *testing.T) {
	npm := editor(t, "npm")
	dir := filepath.Join(t.TempDir(), "vscode")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "editors", "vscode"))); err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{"node_modules", "dist"} {
		if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
			t.Fatal(err)
		}
	}
	s := shell{t: t, dir: dir}
	if out, status := s.run(npm, "ci", "--no-audit", "--no-fund"); status != 0 {
		t.Skipf("npm cannot fetch what the extension needs:\n%s", out)
	}
	license, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), license, 0o644); err != nil {
		t.Fatal(err)
	}
	s.must(npm, "test")
	s.must(npm, "run", "package")
	if info, err := os.Stat(filepath.Join(dir, "nginx-ws-lint.vsix")); err != nil || info.Size() < 10_000 {
		t.Errorf("%v, %v", info, err)
	}
}
