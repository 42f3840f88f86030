package gonginxcheck

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lab"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

func TestAgrees(t *testing.T) {
	for _, src := range []string{
		"", "a b;", "# c\na b; # d\n", "http { server { listen 80; location ~ ^/a$ { proxy_pass http://b; } } }",
		`a "b c" 'd' "e\"f";`, "upstream u { server b weight=2 max_fails=1 down; ip_hash; server a; }", "map $a $b { default x; '' y; ~^z \"q\"; }",
		"location /ws { proxy_pass http://127.0.0.1:3000; proxy_set_header Connection $connection_upgrade; }", "if ($a = b) { return 301; }",
		"include a.conf;\ntypes { text/html html htm; }", "a\n  b\n  c;",
	} {
		if agrees, asked := Agrees(parser.Parse("f", []byte(src))); !agrees || !asked {
			theirs, err := read(src)
			t.Errorf("%q: %v %v: ours %q, theirs %q, %v", src, agrees, asked, ours(parser.Parse("f", []byte(src)).Root, ""), theirs, err)
		}
	}
	for _, src := range []string{"a {", "content_by_lua_block { x }", "a \x00;"} {
		if _, asked := Agrees(parser.Parse("f", []byte(src))); asked {
			t.Errorf("%q is not to be asked about", src)
		}
	}
}

// If our tree lacks something, or has it elsewhere, the readers disagree.
func TestContradicts(t *testing.T) {
	before := parser.Parse("f", []byte("server { a b; location / { c d; } }"))
	if got := Contradicts(before, parser.Parse("f", []byte("server { a b; new x; location / { c d; } }"))); got != "" {
		t.Error("a text that both read alike is contradicted:", got)
	}
	for name, spoil := range map[string]func(*parser.Block){
		"dropped":  func(b *parser.Block) { b.Directives = b.Directives[1:] },
		"changed":  func(b *parser.Block) { b.Directives[0] = parser.Parse("g", []byte("a z;")).Root.Directives[0] },
		"renamed":  func(b *parser.Block) { b.Directives[0] = parser.Parse("g", []byte("z b;")).Root.Directives[0] },
		"unnested": func(b *parser.Block) { b.Directives[1].Block = nil },
		"reversed": func(b *parser.Block) { b.Directives[0], b.Directives[1] = b.Directives[1], b.Directives[0] },
	} {
		after := parser.Parse("f", []byte("server { a b; location / { c d; } }"))
		spoil(after.Root.Directives[0].Block)
		if Contradicts(before, after) == "" {
			t.Errorf("%s: not contradicted", name)
		}
	}
}

// Words are read without our parser's help: as nginx answered with them.
func TestValue(t *testing.T) {
	for word, want := range map[string]string{
		`a`: "a", `"a b"`: "a b", `'a b'`: "a b", `"a\"b"`: `a"b`, `it\'s`: "it's", `it's`: "it's", `a"b`: `a"b`, `a\\b`: `a\b`,
		`a\nb`: "a\nb", `a\tb`: "a\tb", `a\xb`: `a\xb`, `\$host`: `\$host`, `"a;b"`: "a;b", `""`: "", `"`: `"`, `'a"`: `'a"`, `\\\n`: "\\\n",
	} {
		if got := value(word); got != want {
			t.Errorf("%s is %q, want %q", word, got, want)
		}
	}
}

// Each quirk is one: on its example the readers differ, and nothing else would
// explain that.
func TestQuirks(t *testing.T) {
	for i, q := range quirks {
		f := parser.Parse("f", []byte(q.example))
		if agrees, asked := Agrees(f); agrees || !asked {
			t.Errorf("%s: the readers agree on %q (asked: %v): the quirk is gone", q.reason, q.example, asked)
		}
		for j, other := range quirks {
			if other.in(f.Src) != (i == j) {
				t.Errorf("%q: the quirk %q is found: %v", q.example, other.reason, i != j)
			}
		}
	}
}

// Where the readers differ before the patch, only a quirk excuses that.
func TestDifferBefore(t *testing.T) {
	const text = "server { a b; location / { c d; } }"
	misread := parser.Parse("f", []byte(text))
	misread.Root.Directives[0].Block.Directives = misread.Root.Directives[0].Block.Directives[1:]
	if got := Contradicts(misread, parser.Parse("f", []byte(text))); !strings.Contains(got, "already reads the original text differently") {
		t.Errorf("a file that our reader misread: %q", got)
	}
	odd := parser.Parse("f", []byte("a b\\ c;"))
	if got := Contradicts(odd, odd); got != "" {
		t.Errorf("a file with a quirk: %q", got)
	}
}

// TestSeeds compares the readers over the goldens and the examples, and TestLab
// over the lab. No quirk may be needed for what people write.
func TestSeeds(t *testing.T) {
	excused := 0
	for _, src := range fuzzseeds.Files(t) {
		compare(t, "a golden", src, map[string]int{})
		if quirkOf(src) != nil {
			excused++
		}
	}
	if excused > len(fuzzseeds.Files(t))/20 {
		t.Errorf("%d of %d files have a quirk: too many to be silent about", excused, len(fuzzseeds.Files(t)))
	}
}

func TestLab(t *testing.T) {
	counts := make(map[string]int)
	for _, c := range lab.Cases(t, "../../parser/testdata/lab/nginx") {
		for name, f := range c.Files {
			compare(t, c.Name+"/"+name, f.Data, counts)
		}
	}
	t.Log(counts)
}

// TestCorpus compares the two readers over real configurations.
func TestCorpus(t *testing.T) {
	root := "../../../shared/corpus"
	index, err := os.ReadFile(filepath.Join(root, "INDEX.tsv"))
	if err != nil {
		t.Skip("no corpus next to the project: skipped")
	}
	counts, excused := make(map[string]int), 0
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		row := strings.Split(line, "\t")
		src, err := os.ReadFile(filepath.Join(root, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		if compare(t, row[0], src, counts) && quirkOf(src) != nil {
			excused++
		}
	}
	t.Logf("%d files that the second reader is asked about have a quirk", excused)
	for name, n := range counts {
		t.Logf("%s: %d", name, n)
	}
}

// compare counts how the readers agree about a text, and reports whether gonginx is
// asked. It fails the test where they differ and no quirk explains it.
func compare(t *testing.T, name string, src []byte, counts map[string]int) bool {
	t.Helper()
	agrees, asked := Agrees(parser.Parse(name, src))
	q := quirkOf(src)
	switch {
	case !asked:
		counts["not asked about"]++
	case agrees:
		counts["the same tree"]++
	case q == nil:
		t.Errorf("%s: gonginx sees another tree, and no quirk explains it", name)
	default:
		counts[q.reason]++
	}
	return asked
}
