package lint

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// three returns a rule with three fixes in one location. The one in the middle takes
// a passing handshake away. The first is before it, so that its place moves, and it
// becomes the first of those that are left, once the first is made.
func three(message func(fix int) string) *rules.Rule {
	return &rules.Rule{Name: "three", Severity: rules.Error, Config: func(p *rules.Pass) {
		f, src := p.Files[0], string(p.Files[0].Src)
		location := strings.Index(src, "location /ws {")
		for i, e := range []struct{ behind, text string }{
			{"location /ws {", " # first"},
			{"proxy_pass http://app;", " proxy_set_header X-A a;"},
			{"\n        }", " # last"},
		} {
			if strings.Contains(src, e.text) {
				continue
			}
			at := location + strings.Index(src[location:], e.behind) + len(e.behind)
			span := parser.Span{File: f, Start: at, End: at}
			fix := fixer.Fix{Message: message(i), Safety: fixer.Safe, Changes: []string{"X-A"}, Edits: []fixer.Edit{{Span: span, New: e.text}}}
			p.Root.Walk(func(c *parser.Context) bool {
				if c.IsLocation() && c.Opener.Param(0) == "/ws" {
					fix.Names = append(fix.Names, c)
				}
				return true
			})
			p.Report(rules.Finding{Severity: rules.Error, Span: span, Message: fix.Message, Context: fix.Names[0], Fixes: []fixer.Fix{fix}}, nil)
		}
	}}
}

// The words of a message change no behaviour, and of several fixes in one context
// the proof refuses the harmful one only.
func TestIdentityHasNoWords(t *testing.T) {
	n := 0
	for what, message := range map[string]func(fix int) string{
		"three messages":         func(fix int) string { return fmt.Sprint("fix ", fix) },
		"in another order":       func(fix int) string { return fmt.Sprint("fix ", 2-fix) },
		"one message":            func(int) string { return "fix" },
		"another in every round": func(int) string { n++; return fmt.Sprint("fix ", n) },
	} {
		res := fixWith(t, three(message))
		if len(res.Patches) != 1 {
			t.Errorf("%s: %d patches, held %v", what, len(res.Patches), res.Held)
			continue
		}
		text := string(res.Patches[0].New)
		if !strings.Contains(text, "# first") || strings.Contains(text, "X-A") || !strings.Contains(text, "# last") {
			t.Errorf("%s: the text is\n%s", what, text)
		}
		if len(res.Held) != 1 || res.Held[0].Fix.Edits[0].New != " proxy_set_header X-A a;" || !res.Held[0].Fix.Refused {
			t.Errorf("%s: held are %v", what, res.Held)
		}
		if len(res.Left) != 1 || !strings.HasPrefix(res.Left[0].Fixes[0].Verdict(), "held: the proof refused it: ") {
			t.Errorf("%s: left are %v", what, res.Left)
		}
	}
}

// A finding keeps its identity through rounds that insert, replace and delete text
// before it and at its beginning.
func TestIdentityThroughRounds(t *testing.T) {
	file := func(src string) *parser.File { return &parser.File{Name: "a", Src: []byte(src)} }
	old := file("one two three")
	done := &outcome{}
	for _, edit := range []struct {
		at, end int
		new     string
	}{{0, 0, "zero "}, {5, 9, ""}, {5, 8, "II"}, {8, 8, "<"}} { // the last two: at "two", and before "three"
		patches, _ := fixer.Apply([]fixer.Fix{{Safety: fixer.Safe, Edits: []fixer.Edit{{Span: parser.Span{File: old, Start: edit.at, End: edit.end}, New: edit.new}}}}, fixer.Safe)
		done.rounds = append(done.rounds, map[string]fixer.Patch{"a": patches[0]})
		old = file(string(patches[0].New))
	}
	if text := string(old.Src); text != "zero II <three" {
		t.Fatal(text)
	}
	for word, want := range map[string]int{"zero": 0, "II": 4, "three": 8} {
		f := rules.Finding{Rule: rules.SyntaxError, Span: parser.Span{File: old, Start: strings.Index(string(old.Src), word)}}
		if got := identityOf(f, done); got != (identity{rules.SyntaxError, "a", want}) {
			t.Errorf("%q was at %d, want %d", word, got.at, want)
		}
	}
}

// Many goroutines may ask what the settings say: see decideSeverity.
func TestRulingsAtOnce(t *testing.T) {
	var files []*parser.File
	for i := range 200 {
		files = append(files, &parser.File{Name: fmt.Sprintf("f%d", i)})
	}
	info := rules.Info
	p, err := newPolicy(Options{FS: fstest.MapFS{}, Base: ".", Overrides: []Override{{Severity: map[string]rules.Severity{rules.SyntaxError.Name: info}}}})
	if err != nil {
		t.Fatal(err)
	}
	j := newJudge(rules.All, p)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, f := range files {
				if said := j.ruling(rules.SyntaxError, f).severity; said == nil || *said != info || !j.runs(rules.SyntaxError, f) {
					t.Errorf("%s: %v", f.Name, said)
				}
			}
		})
	}
	all.Wait()
}
