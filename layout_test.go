// Package layout has the test of the project's layout.
package layout

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/nginx-ws-lint/nginx-ws-lint/"

// TestLayout compares the map of packages in docs/design.md with the code: each
// package has a row, and imports only packages in rows below its own.
func TestLayout(t *testing.T) {
	rows := packageRows(t)
	seen := make(map[string]bool)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" || filepath.Dir(name) == "." {
			return nil
		}
		in := filepath.ToSlash(filepath.Dir(name))
		seen[in] = true
		row, ok := rows[in]
		if !ok {
			t.Errorf("%s has no row in the map of packages in docs/design.md", in)
			return nil
		}
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		for _, imported := range imports(t, name) {
			if below, ok := rows[imported]; ok && below <= row {
				t.Errorf("%s imports %s, which does not stand below %s in docs/design.md", name, imported, in)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range rows {
		if !seen[name] {
			t.Errorf("docs/design.md has a row for %s, which is no package", name)
		}
	}
}

// packageRows returns the packages of the map and their rows, from the top.
func packageRows(t *testing.T) map[string]int {
	page, err := os.ReadFile("docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| package | what it does |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := make(map[string]int)
	for i, m := range regexp.MustCompile(`(?m)^\| (\S+) \| .+ \|$`).FindAllStringSubmatch(table, -1) {
		if _, twice := rows[m[1]]; twice {
			t.Errorf("docs/design.md has two rows for %s", m[1])
		}
		rows[m[1]] = i
	}
	if len(rows) == 0 {
		t.Fatal("docs/design.md has no map of packages")
	}
	return rows
}

// imports returns the packages of this project that a file imports.
func imports(t *testing.T, name string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, spec := range f.Imports {
		what, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, ok := strings.CutPrefix(what, module); ok {
			all = append(all, ours)
		}
	}
	return all
}

// TestFindings checks that each finding says what was seen, and has a row in the
// findings' README. CI does not run them, because they need the network.
func TestFindings(t *testing.T) {
	page, err := os.ReadFile("findings/README.md")
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob("findings/*.sh")
	if err != nil || len(scripts) < 2 {
		t.Fatalf("%q, %v", scripts, err)
	}
	for _, script := range scripts {
		name := filepath.Base(script)
		if name == "common.sh" {
			continue
		}
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\n# seen: ") {
			t.Errorf("%s does not say what was seen", name)
		}
		if !strings.Contains(string(page), "]("+name+")") {
			t.Errorf("findings/README.md has no row for %s", name)
		}
	}
}
