package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// framed is the report of a finding about a part of a text, on a terminal.
func framed(t *testing.T, src, part string, width int) []string {
	t.Helper()
	start := strings.Index(src, part)
	if start < 0 {
		t.Fatalf("%q is not in %q", part, src)
	}
	res := hostile("a.conf", " the message", []byte(src), start, start+len(part))
	res.Findings = res.Findings[:1]
	var b bytes.Buffer
	if err := Text(&b, res, options(width)); err != nil {
		t.Fatal(err)
	}
	return strings.Split(b.String(), "\n")
}

// The mark is under its place, whatever precedes it.
func TestFrame(t *testing.T) {
	const far = "proxy_set_header X-Long aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; "
	for name, c := range map[string]struct{ src, part, shown, mark string }{
		"indented": {"http {\n\t\t  proxy_pass http://a;\n}\n", "proxy_pass http://a;", "    2 | proxy_pass http://a;", "      | ^~~~~~~~~~~~~~~~~~~~"},
		"a tab":    {"a\tb\tproxy_pass x;", "proxy_pass", "    1 | a b proxy_pass x;", "      |     ^~~~~~~~~~"},
		"wide":     {"# 日本 proxy_pass x;", "proxy_pass", "    1 | # 日本 proxy_pass x;", "      |        ^~~~~~~~~~"},
		"marked":   {"x 日本;", "日本", "    1 | x 日本;", "      |   ^~~~"},
		"accents":  {"# e\u0301e\u0301 proxy_pass x;", "proxy_pass", "    1 | # e\u0301e\u0301 proxy_pass x;", "      |      ^~~~~~~~~~"},
		"latin-1":  {"# caf\xe9 proxy_pass x;", "proxy_pass", `    1 | # caf\xe9 proxy_pass x;`, "      |           ^~~~~~~~~~"},
		"escapes":  {"# \x1b[2J\u202e proxy_pass x;", "proxy_pass", `    1 | # \u001b[2J\u202e proxy_pass x;`, "      |                   ^~~~~~~~~~"},
		"no text":  {"\n\nx", "\n\nx", "    1 | ", "      | ^"},
		"CRLF":     {"a;\r\nproxy_pass x;\r\n", "proxy_pass x;", "    2 | proxy_pass x;", "      | ^~~~~~~~~~~~~"},
		"far":      {far + "proxy_pass http://a;", "proxy_pass http://a;", "    1 | ...aaaaaaaaaaaaaaaaaaa; proxy_pass...", "      | " + strings.Repeat(" ", 24) + "^~~~~~~~~~~~~"},
		"long":     {far, "proxy_set_header", "    1 | proxy_set_header X-Long aaaaaaaaaa...", "      | ^~~~~~~~~~~~~~~~"},
	} {
		width := 80
		if name == "far" || name == "long" {
			width = 45
		}
		got := strings.Join(framed(t, c.src, c.part, width), "\n")
		if !strings.Contains(got, "\n"+c.shown+"\n"+c.mark+"\n") {
			t.Errorf("%s:\n%s\nwant\n%s\n%s", name, got, c.shown, c.mark)
		}
	}
}

// No line is wider than the terminal.
func TestTextWidth(t *testing.T) {
	for _, src := range []string{
		broken, strings.Repeat("日本", 300), strings.Repeat("e\u0301", 300), strings.Repeat("\xff", 300), strings.Repeat("a", 5000), strings.Repeat("\t", 300) + "x", strings.Repeat("\u202e日", 99),
	} {
		for _, columns := range []int{MinWidth, 41, 80} {
			for _, place := range [][2]int{{0, 1}, {len(src) / 2, len(src)/2 + 9}, {0, len(src)}, {len(src) - 1, len(src)}} {
				var b bytes.Buffer
				res := hostile("a.conf", src, []byte(src), place[0], place[1])
				for i := range res.Findings {
					res.Findings[i].Fixes[0].Message = strings.ReplaceAll(src, "\n", " ")
				}
				if err := Text(&b, res, options(columns)); err != nil {
					t.Fatal(err)
				}
				for _, line := range strings.Split(b.String(), "\n") {
					if width(line) > columns {
						t.Errorf("%d cells in %d: %q", width(line), columns, line)
					}
				}
			}
		}
	}
}

// A rule's name is a link to its page if the terminal supports links. Without the
// escape sequences the text is the same.
func TestTextLinks(t *testing.T) {
	res := result(t, broken, parser.Version{Major: 1, Minor: 30, Patch: 0})
	var plain, linked bytes.Buffer
	opt := options(80)
	if err := Text(&plain, res, opt); err != nil {
		t.Fatal(err)
	}
	opt.Color, opt.Links = true, true
	if err := Text(&linked, res, opt); err != nil {
		t.Fatal(err)
	}
	want := "\x1b]8;;" + RuleURL(res.Findings[0].Rule, opt.Version) + "\x1b\\missing-upgrade-headers\x1b]8;;\x1b\\"
	if !strings.Contains(linked.String(), want) {
		t.Errorf("no %q in %q", want, linked.String())
	}
	escapes := regexp.MustCompile("\x1b\\[[0-9;]*m|\x1b]8;;[^\x1b]*\x1b\\\\")
	if got := escapes.ReplaceAllString(linked.String(), ""); got != plain.String() {
		t.Errorf("without escape sequences it is\n%s\nwant\n%s", got, plain.String())
	}
}

func TestStatistics(t *testing.T) {
	res := result(t, broken, parser.Version{})
	one := *res.Findings[1].Rule
	one.Name = "a-rule"
	other := res.Findings[1]
	other.Rule, other.Fixes = &one, nil
	var b bytes.Buffer
	res.Findings = append(res.Findings, other, res.Findings[1])
	if err := Statistics(&b, res, Options{}); err != nil {
		t.Fatal(err)
	}
	const want = "     2  proxy-http-version       2 with --fix\n     1  a-rule\n     1  missing-upgrade-headers  1 with --fix\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
