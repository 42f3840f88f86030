package fixer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

func TestUnified(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"same", "a\n", "a\n", ""},
		{"one line", "a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n"},
		{"empty to text", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"text to empty", "a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n"},
		{"context of three", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nV\n6\n7\n8\n9\n",
			"@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+V\n 6\n 7\n 8\n"},
		{"six between: one hunk", "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
			"@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n"},
		{"seven between: two", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
			"@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"},
		{"newline goes", "a\nb\n", "a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n"},
		{"newline comes", "a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"newline never was", "a\nb", "A\nb", "@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n"},
		{"CRLF", "a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
		{"latin-1 and NUL", "\xe9\n\xe8\n\x00\n", "\xe9\n\xea\n\x00\n", "@@ -1,3 +1,3 @@\n \xe9\n-\xe8\n+\xea\n \x00\n"},
		{"an addition slides down", "x\nm\n{\na\n}\ny\nz\n", "X\nm\n{\na\n}\n{\na\n}\ny\nZ\n",
			"@@ -1,7 +1,10 @@\n-x\n+X\n m\n {\n a\n }\n+{\n+a\n+}\n y\n-z\n+Z\n"},
		{"a removal slides down", "x\nm\n0\n1\n0\n2", "X\nm\n0\n2",
			"@@ -1,6 +1,4 @@\n-x\n+X\n m\n 0\n-1\n-0\n 2\n\\ No newline at end of file\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want != "" {
				want = "--- a/f\n+++ b/f\n" + want
			}
			if got := Unified("a/f", "b/f", []byte(test.old), []byte(test.new)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestPatchDiff(t *testing.T) {
	p := Patch{File: &parser.File{Name: "x", Src: []byte("a\n")}, New: []byte("b\n")}
	if got := p.Diff("a/x", "b/x"); got != "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" {
		t.Error(got)
	}
}

func TestHeaderName(t *testing.T) {
	for name, want := range map[string]string{
		"a/nginx.conf": "a/nginx.conf",
		"a/b c":        "a/b c\t",
		"a/b ":         "\"a/b \"\t",
		"a/b\tc":       `"a/b\tc"`,
		"a/b \"c\"\n":  `"a/b \"c\"\n"` + "\t",
		`a/b\c`:        `"a/b\\c"`,
		"a/é\xe9\x7f":  `"a/\303\251\351\177"`,
		"a/\a\b\v\f\r": `"a/\a\b\v\f\r"`,
		"a/\x01'#":     `"a/\001'#"`,
	} {
		if got := headerName(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

// More distinct lines than there are runes below the surrogates, on both sides: most
// are encoded above 0xE000, and none may be confused.
func TestManyLines(t *testing.T) {
	const n = 70_000
	text := make([]string, 0, n)
	for i := range n {
		text = append(text, fmt.Sprintf("server_name host%d;\n", i))
	}
	old := strings.Join(text, "")
	text[0], text[60_000], text[n-1] = "first\n", "middle\n", "last\n"
	text[55_400] += "added\n"
	text[55_500], text[56_500] = text[56_500], text[55_500] // both would be surrogates
	changed := strings.Join(text, "")
	diff := Unified("a/f", "b/f", []byte(old), []byte(changed))
	if got := strings.Count(diff, "\n@@ "); got != 6 {
		t.Errorf("%d hunks", got)
	}
	if got := strings.Count(diff, "\n+") + strings.Count(diff, "\n-"); got > 20 {
		t.Errorf("%d changed lines", got)
	}
	if got, err := applyDiff(old, diff); err != nil || got != changed {
		t.Errorf("the diff does not give the new text: %v", err)
	}
	other := strings.ReplaceAll(old, ";", "; #")
	if got, err := applyDiff(old, Unified("a/f", "b/f", []byte(old), []byte(other))); err != nil || got != other {
		t.Errorf("all lines changed: %v", err)
	}
}
