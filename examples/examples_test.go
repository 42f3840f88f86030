// Package examples holds broken configurations, the reports about them, and the
// fixed copies. This test checks that all three agree; TestProve of package lint
// runs them on nginx.
package examples

//go:generate go test . -update

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var update = flag.Bool("update", false, "write the READMEs and the fixed trees again")

func TestExamples(t *testing.T) {
	readmes, err := filepath.Glob("*/README.md")
	if err != nil || len(readmes) < 8 {
		t.Fatalf("%d examples, %v", len(readmes), err)
	}
	for _, readme := range readmes {
		dir := filepath.Dir(readme)
		t.Run(dir, func(t *testing.T) {
			text, err := os.ReadFile(readme)
			if err != nil {
				t.Fatal(err)
			}
			res := run(t, dir, "broken", bytes.Contains(text, []byte("--unsafe-fixes")))
			if *update {
				writeFixed(t, dir, res)
			}
			checkReadme(t, readme, string(text), res)
			checkFixed(t, dir, res)
		})
	}
}

func run(t *testing.T, dir, tree string, unsafe bool) *lint.Result {
	t.Helper()
	res, err := lint.Run(lint.Options{FS: os.DirFS(dir), Paths: []string{tree}, Fix: true, UnsafeFixes: unsafe})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// session matches a command and what it prints.
var session = regexp.MustCompile("(?s)```console\n\\$ (.*?)\n.*?```\n")

// checkReadme compares what the README shows with what is printed.
func checkReadme(t *testing.T, name, text string, res *lint.Result) {
	t.Helper()
	got := session.ReplaceAllStringFunc(text, func(s string) string {
		command := session.FindStringSubmatch(s)[1]
		var b bytes.Buffer
		if strings.Contains(command, "--diff") {
			for _, p := range res.Patches {
				b.WriteString(p.Diff("a/"+p.File.Name, "b/"+p.File.Name))
			}
		} else if err := report.Text(&b, res, report.Options{Shown: func(n string) string { return n }, Width: 80}); err != nil {
			t.Fatal(err)
		}
		return "```console\n$ " + command + "\n" + b.String() + "```\n"
	})
	if got == text {
		return
	}
	if !*update {
		t.Errorf("%s does not show what is printed; go test ./examples -update writes it again", name)
		return
	}
	if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeFixed writes the fixed tree again.
func writeFixed(t *testing.T, dir string, res *lint.Result) {
	t.Helper()
	fixed := filepath.Join(dir, "fixed")
	if err := os.RemoveAll(fixed); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(fixed, os.DirFS(filepath.Join(dir, "broken"))); err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Patches {
		name := strings.TrimPrefix(p.File.Name, "broken/")
		if err := os.WriteFile(filepath.Join(fixed, filepath.FromSlash(name)), p.New, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// checkFixed compares the fixed tree with the broken one and its patch, and
// lints it: no error or warning is left.
func checkFixed(t *testing.T, dir string, res *lint.Result) {
	t.Helper()
	if len(res.Findings) == 0 || len(res.Patches) == 0 {
		t.Error("nothing is found, or nothing is fixed")
	}
	want := make(map[string][]byte)
	for _, p := range res.Patches {
		want[strings.TrimPrefix(p.File.Name, "broken/")] = p.New
	}
	err := fs.WalkDir(os.DirFS(filepath.Join(dir, "broken")), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if _, patched := want[name]; !patched && d.Type().IsRegular() {
			want[name], err = os.ReadFile(filepath.Join(dir, "broken", name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(dir, "fixed", filepath.FromSlash(name))); err != nil || !bytes.Equal(got, text) {
			t.Errorf("fixed/%s is not the patched text (%v)", name, err)
		}
	}
	for _, f := range run(t, dir, "fixed", true).Findings {
		if f.Severity > rules.Info {
			t.Errorf("fixed: %s", f.Message)
		}
	}
}
