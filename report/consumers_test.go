package report

import (
	"bytes"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/reviewdog/reviewdog/parser"
	"github.com/reviewdog/reviewdog/proto/rdf"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// sarifSchema is OASIS's schema, its formats asserted.
func sarifSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open("testdata/schema/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSARIFSchema(t *testing.T) {
	schema := sarifSchema(t)
	doc := validateSARIF(t, schema, written(t, "sarif", rich(t), richOptions()))
	doc.(map[string]any)["runs"].([]any)[0].(map[string]any)["columnKind"] = "bytes"
	if schema.Validate(doc) == nil {
		t.Error("the schema takes anything")
	}
}

func validateSARIF(t testing.TB, schema *jsonschema.Schema, text []byte) (doc any) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = schema.Validate(doc)
	}
	if err != nil {
		t.Errorf("sarif: %v in %s", err, text)
	}
	return doc
}

// What GitHub demands beyond the schema: docs.github.com, "SARIF support for
// code scanning".
func TestSARIFForGitHub(t *testing.T) {
	var log sarifLog
	strictJSON(t, written(t, "sarif", rich(t), richOptions()), &log)
	driver := log.Runs[0].Tool.Driver
	for _, r := range driver.Rules {
		if r.ShortDescription.Text == "" || len(r.ShortDescription.Text) > 1024 || r.FullDescription.Text == "" || len(r.FullDescription.Text) > 1024 ||
			r.Help.Text == "" || r.Help.Markdown == "" || len(r.Properties.Tags) > 20 {
			t.Errorf("rule %+v", r)
		}
	}
	for _, r := range log.Runs[0].Results {
		at := r.Locations[0].PhysicalLocation
		if r.Message.Text == "" || at.ArtifactLocation.URI == "" || at.Region.StartLine < 1 || at.Region.StartColumn < 1 || at.Region.EndLine < 1 ||
			at.Region.EndColumn < 1 || r.PartialFingerprints.LineHash == "" || driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("result %+v", r)
		}
	}
	if driver.SemanticVersion != "1.2.3" || log.Runs[0].Invocations[0].ExecutionSuccessful {
		t.Errorf("run %+v", log.Runs[0])
	}
	for _, r := range rules.All {
		if text := why(r); len(text) < 40 || len(text) > 1024 || strings.ContainsAny(text, "\n`") {
			t.Errorf("%s: the full description is %q", r.Name, text)
		}
	}
}

