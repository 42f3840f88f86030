package report

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// hostile is a result whose every text is the attacker's.
func hostile(name, text string, src []byte, start, end int) *lint.Result {
	file := parser.Parse(name, src)
	start = min(max(0, start), len(src))
	end = min(max(start, end), len(src))
	span := parser.Span{File: file, Start: start, End: end}
	var findings []rules.Finding
	for i, r := range []*rules.Rule{rules.MissingUpgradeHeaders, rules.ProxyHTTPVersion} {
		findings = append(findings, rules.Finding{
			Rule: r, Severity: rules.Severity(2 + i), Span: span, Message: "x" + text, Related: []rules.Related{{Span: span, Message: "x" + text}},
			Fixes: []fixer.Fix{{Message: "x" + text, Safety: fixer.Safe, Edits: []fixer.Edit{{Span: span, New: text}}}},
		})
	}
	return &lint.Result{
		Files: []*parser.File{file}, Findings: append(findings, findings...), Suppressed: []lint.Suppressed{{Finding: findings[0], Reason: text}},
		Notes: []lint.Note{{Span: span, Message: "x" + text}, {Name: name, Message: "x" + text, Trouble: true}, {Message: "x" + text}},
	}
}

// FuzzFormats: whatever a name, a message or a file contains, each format is valid,
// and no line is a command to a terminal or a runner.
func FuzzFormats(f *testing.F) {
	for _, text := range []string{
		"]]><evil/>", "\r\n::add-mask::x", "##[stop-commands]x", "a::b,c=d%0A%", "\x00\x01\x1b[31m\x7f\u0085\u009b31m", "\u202e\u2066\u200b\u2028\ufffe\uffff\U000e0001",
		"caf\xe9\xff\xed\xa0\x80", "\"'&<>{}{0}[x](1)\\", "\n\n\t ",
		"##vso[task.x]y", "##teamcity[x y='z']", "section_start:1:x\r\x1b[0K section_end:1:x", "--- a", "x +++ y ~~~ z ^^^ +++", strings.Repeat("word ", 20) + "::error::x",
	} {
		f.Add(text, text, []byte("location /"+text+" {}\n"), 3, 40)
		f.Add("::error::/x", text, []byte(text), 0, 1)
	}
	f.Add("a/b c%2f:d", "", []byte(""), 0, 0)
	for i, src := range fuzzseeds.Files(f) {
		f.Add("a.conf", "x", src, i%40, i%40+20)
	}
	schema := sarifSchema(f)
	f.Fuzz(func(t *testing.T, name, text string, src []byte, start, end int) {
		if name == "" || len(name)+len(text)+len(src) > 4000 {
			return
		}
		opt := Options{Shown: func(n string) string { return n }, Version: text, Suppressed: true}
		res := hostile(name, text, src, start, end)
		for _, format := range FormatNames() {
			doc := written(t, format, res, opt)
			valid(t, format, doc)
			for line := range strings.Lines(string(doc)) {
				if _, ok := runnerCommand(line); ok != (format == "github") {
					t.Errorf("%s: the runner's answer to %q is %v", format, line, ok)
				}
				if format != "github" {
					noCommand(t, format, line)
				}
				if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), hidden) {
					t.Errorf("%s: a hidden character in %q", format, line)
				}
			}
			if lines := bytes.Count(doc, []byte("\n")); format == "github" && lines != len(res.Findings)+1 {
				t.Errorf("%d findings and a trouble became %d commands", len(res.Findings), lines)
			}
			if format == "sarif" {
				validateSARIF(t, schema, doc)
			}
		}
		inventoried(t, res, opt)
		onTerminals(t, res, opt)
		if got := readURI(t, uriOf(name)); got != name && got != "/"+name {
			t.Errorf("%q became %q, which is %q", name, uriOf(name), got)
		}
	})
}

// inventoried checks the formats of an inventory: JSON, and lines without commands to
// a terminal or a runner.
func inventoried(t *testing.T, res *lint.Result, opt Options) {
	t.Helper()
	cfg, err := parser.Load(fstest.MapFS{"nginx.conf": {Data: res.Files[0].Src}}, "nginx.conf", parser.Options{Context: "server"})
	if err != nil {
		return
	}
	entries := lint.Inventory(&lint.Result{Configs: []*model.Model{model.New(cfg, nil)}, Files: cfg.Files, Versions: parser.AnyVersion}, true)
	var text, doc bytes.Buffer
	if err := errors.Join(Inventory(&text, entries, lint.Routes(res, true), opt), InventoryJSON(&doc, entries, lint.Routes(res, true), opt)); err != nil {
		t.Error(err)
	}
	strictJSON(t, doc.Bytes(), new(any))
	for line := range strings.Lines(text.String()) {
		noCommand(t, "inventory", line)
		if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), hidden) {
			t.Errorf("inventory: %q", line)
		}
	}
}

