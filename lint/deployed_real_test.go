package lint

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// TestDeployedFiles lays out what a container sees as a directory, runs real nginx with
// it, and compares the files that nginx opened with those that we read.
func TestDeployedFiles(t *testing.T) {
	all := nginxtest.Installed(t)
	names, err := filepath.Glob("testdata/golden/deployed-*.txtar")
	if err != nil || len(names) < 25 {
		t.Fatal("too few goldens", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			g := readGolden(t, name)
			opt := g.opt
			opt.FS = g.files
			w, err := discover(opt)
			if err != nil {
				t.Fatal(err)
			}
			if len(w.deployed) == 0 {
				t.Fatal("nothing is deployed")
			}
			refused := slices.ContainsFunc(g.run(t, g.files).Findings, func(f rules.Finding) bool {
				return f.Rule == rules.RefusedDirective || f.Rule == rules.UnknownInclude
			})
			for _, cfg := range w.configs {
				if d := w.deployedAs[cfg.Config]; d != nil {
					compareOpened(t, all[len(all)-1], w, d, cfg.Config, refused)
				}
			}
		})
	}
}

// compareOpened compares the files that nginx opens for one container with those of a
// configuration. If nginx refuses it, that must have been told.
func compareOpened(t *testing.T, n nginxtest.Nginx, w *workspace, d *deployed, cfg *parser.Config, told bool) {
	t.Helper()
	root := t.TempDir()
	source := make(map[string]string) // by a file's path in root
	layOut(t, w, d, root, "", source)
	out, err := exec.Command(n.Path, "-T", "-e", "stderr", "-g", "pid nginx.pid;", "-p", root, "-c", filepath.Join(root, d.Main)).CombinedOutput()
	opened := make(map[string]bool)
	for _, m := range regexp.MustCompile(`(?m)^# configuration file (.*):$`).FindAllStringSubmatch(string(out), -1) {
		opened[source[m[1]]] = true
	}
	if err != nil {
		if !told {
			t.Errorf("%s: %v: %s", d.Name, err, out)
		}
		return
	}
	for _, f := range cfg.Files {
		if !opened[f.Name] {
			t.Errorf("%s: nginx does not open %s", d.Name, f.Name)
		}
		delete(opened, f.Name)
	}
	for name := range opened {
		t.Errorf("%s: nginx also opens %s", d.Name, name)
	}
}

// layOut writes the files below a directory of a container. Of a file only the includes
// and the blocks around them are kept: nothing else matters here.
func layOut(t *testing.T, w *workspace, d *deployed, root, dir string, source map[string]string) {
	t.Helper()
	entries, err := fs.ReadDir(w.files, d.root+dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := path.Join("/", dir, e.Name())
		info, err := w.files.Stat(d.root + name)
		if err != nil {
			continue // a dead link
		}
		if info.IsDir() {
			layOut(t, w, d, root, name, source)
			continue
		}
		f, err := w.files.Read(d.root + name)
		if err != nil {
			t.Fatal(err)
		}
		text := skeleton(f.Root, root)
		if name == d.Main && !strings.Contains(text, "events") {
			text = "events {}\n" + text
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		source[filepath.Join(root, name)] = f.Name
	}
}

// skeleton returns the includes of a block and the blocks around them.
func skeleton(b *parser.Block, root string) string {
	var text strings.Builder
	for _, d := range b.Directives {
		switch {
		case d.Is("include"):
			name := d.Param(0)
			if path.IsAbs(name) {
				name = root + name
			}
			fmt.Fprintf(&text, "include %q;\n", name)
		case d.Block != nil && d.Is("events", "http", "server", "location"):
			temp := ""
			if d.Is("http") {
				temp = nginxtest.TempPaths + "\n"
			}
			fmt.Fprintf(&text, "%s {\n%s%s}\n", d.Words(), temp, skeleton(d.Block, root))
		}
	}
	return text.String()
}
