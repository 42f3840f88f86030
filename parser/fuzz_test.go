package parser

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
)

// maxFuzzed bounds what one fuzzed input costs: what is slow beyond it is for
// the tests of hostile input.
const maxFuzzed = 32 << 10

// FuzzParse: no byte of a file is lost, the result is that of nginx's own reader, and
// the tree contains nothing that is not in the text.
func FuzzParse(f *testing.F) {
	for _, s := range readingCases {
		f.Add([]byte(s))
	}
	for _, src := range fuzzseeds.Files(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > maxFuzzed {
			return
		}
		file := ParseText("fuzz", src)
		checkPartition(t, file)
		checkSize(t, file)
		checkTemplates(t, src)
		for _, e := range file.Errs {
			checkPlace(t, e.Span)
		}
		if !bytes.Contains(src, []byte("_by_lua_block")) {
			checkAgainstReference(t, "fuzz", src)
		}
	})
}

// checkTemplates: whatever a text is read as, the spans of all words are in it, and a
// word without tags has the text of its span.
func checkTemplates(t *testing.T, src []byte) {
	t.Helper()
	for _, name := range []string{"fuzz", "fuzz.j2", "fuzz.tmpl", "fuzz.erb", "fuzz.epp", "fuzz.tftpl", "fuzz.template", "fuzz.hbs"} {
		f := Parse(name, src)
		for _, e := range f.Errs {
			checkPlace(t, e.Span)
		}
		f.Root.Walk(func(d *Directive) {
			checkPlace(t, d.Span())
			for _, w := range append(d.Params(), d.NameWord()) {
				checkPlace(t, w.Span())
			}
		})
		f.Rendered()
	}
}

// checkSize: the tree grows with the text, not faster.
func checkSize(t *testing.T, f *File) {
	t.Helper()
	n := len(f.Comments) + len(f.Errs)
	f.Root.Walk(func(d *Directive) { n += 1 + d.ParamCount() })
	if n > 2*len(f.Src)+2 {
		t.Errorf("%d directives, words, comments and errors in %d bytes", n, len(f.Src))
	}
}

// checkPlace checks that a span and its position lie in its file.
func checkPlace(t *testing.T, s Span) {
	t.Helper()
	if s.Start < 0 || s.End < s.Start || s.End > len(s.File.Src) {
		t.Fatalf("%s: the span %d-%d of %d bytes", s.File.Name, s.Start, s.End, len(s.File.Src))
	}
	p := s.File.Position(s.Start)
	line := s.File.LineSpan(p.Line)
	if p.Column < 1 || line.Start+p.Column-1 != s.Start || bytes.Count(s.File.Src[:s.Start], []byte("\n")) != p.Line-1 {
		t.Errorf("%s: offset %d is said to be %v", s.File.Name, s.Start, p)
	}
}

// openedFS counts how often each file is opened.
type openedFS struct {
	fstest.MapFS
	mu     *sync.Mutex // files are read on all cores
	opened map[string]int
}

func (o openedFS) Open(name string) (fs.File, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.opened[name]++
	return o.MapFS.Open(name)
}

// FuzzLoad: any tree of files, whatever the includes, is read once per file, always
// with the same result, and its contexts are consistent.
func FuzzLoad(f *testing.F) {
	for _, tree := range fuzzseeds.Trees(f) {
		f.Add(tree)
	}
	f.Add([]byte("-- nginx.conf --\ninclude b; include b;\n-- b --\ninclude c*; include c*;\n-- c --\ninclude nginx.conf; include d/*;\n-- d/e -> ../b --\n-- d/f -> f --\n"))
	f.Fuzz(func(t *testing.T, tree []byte) {
		if len(tree) > maxFuzzed {
			return
		}
		fsys := openedFS{fuzzseeds.Unpack(tree), new(sync.Mutex), make(map[string]int)}
		for _, name := range mains(fsys.MapFS) {
			clear(fsys.opened)
			cfg, err := Load(fsys, name, Options{Roots: []string{"."}})
			if err != nil {
				continue
			}
			for name, n := range fsys.opened {
				if n > 1 {
					t.Errorf("%s was opened %d times", name, n)
				}
			}
			checkConfig(t, cfg)
			again, err := Load(fsys, name, Options{Roots: []string{"."}})
			if err != nil || outline(again) != outline(cfg) {
				t.Errorf("read again, it is another: %v", err)
			}
		}
	})
}

