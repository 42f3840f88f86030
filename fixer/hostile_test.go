package fixer

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The time for a diff of very different or very similar texts does not grow with the
// square of their lines: at these sizes that would be hours.
func TestHugeDiffs(t *testing.T) {
	const n = 100_000
	block := "location ~ /ws {\nproxy_pass http://a;\n}\n"
	longer := "location ~ /ws {\nproxy_pass http://a;\nproxy_http_version 1.1;\n}\n"
	numbered := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for _, c := range []struct{ name, old, new string }{
		{"equal blocks", longer + strings.Repeat(block, n), strings.Repeat(longer, n+1)},
		{"every line", numbered("a %d\n"), numbered("b %d\n")},
		{"few lines, often", strings.Repeat("a\nb\na\na\n", n), strings.Repeat("b\nb\na\nc\n", n)},
		{"turned around", strings.Repeat("a\n", n) + strings.Repeat("b\n", n), strings.Repeat("b\n", n) + strings.Repeat("a\n", n)},
		{"all goes", numbered("a %d\n"), ""},
		{"all comes", "", numbered("a %d\n")},
		{"one line", strings.Repeat("x", 10*n), strings.Repeat("y", 10*n)},
	} {
		t.Run(c.name, func(t *testing.T) { patched(t, c.old, c.new) })
	}
}

// patched checks that patch makes the new text of the old one.
func patched(t *testing.T, old, new string) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("no patch here")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "f")
	if err := os.WriteFile(file, []byte(old), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(patch, "-s", "-d", dir, "-p1")
	cmd.Stdin = strings.NewReader(Unified("a/f", "b/f", []byte(old), []byte(new)))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("patch: %v: %.500s", err, out)
	}
	if got, _ := os.ReadFile(file); string(got) != new {
		t.Errorf("%d bytes, want %d", len(got), len(new))
	}
}