// A run without findings or notes is a whole document as well.
func TestEmpty(t *testing.T) {
	res := result(t, "events {}\n", rich(t).Versions.Min)
	for _, name := range FormatNames() {
		got := written(t, name, res, Options{Shown: func(n string) string { return n }})
		valid(t, name, got)
		if strings.Contains(string(got), "null") && name != "json" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// reviewdog reads rdjson, sarif and checkstyle, and sees what we found.
func TestReviewdog(t *testing.T) {
	res := rich(t)
	for name, p := range map[string]parser.Parser{
		"rdjson": parser.NewRDJSONParser(), "sarif": parser.NewSarifParser(), "checkstyle": parser.NewCheckStyleParser(),
	} {
		opt := richOptions()
		opt.Suppressed = false // this version of reviewdog does not know of it
		all, err := p.Parse(bytes.NewReader(written(t, name, res, opt)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(all) != len(res.Findings) {
			t.Fatalf("%s: %d diagnostics, %d findings", name, len(all), len(res.Findings))
		}
		for i, d := range all {
			f, r := res.Findings[i], byteRegion(res.Findings[i].Span)
			if name == "sarif" {
				r = utf16Region(f.Span)
			}
			start := d.GetLocation().GetRange().GetStart()
			wantName := opt.Shown(f.Span.File.Name)
			if name == "checkstyle" {
				wantName = Clean(wantName)
			} else if d.GetCode().GetUrl() != RuleURL(f.Rule, opt.Version) {
				t.Errorf("%s: %v", name, d)
			}
			path := d.GetLocation().GetPath()
			if name == "sarif" && strings.HasPrefix(wantName, "/") && strings.HasPrefix(path, "..") {
				path = wantName // it makes paths relative to the current directory
			}
			if path != wantName || d.GetMessage() != f.Message || int(start.GetLine()) != r.StartLine || max(1, int(start.GetColumn())) != r.StartColumn ||
				d.GetSeverity() != map[rules.Severity]rdf.Severity{rules.Error: rdf.Severity_ERROR, rules.Warning: rdf.Severity_WARNING, rules.Info: rdf.Severity_INFO}[f.Severity] {
				t.Errorf("%s: %v\nof %s %+v", name, d, f.Span.File.Name, r)
			}
		}
	}
}

// Whoever applies what SARIF or rdjson offers gets what --fix writes.
func TestOfferedFixes(t *testing.T) {
	offered := 0
	for _, f := range rich(t).Findings {
		for _, fix := range f.Fixes {
			want := make(map[string]string)
			patches, _ := fixer.Apply([]fixer.Fix{fix}, fixer.Unsafe)
			for _, p := range patches {
				want[p.File.Name] = string(p.New)
			}
			files, _ := changes(fix)
			s := &sarifRun{opt: Options{Shown: func(n string) string { return n }}}
			got := make(map[string]string)
			for _, c := range s.fix(fix, files).Changes {
				name, _ := url.PathUnescape(c.ArtifactLocation.URI)
				src := string(richTree[name].Data)
				for _, r := range slices.Backward(c.Replacements) {
					src = src[:offset16(src, r.Deleted.StartLine, r.Deleted.StartColumn)] + r.Inserted.Text + src[offset16(src, r.Deleted.EndLine, r.Deleted.EndColumn):]
				}
				got[name] = src
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("sarif: %s\n%q\nwant\n%q", fix.Message, got, want)
			}
		}
		for _, s := range suggestions(f) {
			offered++
			patches, _ := fixer.Apply(f.Fixes[:1], fixer.Safe)
			src := string(f.Span.File.Src)
			lines := func(p rdPosition) int { return f.Span.File.LineSpan(p.Line).Start + p.Column - 1 }
			if got := src[:lines(s.Range.Start)] + s.Text + src[lines(s.Range.End):]; got != string(patches[0].New) {
				t.Errorf("rdjson: %s\n%s", f.Fixes[0].Message, got)
			}
		}
	}
	if offered < 2 {
		t.Errorf("%d suggestions in rdjson", offered)
	}
}

// offset16 is the offset of a line and a column in UTF-16 code units.
func offset16(src string, line, column int) int {
	at := 0
	for range line - 1 {
		at += strings.IndexByte(src[at:], '\n') + 1
	}
	for column--; column > 0; {
		r := []rune(src[at:])[0]
		at += len(string(r))
		column -= utf16.RuneLen(r)
	}
	return at
}

func TestGitHub(t *testing.T) {
	res := rich(t)
	lines := strings.Split(strings.TrimSpace(string(written(t, "github", res, richOptions()))), "\n")
	if len(lines) != len(res.Findings)+1 {
		t.Fatalf("%d lines for %d findings and what was not read", len(lines), len(res.Findings))
	}
	var commands []map[string]string
	for _, line := range lines {
		c, ok := runnerCommand(line)
		if !ok {
			t.Fatalf("the runner does not take %q", line)
		}
		commands = append(commands, c)
	}
	want := map[string]string{
		"command": "notice", "file": "conf.d/caf\u00e9 100% a:b,c.conf", "line": "3", "endLine": "3", "col": "26", "endColumn": "59", "title": "proxy-http-version",
		"data": "conf.d/caf\u00e9 100% a:b,c.conf:3:31: " + res.Findings[1].Message + " [proxy-http-version]\nfix (safe): use HTTP/1.1 to the upstream, for plain requests too",
	}
	if !slices.ContainsFunc(commands, func(c map[string]string) bool { return reflect.DeepEqual(c, want) }) {
		t.Errorf("%q\nnone of\n%q", want, commands)
	}
	kinds := func(c map[string]string) int {
		return slices.Index([]string{"error", "warning", "notice"}, c["command"])
	}
	if !slices.IsSortedFunc(commands, func(a, b map[string]string) int { return kinds(a) - kinds(b) }) {
		t.Error("not the worst first")
	}
}