// mains are the first files of a tree, by name: each may be the main one.
func mains(fsys fstest.MapFS) []string {
	var names []string
	for name := range fsys {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if c := strings.Count(a, "/") - strings.Count(b, "/"); c != 0 {
			return c
		}
		return strings.Compare(path.Base(b), path.Base(a))
	})
	return names[:min(2, len(names))]
}

// checkConfig checks what is true for every configuration.
func checkConfig(t *testing.T, cfg *Config) {
	t.Helper()
	seen := make(map[*File]bool)
	for _, f := range cfg.Files {
		if seen[f] {
			t.Errorf("%s is given twice", f.Name)
		}
		seen[f] = true
	}
	for _, inc := range cfg.Includes {
		checkPlace(t, inc.Directive.Span())
		if !inc.Tag && len(inc.Files) == 0 && inc.Problem == "" && !inc.Glob {
			t.Errorf("%s brought nothing, and nothing is said", inc.Directive.Span().Text())
		}
	}
	cfg.Root.Walk(func(c *Context) bool {
		checkContext(t, c, seen)
		return true
	})
	for _, p := range cfg.Problems(AnyVersion) {
		if p.Directive != nil { // one of the reader's own has its place in File.Errs
			checkPlace(t, p.Directive.Span())
		}
	}
}

func checkContext(t *testing.T, c *Context, files map[*File]bool) {
	t.Helper()
	for _, d := range c.Directives {
		if file := d.Span().File; !files[file] && !file.Assumed {
			t.Errorf("%s is in a file that is not part of the configuration", d.Span().Text())
		}
		set := c.Effective(d.Name())
		if set.From == nil || set.From.Enclosing(set.From.Name) != set.From || len(set.Directives) == 0 {
			t.Errorf("%s is not in force where it stands", d.Span().Text())
		}
	}
}

// outline is a configuration as text.
func outline(cfg *Config) string {
	var b strings.Builder
	for _, f := range cfg.Files {
		b.WriteString(f.Name + "\n")
	}
	for _, inc := range cfg.Includes {
		b.WriteString(inc.Directive.Span().Text() + inc.Problem + "\n")
	}
	cfg.Root.Walk(func(c *Context) bool {
		b.WriteString(c.Name + "{")
		for _, d := range c.Directives {
			b.WriteString(d.NameWord().Text() + ";")
		}
		return true
	})
	return b.String()
}

// FuzzGlob: patterns match what a reader of the manual would say they match.
func FuzzGlob(f *testing.F) {
	for _, pattern := range []string{"*.conf", "[a-z]*.c?nf", "[!a]*[]x]", "**a*b", "[", "[a-", "\\*", ".*", "a\\"} {
		f.Add(pattern, "app.conf")
		f.Add(pattern, ".hidden")
		f.Add(pattern, "[a-b")
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern)+len(name) > 30 || strings.Count(pattern, "*") > 6 {
			return
		}
		want := (!strings.HasPrefix(name, ".") || strings.HasPrefix(pattern, ".")) && slowMatch(pattern, name)
		if got := matchElement(pattern, name, new(int)); got != want {
			t.Errorf("matchElement(%q, %q) is %v", pattern, name, got)
		}
	})
}

// slowMatch tries every length for every star.
func slowMatch(pattern, name string) bool {
	if pattern == "" {
		return name == ""
	}
	if pattern[0] == '*' {
		for i := range len(name) + 1 {
			if slowMatch(pattern[1:], name[i:]) {
				return true
			}
		}
		return false
	}
	if name == "" {
		return false
	}
	width, ok := matchByte(pattern, name[0])
	return ok && slowMatch(pattern[width:], name[1:])
}