func readURI(t *testing.T, uri string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil || u.Host != "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "" && u.Scheme != "file" {
		t.Errorf("%q: %+v, %v", uri, u, err)
		return ""
	}
	return u.Path
}

// A name is a URI that means that file and no other.
func TestURI(t *testing.T) {
	for name, want := range map[string]string{
		"conf.d/app.conf": "conf.d/app.conf", "/etc/nginx/a b.conf": "file:///etc/nginx/a%20b.conf", "C:/nginx/x.conf": "file:///C%3A/nginx/x.conf",
		"a:b.conf": "a%3Ab.conf", "caf\xe9\u00e9#?%.conf": "caf%E9%C3%A9%23%3F%25.conf", "<stdin>": "%3Cstdin%3E", "\u202ex": "%E2%80%AEx",
	} {
		if got := uriOf(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

// Characters that cannot be seen are escaped in JSON, and come back.
func TestHiddenInJSON(t *testing.T) {
	var b bytes.Buffer
	const text = "\u202e \u0085 \x7f \u2028 \U000e0001 é \x1b"
	if err := writeJSON(&b, []string{text}); err != nil {
		t.Fatal(err)
	}
	if want := "[\n  \"\\u202e \\u0085 \\u007f \\u2028 \\udb40\\udc01 é \\u001b\"\n]\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
}

// What is offered to programs is whole, safe and text; else nothing is.
func TestWhatIsOffered(t *testing.T) {
	file, other := parser.Parse("a", []byte("one\ntwo three\n")), parser.Parse("b", []byte("caf\xe9 x\n"))
	edit := func(f *parser.File, start, end int, text string) fixer.Edit {
		return fixer.Edit{Span: parser.Span{File: f, Start: start, End: end}, New: text}
	}
	for _, c := range []struct {
		what   string
		in     *parser.File
		fix    fixer.Fix
		sarif  int    // changes
		rdjson string // the only suggestion, or ""
	}{
		{"two edits", file, fixer.Fix{Safety: fixer.Safe, Edits: []fixer.Edit{edit(file, 8, 13, "3"), edit(file, 0, 0, "0 ")}}, 1, "0 one\ntwo 3"},
		{"shown", file, fixer.Fix{Safety: fixer.Shown, Edits: []fixer.Edit{edit(file, 0, 3, "1")}}, 0, ""},
		{"unsafe", file, fixer.Fix{Safety: fixer.Unsafe, Edits: []fixer.Edit{edit(file, 0, 3, "1")}}, 1, ""},
		{"no edits", file, fixer.Fix{Safety: fixer.Safe}, 0, ""},
		{"two files", file, fixer.Fix{Safety: fixer.Safe, Edits: []fixer.Edit{edit(file, 0, 3, "1"), edit(other, 0, 0, "1")}}, 2, ""},
		{"another file", other, fixer.Fix{Safety: fixer.Safe, Edits: []fixer.Edit{edit(file, 0, 3, "1")}}, 1, ""},
		{"bytes are no text", file, fixer.Fix{Safety: fixer.Safe, Edits: []fixer.Edit{edit(file, 0, 3, "\xe9")}}, 0, ""},
		{"bytes between", other, fixer.Fix{Safety: fixer.Safe, Edits: []fixer.Edit{edit(other, 0, 0, "1"), edit(other, 5, 6, "1")}}, 1, ""},
	} {
		c.fix.Message = c.what
		f := rules.Finding{Rule: rules.SyntaxError, Severity: rules.Error, Span: parser.Span{File: c.in}, Message: "m", Fixes: []fixer.Fix{c.fix}}
		var log sarifLog
		strictJSON(t, written(t, "sarif", &lint.Result{Findings: []rules.Finding{f}}, Options{Shown: func(n string) string { return n }}), &log)
		changes := 0
		for _, fix := range log.Runs[0].Results[0].Fixes {
			changes += len(fix.Changes)
		}
		if changes != c.sarif {
			t.Errorf("%s: %d changes in sarif", c.what, changes)
		}
		got := ""
		for _, s := range suggestions(f) {
			got += s.Text
		}
		if got != c.rdjson {
			t.Errorf("%s: rdjson suggests %q", c.what, got)
		}
	}
}

// Places and texts that no real configuration has.
func TestOddPlaces(t *testing.T) {
	file := parser.Parse("a", []byte("one\ntwo\n"))
	res := &lint.Result{Findings: []rules.Finding{{
		Rule: rules.SyntaxError, Severity: rules.Error, Span: parser.Span{File: file, Start: 1, End: 5}, Message: "see [this](http://evil)",
	}}}
	opt := Options{Shown: func(n string) string { return n }}
	if got := string(written(t, "github", res, opt)); !strings.HasPrefix(got, "::error file=a,line=1,endLine=2,title=syntax-error::a:1:2: ") {
		t.Errorf("columns that the runner does not want: %s", got)
	}
	if got := string(written(t, "sarif", res, opt)); strings.Contains(got, "](http://evil") {
		t.Errorf("a link: %s", got)
	}
}
