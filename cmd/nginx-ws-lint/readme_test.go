package main

//go:generate go test . -run Readme -update

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var update = flag.Bool("update", false, "write the generated parts of the README again")

// part matches what stands between two markers of the README.
func part(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)<!-- ` + regexp.QuoteMeta(name) + ` -->\n.*?<!-- end -->`)
}

// TestReadme keeps the README's session and rule table true.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for name, want := range map[string]string{
		"session: examples/01-bare-location": readmeSession(t),
		"rules":                              ruleTable(),
	} {
		re := part(name)
		if !re.MatchString(got) {
			t.Fatalf("the README has no part %q", name)
		}
		got = re.ReplaceAllLiteralString(got, "<!-- "+name+" -->\n"+want+"<!-- end -->")
	}
	if got == string(text) {
		return
	}
	if !*update {
		t.Error("the README is stale; go test ./cmd/nginx-ws-lint -run Readme -update writes it again")
		return
	}
	if err := os.WriteFile("../../README.md", []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeSettings reads the example of a file of settings; it shows every key.
func TestReadmeSettings(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(text)
	if example == nil {
		t.Fatal("the README has no example")
	}
	path := filepath.Join(t.TempDir(), config.Name)
	if err := os.WriteFile(path, example[1], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Read(path); err != nil {
		t.Error(err)
	}
	for _, key := range config.Keys() {
		if !bytes.Contains(example[1], []byte(key+":")) {
			t.Errorf("the README does not show %s", key)
		}
	}
}

func readmeSession(t *testing.T) string {
	t.Chdir("../../examples/01-bare-location")
	t.Setenv(inAction, "")
	var b strings.Builder
	b.WriteString("```console\n")
	for _, args := range []string{"broken", "--diff broken"} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"nginx-ws-lint"}, strings.Fields(args)...), nil, &out, &errs); code != exitFindings {
			t.Errorf("%s: exit %d", args, code)
		}
		fmt.Fprintf(&b, "$ nginx-ws-lint %s\n%s%s", args, out.String(), errs.String())
	}
	b.WriteString("```\n")
	return b.String()
}

func ruleTable() string {
	var b strings.Builder
	b.WriteString("| rule | worst | what it finds |\n|---|---|---|\n")
	for _, r := range rules.All {
		fmt.Fprintf(&b, "| [%s](rules/docs/%s.md) | %s | %s |\n", r.Name, r.Name, r.Severity, r.Summary)
	}
	return b.String()
}
