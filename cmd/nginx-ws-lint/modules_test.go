package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDependenciesPage: docs/dependencies.md has a reason for each direct dependency
// in go.mod, and nothing else.
func TestDependenciesPage(t *testing.T) {
	mod, err1 := os.ReadFile("../../go.mod")
	page, err2 := os.ReadFile("../../docs/dependencies.md")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	listed := make(map[string]bool)
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]*/[^|]*) \|`).FindAllStringSubmatch(string(page), -1) {
		for name := range strings.SplitSeq(row[1], ", ") {
			listed[name] = true
		}
	}
	for _, line := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1) {
		name := strings.TrimPrefix(line[1], "github.com/")
		if !listed[name] {
			t.Errorf("docs/dependencies.md gives no reason for %s", name)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("docs/dependencies.md names %s, which go.mod does not", name)
	}
}
