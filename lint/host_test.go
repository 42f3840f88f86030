package lint

import (
	"reflect"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/yaml"
)

// TestHostKeepsYAML: after a fix, the YAML is the same with one value changed, however
// its block scalars are written.
func TestHostKeepsYAML(t *testing.T) {
	for _, header := range []string{"|", "|-", "|+", "|2", "| # ours"} {
		for _, key := range []string{"default.conf", `"default.conf"`, "'a b'"} {
			for _, indent := range []string{"  ", "    "} {
				if header == "|2" && indent != "  " {
					continue
				}
				text := strings.NewReplacer("HEADER", header, "KEY", key, "    ", "  "+indent).Replace(manifest)
				compareYAML(t, text)
			}
		}
	}
}

const manifest = `apiVersion: v1
kind: ConfigMap
data:
  other: |
    key = { value }
  KEY: HEADER
    # the site
    server {
        listen 80;

        location /ws {
            proxy_pass http://b:3000; # the backend
            proxy_set_header Host $host;
        }
    }
  last: |
    server is down {
`

func compareYAML(t *testing.T, text string) {
	t.Helper()
	res := lintOne(t, "m.yaml", []byte(text))
	if len(res.Patches) != 1 {
		t.Fatalf("%d patches of\n%s", len(res.Patches), text)
	}
	var before, after struct {
		APIVersion string            `yaml:"apiVersion"`
		Kind       string            `yaml:"kind"`
		Data       map[string]string `yaml:"data"`
	}
	if err := yaml.Unmarshal([]byte(text), &before); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(res.Patches[0].New, &after); err != nil {
		t.Fatalf("%v in\n%s", err, res.Patches[0].New)
	}
	changed := 0
	for key, value := range before.Data {
		if after.Data[key] == value {
			continue
		}
		changed++
		if plain := lintOne(t, "default.conf", []byte(value)); len(plain.Patches) != 1 || string(plain.Patches[0].New) != after.Data[key] {
			t.Errorf("the value is patched otherwise than the file would be:\n%s", after.Data[key])
		}
	}
	before.Data, after.Data = nil, nil
	if changed != 1 || !reflect.DeepEqual(before, after) {
		t.Errorf("%d values changed in\n%s", changed, res.Patches[0].New)
	}
}

// TestManyTexts: what a file has too much of is counted, and the rest is checked.
func TestManyTexts(t *testing.T) {
	res := lintOne(t, "m.yaml", []byte(strings.Repeat("---\na: |\n  server {\n    listen 80;\n  }\n", 5000)))
	said := false
	for _, n := range res.Notes {
		said = said || strings.HasSuffix(n.Message, "of its 5000 texts of nginx are checked: it is very large")
	}
	if !said {
		t.Errorf("nothing says that texts are left out: %v", res.Notes)
	}
}
