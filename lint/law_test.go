package lint

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
)

// TestLaw: what is found in a template is found in each rendering by the real engine
// that has its line, and a patched template is rendered without it. Names without a
// value have values drawn at random.
func TestLaw(t *testing.T) {
	templates := lawful(t)
	if len(templates) == 0 {
		t.Fatal("no templates")
	}
	rendered := renderAll(t, templates)
	renderings, held, fixed := 0, 0, 0
	nginx := nginxtest.Available()
	took := 0
	for i, l := range templates {
		for seed, texts := range rendered[i] {
			if texts[0] == nil || texts[1] == nil {
				continue
			}
			renderings++
			held += l.holds(t, *texts[0], seed)
			fixed += l.fixed(t, *texts[1], seed)
			if strings.HasPrefix(l.name, randomTemplates) && !source.Hosts(l.name) && len(nginx) > 0 {
				took += l.accepted(t, nginx[len(nginx)-1], *texts[0], *texts[1])
			}
		}
	}
	t.Logf("%d templates, %d renderings: %d findings held, %d were fixed; nginx accepts %d of the patched renderings", len(templates), renderings, held, fixed, took)
	if renderings == 0 || held == 0 || fixed == 0 {
		t.Error("nothing was compared")
	}
}

// lawSeeds is the number of renderings of each template.
const lawSeeds = 6

// A lawfulTemplate is a template with what is found in it.
type lawfulTemplate struct {
	name    string
	marked  []byte // each line with a finding ends with its number in a comment
	patched []byte // the same, patched
	lines   map[string][]int
	fixes   map[string][]int // of the findings that the patch fixes
}

// lawful lints the templates of the goldens and of the corpus whose engines are at hand.
func lawful(t *testing.T) (all []lawfulTemplate) {
	for name, src := range lawfulFiles(t) {
		if engineOf(name, src) == "" {
			continue // it is no template, or only this project's panels have its engine
		}
		found := lintOne(t, name, src)
		l := lawfulTemplate{name: name, lines: make(map[string][]int), fixes: make(map[string][]int)}
		lines := bytes.SplitAfter(src, []byte("\n"))
		for _, f := range found.Findings {
			line := f.Span.File.Position(f.Span.Start).Line
			if text := string(lines[line-1]); strings.ContainsAny(text, "#%") || !strings.HasSuffix(strings.TrimSpace(text), ";") {
				continue // a comment would not be one, or belong to a tag
			}
			l.lines[f.Rule.Name] = append(l.lines[f.Rule.Name], line)
		}
		for _, at := range l.lines {
			for _, line := range at {
				if text := bytes.TrimRight(lines[line-1], "\n"); !bytes.Contains(text, []byte("#@")) {
					lines[line-1] = fmt.Appendf(nil, "%s #@%d@\n", text, line)
				}
			}
		}
		l.marked = bytes.Join(lines, nil)
		again := lintOne(t, name, l.marked)
		l.patched = l.marked
		for _, p := range again.Patches {
			l.patched = p.New
		}
		left := make(map[string]bool)
		for _, f := range again.Left {
			left[f.Rule.Name+mark(f.Span.File.Src, f.Span.Start)] = true
		}
		for rule, at := range l.lines {
			for _, line := range at {
				if !left[rule+fmt.Sprint(line)] {
					l.fixes[rule] = append(l.fixes[rule], line)
				}
			}
		}
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b lawfulTemplate) int { return strings.Compare(a.name, b.name) })
	return all
}

var marked = regexp.MustCompile(`#@(\d+)@`)

// mark returns the number at the end of an offset's line.
func mark(src []byte, offset int) string {
	line, _, _ := bytes.Cut(src[offset:], []byte("\n"))
	if m := marked.FindSubmatch(line); m != nil {
		return string(m[1])
	}
	return ""
}

