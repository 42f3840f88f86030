package lint

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A corpus run lints and fixes real configurations, trees and single files. They are
// not part of this project.
type corpusRun struct {
	*testing.T
	fsys                      fs.FS
	linted, notNginx, refused int
	severities                map[rules.Severity]int
	made                      map[string][]byte // the patched text, by file
	diff                      bytes.Buffer
}

// TestCorpus checks that the diff that is printed makes what --fix writes, byte
// for byte, and that a second run has nothing to fix.
func TestCorpus(t *testing.T) {
	root, names := corpusNames(t)
	c := &corpusRun{T: t, fsys: os.DirFS(root), made: make(map[string][]byte), severities: make(map[rules.Severity]int)}
	for _, name := range names {
		c.lint(name)
	}
	c.apply("patch", "-p1", "--no-backup-if-mismatch", "-s")
	c.apply("git", "apply", "-p1", "--whitespace=nowarn")
	t.Logf("linted %d, not nginx %d; %d errors, %d warnings, %d infos; %d files patched, %d fixes refused by the proof",
		c.linted, c.notNginx, c.severities[rules.Error], c.severities[rules.Warning], c.severities[rules.Info], len(c.made), c.refused)
}

func (c *corpusRun) lint(name string) {
	opt := Options{FS: c.fsys, Paths: []string{name}, Fix: true, UnsafeFixes: true}
	res, err := Run(opt)
	if err != nil {
		if !strings.Contains(err.Error(), "no nginx configuration") {
			c.Errorf("%s: %v", name, err)
		}
		c.notNginx++
		return
	}
	c.linted++
	for _, f := range res.Findings {
		c.severities[f.Severity]++
	}
	for _, h := range res.Held {
		if h.Fix.Refused {
			c.refused++
			c.Errorf("%s: %s: %s", name, h.Fix.Message, h.Reason)
		}
	}
	if len(res.Patches) == 0 {
		return
	}
	patched := make(map[string][]byte)
	for _, p := range res.Patches {
		patched[p.File.Name] = p.New
		if c.made[p.File.Name] == nil { // a file may be in a tree and on its own
			c.made[p.File.Name] = p.New
			c.diff.WriteString(p.Diff("a/"+p.File.Name, "b/"+p.File.Name))
		}
	}
	opt.FS = patchedFS{c.fsys, patched}
	again, err := Run(opt)
	if err != nil || len(again.Patches) > 0 {
		c.Errorf("%s: fixed twice: %v, %d patches", name, err, len(again.Patches))
	}
}

// apply has a tool apply all diffs at once.
func (c *corpusRun) apply(tool string, args ...string) {
	if _, err := exec.LookPath(tool); err != nil {
		c.Logf("no %s on this machine: the diffs were not applied with it", tool)
		return
	}
	dir := c.TempDir()
	for name := range c.made {
		src, err := fs.ReadFile(c.fsys, name)
		if err != nil {
			c.Fatal(err)
		}
		place := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
			c.Fatal(err)
		}
		if err := os.WriteFile(place, src, 0o644); err != nil {
			c.Fatal(err)
		}
	}
	cmd := exec.Command(tool, args...)
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(c.diff.Bytes())
	if out, err := cmd.CombinedOutput(); err != nil {
		c.Fatalf("%s: %v\n%.2000s", tool, err, out)
	}
	for name, want := range c.made {
		if got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil || !bytes.Equal(got, want) {
			c.Errorf("%s makes another text of %s than --fix", tool, name)
		}
	}
}

// patchedFS is a file system with other contents of some files.
type patchedFS struct {
	fs.FS
	texts map[string][]byte
}

func (p patchedFS) Open(name string) (fs.File, error) {
	f, err := p.FS.Open(name)
	if text, ok := p.texts[name]; ok && err == nil {
		return patchedFile{f, bytes.NewReader(text)}, nil
	}
	return f, err
}

func (p patchedFS) ReadLink(name string) (string, error)   { return p.FS.(fs.ReadLinkFS).ReadLink(name) }
func (p patchedFS) Lstat(name string) (fs.FileInfo, error) { return p.FS.(fs.ReadLinkFS).Lstat(name) }

type patchedFile struct {
	fs.File
	text *bytes.Reader
}

func (f patchedFile) Read(b []byte) (int, error) { return f.text.Read(b) }
