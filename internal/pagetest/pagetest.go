// Package pagetest keeps the generated parts of pages up to date.
package pagetest

import (
	"os"
	"regexp"
	"testing"
)

// Keep fails if parts of a page, by name, are not as they should be. With update it
// writes them. The command is what a reader runs for that.
func Keep(t *testing.T, page string, parts map[string]string, update bool, command string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for name, want := range parts {
		part := regexp.MustCompile(`(?s)<!-- ` + regexp.QuoteMeta(name) + ` -->\n.*?<!-- end -->`)
		if !part.MatchString(got) {
			t.Fatalf("%s has no part %q", page, name)
		}
		got = part.ReplaceAllLiteralString(got, "<!-- "+name+" -->\n"+want+"<!-- end -->")
	}
	switch {
	case got == string(text):
	case !update:
		t.Errorf("%s is stale; %s writes it again", page, command)
	default:
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
