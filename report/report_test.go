package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

const broken = "events {}\nhttp {\n\tserver {\n\t\tlisten 8080;\n\t\tlocation /ws {\n\t\t\tproxy_pass http://127.0.0.1:3000; # \x1b[31m red \u202e\n\t\t}\n\t}\n}\n"

func result(t *testing.T, src string, version parser.Version) *lint.Result {
	t.Helper()
	res, err := lint.Run(lint.Options{FS: fstest.MapFS{"nginx.conf": {Data: []byte(src)}}, Paths: []string{"."}, Version: version})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func options(width int) Options {
	return Options{Shown: func(n string) string { return "tree/" + n }, Width: width, Version: "1.2.3"}
}

// A contract document, read without unknown fields or wrong types.
func TestJSON(t *testing.T) {
	var b bytes.Buffer
	res := result(t, broken, parser.Version{Major: 1, Minor: 26, Patch: 3})
	if err := JSON(&b, res, options(0)); err != nil {
		t.Fatal(err)
	}
	type place struct{ Line, Column, Offset int }
	var doc struct {
		Version      int
		Tool         struct{ Name, Version string }
		NginxVersion *string `json:"nginx_version"`
		Dialect      *string
		OwnVersion   *string `json:"dialect_version"`
		Files        []string
		Findings     []struct {
			Rule, Severity, Message, URL, File string
			SeverityReason                     string `json:"severity_reason"`
			Start, End                         place
			Intent                             *struct {
				Level   string
				Score   int
				Reasons []string
			}
			Related []struct {
				Message, File string
				Start, End    place
			}
			Fixes []struct {
				Message, Safety, Reason string
				Edits                   []struct {
					File       string
					Start, End int
					Text       string
				}
			}
		}
		Summary struct{ Errors, Warnings, Infos, Fixable, Suppressed int }
	}
	dec := json.NewDecoder(bytes.NewReader(b.Bytes()))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	f := doc.Findings[0]
	at := strings.Index(broken, "proxy_pass")
	end := strings.Index(broken, "; #") + 1
	if f.Start != (place{6, 4, at}) || f.End != (place{6, 4 + end - at, end}) {
		t.Errorf("it is from %v to %v", f.Start, f.End)
	}
	if doc.Version != 1 || doc.Tool.Name != "nginx-ws-lint" || *doc.NginxVersion != "1.26.3" || *doc.Dialect != "nginx" || *doc.OwnVersion != "1.26.3" || doc.Files[0] != "tree/nginx.conf" ||
		f.Rule != "missing-upgrade-headers" || f.Severity != "warning" || f.Intent.Level != "likely" || f.SeverityReason != "lowered from error: the location is only likely meant for WebSockets" || f.Fixes[0].Safety != "safe" || len(f.Fixes[0].Edits) != 2 {
		t.Errorf("the document is %s", b.String())
	}
	if doc.Summary.Warnings != 1 || doc.Summary.Infos != 1 || doc.Summary.Fixable != 2 {
		t.Errorf("the summary is %+v", doc.Summary)
	}
	if f.Intent == nil {
		t.Error("intent is null for a finding about a location")
	}
}

// An empty result has empty lists, not null.
func TestJSONEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, &lint.Result{Versions: parser.AnyVersion}, options(0)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"findings": []`, `"files": []`, `"nginx_version": null`, `"dialect": null`, `"dialect_version": null`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}

func TestText(t *testing.T) {
	res := result(t, broken, parser.Version{Major: 1, Minor: 30, Patch: 0})
	var b bytes.Buffer
	if err := Text(&b, res, options(0)); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "tree/nginx.conf:6:4: warning: ") || !strings.HasSuffix(got, " [missing-upgrade-headers]\n") {
		t.Errorf("in a pipe: %q", got)
	}
	b.Reset()
	if err := Text(&b, res, options(60)); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, line := range strings.Split(got, "\n") {
		if width(line) > 60 {
			t.Errorf("a line of %d cells: %q", width(line), line)
		}
	}
	if strings.ContainsAny(got, "\x1b\u202e") {
		t.Errorf("an escape sequence reaches the terminal: %q", got)
	}
	if !strings.Contains(got, "    6 | proxy_pass http://127.0.0.1:3000; # \\u001b[31m r") || !strings.Contains(got, "      | ^~~~~~~~~") {
		t.Errorf("the frame is %s", got)
	}
	if want := "\n  severity: lowered from error: the location is only likely\n            meant for WebSockets\n"; !strings.Contains(got, want) {
		t.Errorf("no reason for the severity: %s", got)
	}
	res.Findings[0].Fixes[0].Refused, res.Findings[0].Fixes[0].Reason = true, "the proof refused it: \x1b x"
	b.Reset()
	if err := Text(&b, res, options(60)); err != nil || !strings.Contains(b.String(), "\n  held: the proof refused it: \\u001b x\n") {
		t.Errorf("no verdict: %q", b.String())
	}
	opt := options(60)
	opt.Color = true
	b.Reset()
	if err := Text(&b, res, opt); err != nil || !strings.Contains(b.String(), yellow+"warning:"+reset) {
		t.Errorf("no colour: %q", b.String())
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a\tb": "a b", "a\nb": `a\nb`, "\x1b]0;x\x07": `\u001b]0;x\u0007`, "\u202eevil\u2066": `\u202eevil\u2066`,
		"caf\xe9": `caf\xe9`, "café": "café", "\u2028": `\u2028`, "a\u00a0b": "a\u00a0b", "\x7f": `\u007f`, "\u200b": `\u200b`,
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	got := strings.Join(Wrap("one two three verylongword x", 8), "|")
	if got != "one two|three|verylongword|x" {
		t.Errorf("got %q", got)
	}
}

func TestSummary(t *testing.T) {
	res := result(t, broken, parser.Version{})
	if got := Summary(res, res.Findings, ""); got != "1 warning, 1 info in 1 file" {
		t.Errorf("got %q", got)
	}
	if got := Summary(res, nil, ""); got != "nothing found in 1 file" {
		t.Errorf("got %q", got)
	}
}

// Every page can be read on a terminal.
func TestPage(t *testing.T) {
	for _, r := range rules.All {
		var b bytes.Buffer
		if err := Page(&b, r, options(80)); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if width(line) > 80 && !strings.Contains(line, "https://") {
				t.Errorf("%s: a line of %d cells: %q", r.Name, width(line), line)
			}
		}
		if strings.Contains(b.String(), "```") || !strings.HasPrefix(b.String(), r.Name+"\n") {
			t.Errorf("%s: the page is still Markdown", r.Name)
		}
	}
}