// found returns what is found in a rendering, by rule and number of the line.
func found(t *testing.T, name, text string) map[string]bool {
	all := make(map[string]bool)
	if !source.Hosts(name) {
		name = strings.TrimSuffix(name, filepath.Ext(name))
	}
	for _, f := range lintOne(t, name, []byte(text)).Findings {
		all[f.Rule.Name+mark(f.Span.File.Src, f.Span.Start)] = true
	}
	return all
}

// holds checks that a rendering has the findings whose lines it has.
func (l lawfulTemplate) holds(t *testing.T, text string, seed int) (n int) {
	all := found(t, l.name, text)
	for rule, lines := range l.lines {
		for _, line := range lines {
			if !strings.Contains(text, fmt.Sprintf("#@%d@", line)) {
				continue
			}
			n++
			if !all[rule+fmt.Sprint(line)] {
				t.Errorf("%s:%d: %s is found in the template, not in rendering %d", l.name, line, rule, seed)
			}
		}
	}
	return n
}

// accepted checks that nginx accepts a patched rendering if it accepts the other.
func (l lawfulTemplate) accepted(t *testing.T, nginx nginxtest.Nginx, text, patched string) int {
	if _, ok := nginx.Test(onDisk(t, map[string]string{"nginx.conf": text}), "nginx.conf"); !ok {
		return 0
	}
	if messages, ok := nginx.Test(onDisk(t, map[string]string{"nginx.conf": patched}), "nginx.conf"); !ok {
		t.Errorf("%s: nginx refuses the patched rendering: %v\n%s", l.name, messages, patched)
	}
	return 1
}

// fixed checks that a rendering of the patched template has none of the findings that
// the patch fixes.
func (l lawfulTemplate) fixed(t *testing.T, text string, seed int) (n int) {
	all := found(t, l.name, text)
	for rule, lines := range l.fixes {
		for _, line := range lines {
			if !strings.Contains(text, fmt.Sprintf("#@%d@", line)) {
				continue
			}
			n++
			if all[rule+fmt.Sprint(line)] {
				t.Errorf("%s:%d: %s is fixed in the template, not in rendering %d", l.name, line, rule, seed)
			}
		}
	}
	return n
}

func lintOne(t *testing.T, name string, src []byte) *Result {
	t.Helper()
	base := filepath.Base(name)
	res, err := Run(Options{FS: fstest.MapFS{base: {Data: src}}, Paths: []string{base}, Fix: true})
	if err != nil {
		return &Result{} // no nginx configuration, in this rendering
	}
	return res
}

// lawfulName matches the names of templates.
var lawfulName = regexp.MustCompile(`\.(?:j2|jinja|liquid|tmpl|sigil|gtpl|template|erb|epp|mustache|conf|ya?ml)$`)

// otherEngine matches files of the corpus that another engine renders, or that are very
// large.
var otherEngine = regexp.MustCompile(`zextras__|nginxinc__kubernetes`)

// lawfulFiles returns the templates of the goldens and the corpus, by name.
func lawfulFiles(t *testing.T) map[string][]byte {
	all := make(map[string][]byte)
	goldens, err := filepath.Glob("testdata/golden/template-*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, golden := range goldens {
		a, err := txtar.ParseFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if lawfulName.MatchString(f.Name) && !strings.HasPrefix(f.Name, "want/") {
				all[filepath.Base(golden)+"/"+f.Name] = f.Data
			}
		}
	}
	maps.Copy(all, randomTemplatesOf(t))
	root := "../../shared/corpus/templated"
	if _, err := os.Stat(root); err != nil || testing.Short() {
		t.Log("without the corpus: only the goldens are rendered")
		return all
	}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && lawfulName.MatchString(name) && !otherEngine.MatchString(name) {
			if all[name], err = os.ReadFile(name); err == nil {
				all["without/"+name] = handshakeLines.ReplaceAll(all[name], nil)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// handshakeLines are the lines without which handshakes fail.
var handshakeLines = regexp.MustCompile(`(?mi)^[ \t]*proxy_(?:http_version|set_header[ \t]+(?:Upgrade|Connection))[ \t][^;{}]*;[ \t]*\n`)
