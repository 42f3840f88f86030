package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNewRule creates a rule in a copy of the project: it compiles and is in its
// place, and invalid names are refused.
func TestNewRule(t *testing.T) {
	if testing.Short() {
		t.Skip("copies the project")
	}
	root := t.TempDir()
	for _, dir := range []string{"rules", "tools", "parser", "model", "fixer", "internal", "lint"} {
		if err := os.CopyFS(filepath.Join(root, dir), os.DirFS(filepath.Join("../..", dir))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		src, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), src, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sh := func(args ...string) (string, error) {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := sh("sh", "tools/new-rule.sh", "missing-new-thing"); err != nil {
		t.Fatal(err, out)
	}
	if out, err := sh("go", "vet", "./rules", "./lint"); err != nil {
		t.Errorf("the skeleton does not compile: %v\n%s", err, out)
	}
	src, err := os.ReadFile(filepath.Join(root, "rules", "rule.go"))
	if err != nil || !strings.Contains(string(src), "\tMissingIPHash,\n\tMissingNewThing,\n\tMissingProxyPass,\n") {
		t.Errorf("the rule is not in its place: %v", err)
	}
	for _, name := range []string{"", "Bad", "a_b", "-a", "a--b", "missing-new-thing", "missing-ip-hash"} {
		if out, err := sh("sh", "tools/new-rule.sh", name); err == nil {
			t.Errorf("%q was taken: %s", name, out)
		}
	}
}
