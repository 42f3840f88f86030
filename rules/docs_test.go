package rules_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A fence is an example on a rule's page: what it is (bad or good), the options
// behind it, and its text.
type fence struct {
	kind    string
	options []string
	text    string
	file    string       // its name, if it is not nginx configuration
	beside  fstest.MapFS // the files of the page's fences "LANGUAGE beside NAME" above it
}

func fences(page string) []fence {
	var all []fence
	var open *fence
	beside := fstest.MapFS{}
	for _, line := range strings.SplitAfter(page, "\n") {
		words := strings.Fields(line)
		switch {
		case open != nil && strings.HasPrefix(line, "```"):
			if open.kind == "beside" {
				beside = maps.Clone(beside)
				beside[open.options[0]] = &fstest.MapFile{Data: []byte(open.text)}
			} else {
				all = append(all, *open)
			}
			open = nil
		case open != nil:
			open.text += line
		case len(words) > 2 && strings.HasPrefix(words[0], "```") && words[1] == "beside":
			open = &fence{kind: words[1], options: words[2:]}
		case len(words) > 1 && words[0] == "```nginx":
			open = &fence{kind: words[1], options: words[2:], beside: beside}
		case len(words) > 1 && words[0] == "```yaml":
			open = &fence{kind: words[1], options: words[2:], file: "manifest.yaml"}
		case len(words) > 2 && (words[1] == "bad" || words[1] == "good"):
			open = &fence{kind: words[1], options: words[2:], file: option(words, "file="), beside: beside}
		}
	}
	return all
}

// option returns the value of an option of a fence, or "".
func option(words []string, name string) string {
	for _, w := range words {
		if value, ok := strings.CutPrefix(w, name); ok {
			return value
		}
	}
	return ""
}

// The examples are what stands in http, but for those of the option main.
const before, after = "events {}\nhttp {\n", "}\n"

// config is an example as a main file; with the option main it is one. More goes
// into its http block.
func (f fence) config(more string) string {
	if slices.Contains(f.options, "main") {
		return strings.Replace(f.text, "http {\n", "http {\n"+more, 1)
	}
	return before + more + f.text + after
}

func (f fence) run(t *testing.T, selected ...string) *lint.Result {
	t.Helper()
	files := fstest.MapFS{"nginx.conf": {Data: []byte(f.config(""))}}
	if f.file != "" {
		files = fstest.MapFS{f.file: {Data: []byte(f.text)}}
	}
	maps.Copy(files, f.beside)
	opt := lint.Options{
		FS:    files,
		Paths: []string{"."}, Select: selected, Fix: true, UnsafeFixes: slices.Contains(f.options, "unsafe"),
	}
	for _, o := range f.options {
		if v, ok := strings.CutPrefix(o, "nginx-version="); ok {
			opt.Version, _ = parser.ParseVersion(v)
		}
	}
	res, err := lint.Run(opt)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestPages runs the examples of each page: Bad is found, Good is clean of
// everything, and fixing Bad gives Good.
func TestPages(t *testing.T) {
	for _, r := range rules.All {
		t.Run(r.Name, func(t *testing.T) {
			if want := "# " + r.Name + "\n\n" + r.Summary + "\n\n## Why it matters\n"; !strings.HasPrefix(r.Page(), want) {
				t.Errorf("the page must begin with %q", want)
			}
			all := fences(r.Page())
			if len(all) == 0 || all[0].kind != "bad" {
				t.Fatal("the page has no example")
			}
			for i, f := range all {
				if f.kind == "good" {
					for _, finding := range f.run(t).Findings {
						if finding.Severity > rules.Info {
							t.Errorf("good example %d: %s", i, finding.Message)
						}
					}
					continue
				}
				selected := []string{r.Name}
				if slices.Contains(f.options, "lint-only") {
					selected = nil // it is about what other rules find
				}
				res := f.run(t, selected...)
				if len(res.Findings) == 0 {
					t.Errorf("bad example %d: nothing found", i)
				}
				if i+1 < len(all) && all[i+1].kind == "good" && !slices.Contains(all[i+1].options, "by-hand") {
					checkMended(t, res, all[i+1].text)
				}
			}
		})
	}
}

func checkMended(t *testing.T, res *lint.Result, want string) {
	t.Helper()
	if len(res.Patches) != 1 {
		t.Errorf("%d patches, want 1", len(res.Patches))
		return
	}
	got := string(res.Patches[0].New)
	if inner, ok := strings.CutPrefix(got, before); ok {
		got = strings.TrimSuffix(inner, after)
	}
	if got != want {
		t.Errorf("mended it is\n%s\nwant\n%s", got, want)
	}
}

// write writes an example for nginx -t, with a certificate for servers that need
// one.
func (f fence) write(t *testing.T) (dir string) {
	cert, key := nginxtest.Certificate(t)
	http := nginxtest.TempPaths + " ssl_certificate " + cert + "; ssl_certificate_key " + key + ";\n"
	return nginxtest.Write(t, map[string]string{"nginx.conf": f.realText(anywhere).config(http)})
}

// TestNginxTakesGood runs nginx -t on every good example, on the version that
// it is about.
func TestNginxTakesGood(t *testing.T) {
	for _, n := range nginxtest.Installed(t) {
		for _, r := range rules.All {
			for i, f := range fences(r.Page()) {
				if f.kind != "good" || f.file != "" || strings.Contains(f.text, " quic") && !n.HTTP3() || strings.Contains(f.text, "load_module") {
					continue
				}
				dir := f.write(t)
				if messages, ok := n.Test(dir, "nginx.conf"); !ok || len(messages) > 0 {
					t.Errorf("%s, example %d: %v says %v", r.Name, i, n, messages)
				}
			}
		}
	}
}

// Every rule has its page, its file and its place in the list, and nothing else
// is there.
func TestNothingIsMissing(t *testing.T) {
	var names []string
	for _, r := range rules.All {
		names = append(names, r.Name)
		if _, err := os.Stat(strings.ReplaceAll(r.Name, "-", "_") + ".go"); err != nil {
			t.Error(err)
		}
		if r.Summary == "" || !r.Looks() || r.Severity == 0 || !slices.Contains(rules.Groups, r.Group) {
			t.Errorf("%s is not whole", r.Name)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("the rules are not in the order of names: %v", names)
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) != len(names) {
		t.Errorf("%d pages for %d rules", len(pages), len(names))
	}
	if _, err := rules.Find("missing-upgrade-header"); err == nil || !strings.Contains(err.Error(), "missing-upgrade-headers") {
		t.Errorf("a near name is not named: %v", err)
	}
}
