package second

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

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

// A tree of ours that lacks something, or has it elsewhere, is contradicted.
func TestContradicts(t *testing.T) {
	before := parser.Parse("f", []byte("server { a b; location / { c d; } }"))
	if Contradicts(before, parser.Parse("f", []byte("server { a b; new x; location / { c d; } }"))) {
		t.Error("a text that both read alike is contradicted")
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
		if !Contradicts(before, after) {
			t.Errorf("%s: not contradicted", name)
		}
	}
}

// The causes for which gonginx sees another tree than nginx does, by what the
// text holds. What is left over must be none.
var causes = []struct {
	name string
	in   func(src []byte) bool
}{
	{"bytes that are no UTF-8 are lost", func(src []byte) bool { return !utf8.Valid(src) }},
	{"a backslash outside quotes does not keep what follows in the token", regexp.MustCompile(`\\[ ;\n{}"]`).Match},
	{"a quote right after a parenthesis or in a token ends it", regexp.MustCompile(`[^\s;{}"']["']`).Match},
	{"a location with more than two parameters is an error", regexp.MustCompile(`location( +[^ {;]+){3}`).Match},
}

// TestCorpus compares the two readers over real configurations.
func TestCorpus(t *testing.T) {
	root := "../../../shared/corpus"
	index, err := os.ReadFile(filepath.Join(root, "INDEX.tsv"))
	if err != nil {
		t.Skip("no corpus beside the project: skipped")
	}
	same, counts := 0, make(map[string]int)
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		row := strings.Split(line, "\t")
		src, err := os.ReadFile(filepath.Join(root, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		f := parser.Parse(row[0], src)
		agrees, asked := Agrees(f)
		if !asked {
			counts["not asked about"]++
			continue
		}
		if agrees {
			same++
			continue
		}
		counts[cause(f)]++
		if cause(f) == "" {
			t.Errorf("%s: gonginx sees another tree, and no cause is known", row[0])
		}
	}
	t.Logf("the same tree: %d", same)
	for name, n := range counts {
		t.Logf("%s: %d", name, n)
	}
}

func cause(f *parser.File) string {
	for _, c := range causes {
		if c.in(f.Src) {
			return c.name
		}
	}
	return ""
}
