package parser

import (
	"strings"
	"testing"
)

// flatten lists a tree's directives as the reference reader does.
func flatten(f *File) []refDirective {
	var out []refDirective
	var walk func(b *Block, depth int)
	walk = func(b *Block, depth int) {
		for _, d := range b.Directives {
			words := []string{d.Name()}
			for _, p := range d.Params() {
				words = append(words, p.Value())
			}
			end := ";"
			if d.Block != nil {
				end = "{"
			}
			out = append(out, refDirective{depth, f.Position(d.NameWord().Span().Start).Line, strings.Join(append(words, end), "\x00")})
			if d.Block != nil {
				walk(d.Block, depth+1)
			}
		}
	}
	walk(f.Root, 0)
	return out
}

// checkAgainstReference compares Parse with the reference reader: the verdict,
// nginx's message and line, and every directive up to the first error.
func checkAgainstReference(t *testing.T, name string, src []byte) {
	t.Helper()
	f := ParseText(name, src)
	want, line, msg := reference(src)
	switch {
	case msg == "" && len(f.Errs) > 0:
		t.Errorf("%s: nginx reads it, Parse says %v", name, f.Errs[0])
	case msg != "" && len(f.Errs) == 0:
		t.Errorf("%s: nginx says %q at line %d, Parse nothing", name, msg, line)
	case msg != "":
		e := f.Errs[0]
		if got := f.Position(e.Span.Start).Line; e.Message != msg || got != line {
			t.Errorf("%s: nginx says %q at line %d, Parse %q at line %d", name, msg, line, e.Message, got)
		}
	}
	got := flatten(f)
	if msg == "" && len(got) != len(want) {
		t.Errorf("%s: %d directives, nginx %d", name, len(got), len(want))
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("%s: directive %d: got %+v, nginx %+v", name, i, got[min(i, len(got)):], want[i])
			return
		}
	}
}

// readingCases are the places at which readers of nginx configuration part
// from nginx (docs/nginx.md, "How nginx reads").
var readingCases = []string{
	"",
	"a b;",
	"a b; # c\nd { e; }",
	"location ~ ^/a{2}$ { x; }",
	`location ~ "^/a{2}$" { x; }`,
	"a ${b} $c{d} x;",
	"a }b b}c d} e#f g\"h it's;",
	`a "b"c;`, `a "b"#c;`, `a "b"{c;}`, `a ("b");`, `if ($a = "b") { c; }`,
	`a "b\"c" 'd\'e' f\;g h\ i \n\t\\ \$x;`,
	"a \\\nb;",
	"a;;", "{ a; }", "a { b }", "a; }", "a", "a {", "a \"b", "a { b;",
	"\xef\xbb\xbfa b;", "a\x00b c\x0bd;\x00", "a \xe9\xff;\r\nb\rc;",
	"# only a comment", "a b\nc d;", "'a' \"b\" c;", "a '\n';",
	"a b;# c", "a b#c; d;", "a b}c; d;", "a {}", "a {};b;", "a\n\n{\n}\n",
}

func TestReading(t *testing.T) {
	for _, s := range readingCases {
		f := Parse(s, []byte(s))
		checkPartition(t, f)
		checkAgainstReference(t, s, []byte(s))
	}
}

// Tokens and comments about the size of nginx's buffer, with every kind of
// end: nginx's verdict turns on the byte after.
func TestReadingLongTokens(t *testing.T) {
	for n := 4085; n < 4105; n++ {
		long := strings.Repeat("x", n)
		for _, s := range []string{
			"a " + long + ";", "a " + long + " ;", "a " + long + "\n", "a " + long + " b;", long + " {}",
			`a "` + long + `";`, `a "` + long + `" ;`, `a "` + long + `" b;`, `a "` + long + `")b;`, `a '` + long + "'\n", `a "` + long,
			"a;#" + long + "\nb;", "a;#" + long, "a;#" + long + "\n", "a " + long, "a \\" + long + ";",
		} {
			checkAgainstReference(t, s[:10], []byte(s))
		}
	}
}

func TestLuaBlocks(t *testing.T) {
	src := "location / { content_by_lua_block { -- }\n local s = \"}\" .. '}' .. [[ } ]] --[==[ } ]==] if x then {} end }\n set_by_lua_block $a { return 1 } proxy_pass http://b; }"
	f := Parse("lua", []byte(src))
	checkPartition(t, f)
	if len(f.Errs) > 0 {
		t.Fatal(f.Errs[0])
	}
	inner := f.Root.Directives[0].Block.Directives
	if len(inner) != 3 || !inner[0].Block.Lua || !inner[2].Is("proxy_pass") {
		t.Errorf("got %v directives", len(inner))
	}
	if f := Parse("lua", []byte("access_by_lua_block { x = {")); len(f.Errs) != 1 {
		t.Errorf("an open Lua block: got %v", f.Errs)
	}
}
