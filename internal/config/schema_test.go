package config

//go:generate go test . -run Schema -update

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

var update = flag.Bool("update", false, "write docs/config.schema.json again")

// TestSchema keeps the file that editors fetch true.
func TestSchema(t *testing.T) {
	const name = "../../docs/config.schema.json"
	want, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if bytes.Equal(got, want) {
		return
	}
	if !*update {
		t.Fatalf("%s is stale (%v); go generate ./internal/config writes it again", name, err)
	}
	if err := os.WriteFile(name, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// compiled returns the schema as editors use it.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(SchemaURL, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(SchemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// both reads a text as we do, and as the schema does; both must agree with what
// is wanted.
func both(t *testing.T, s *jsonschema.Schema, text string, valid bool) {
	t.Helper()
	_, err := Read(write(t, t.TempDir(), text))
	var value any
	if bad := yaml.Unmarshal([]byte(text), &value); bad != nil {
		t.Fatal(bad)
	}
	bad := s.Validate(value)
	if (err == nil) != valid || (bad == nil) != valid {
		t.Errorf("valid should be %v:\n%s\nread: %v\nschema: %v", valid, text, err, bad)
	}
}

func TestSchemaAgrees(t *testing.T) {
	s := compiled(t)
	for _, text := range []string{everything, "# nothing\n", Starter, uncommented(Starter), "select: paths\n", "ignore: http2-listen\n", "websocket: /live\n"} {
		both(t, s, text, true)
	}
	for _, text := range []string{
		"slect: paths\n", "select: [path]\n", "fail_on: loud\n", "prefix: srv\n", "nginx_version: new\n", "context: {a: main}\n",
		"severity: {short-read-timeout: never}\n", "severity: {timeouts: info}\n", "overrides: [{ignore: paths}]\n", "overrides: [{files: a, verify: b}]\n",
		"ignore: [{rule: missing-sni}]\n", "ignore: {rule: missing-sni, reason: a}\n", "baseline: []\n", "exclude: {a: b}\n", "- a\n",
	} {
		both(t, s, text, false)
	}
}

// uncommented returns the starter file with all its settings enabled: comments have
// one space after the #, settings none or more.
func uncommented(text string) string {
	return regexp.MustCompile(`(?m)^#([a-z]|  )`).ReplaceAllString(text, "$1")
}

// Every list of keys is complete.
func TestKeysAreShown(t *testing.T) {
	page, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys() {
		if !strings.Contains(uncommented(Starter), "\n"+k+":") {
			t.Errorf("the starter file does not show %s", k)
		}
		if !strings.Contains(string(page), "\n### "+k+"\n") {
			t.Errorf("docs/config.md has no section about %s", k)
		}
		if !strings.Contains(everything, "\n"+k+":") {
			t.Errorf("no test reads %s", k)
		}
	}
	if !strings.Contains(Starter, "$schema="+SchemaURL+"\n") {
		t.Error("the starter file does not name the schema")
	}
}

// The examples of the page are read, and each section's shows its key.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	s := compiled(t)
	sections := regexp.MustCompile("(?s)\n### (\\w+)\n(.*?)(?:\n##|$)")
	shown := 0
	for rest := string(page); ; {
		m := sections.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		key, body := rest[m[2]:m[3]], rest[m[4]:m[5]]
		rest = rest[m[5]:]
		example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(body)
		if example == nil || !slices.Contains(Keys(), key) || !strings.Contains("\n"+example[1], "\n"+key+":") {
			t.Errorf("### %s: no key, or no example of it", key)
			continue
		}
		shown++
		both(t, s, example[1], true)
	}
	if shown != len(Keys()) {
		t.Errorf("%d examples for %d keys", shown, len(Keys()))
	}
}

func TestFindIsNotMisled(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, Name), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, _ := Find(dir); got == filepath.Join(dir, Name) {
		t.Error("a directory is no file of settings")
	}
}
