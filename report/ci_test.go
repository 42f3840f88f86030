package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// noCommand expects that no CI system executes a line, wherever a log may break it.
func noCommand(t *testing.T, what, line string) {
	t.Helper()
	if m := command().FindString(line); m != "" {
		t.Errorf("%s: %q in %q", what, m, line)
	}
	for _, system := range []string{GitHubActions, AzurePipeline, TeamCity, GitLabCI, Buildkite} {
		if HasCommands(line, system) {
			t.Errorf("%s: a command to %s in %q", what, system, line)
		}
	}
}

// onTerminals checks the text as it is wrapped for terminals: some systems give
// their commands one.
func onTerminals(t *testing.T, res *lint.Result, opt Options) {
	t.Helper()
	for opt.Width = MinWidth; opt.Width <= 80; opt.Width += 40 {
		for line := range strings.Lines(string(written(t, "text", res, opt))) {
			noCommand(t, "on a terminal", line)
			if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), hidden) {
				t.Errorf("on a terminal: a hidden character in %q", line)
			}
		}
	}
}

// Commands are escaped in place, and other text stays unchanged.
func TestCleanCommands(t *testing.T) {
	for text, want := range map[string]string{
		"::error::x": `:\u003aerror:\u003ax`, "a ::set-output name=a::b": `a :\u003aset-output name=a:\u003ab`, "##[group]": `#\u0023[group]`,
		"x##vso[y": `x#\u0023vso[y`, "##teamcity[y": `#\u0023teamcity[y`, "section_start:1:x": `section_start\u003a1:x`, "section_end:1:x": `section_end\u003a1:x`,
		"--- a": `-\u002d- a`, "a +++": `a +\u002b+`, "~~~ b": `~\u007e~ b`, "^^^ +++": `^\u005e^ +\u002b+`,
		"listen [::]:80": "listen [::]:80", "::1": "::1", "a--- b": "a--- b", "-----": "-----", "## a": "## a", "sections:": "sections:", "": "",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		var b bytes.Buffer
		var back []string
		if err := errors.Join(writeJSON(&b, []string{text}), json.Unmarshal(b.Bytes(), &back)); err != nil || back[0] != text || len(command().FindString(b.String())) > 0 {
			t.Errorf("%q became %s, which is %q, %v", text, &b, back, err)
		}
	}
}

// A command that spans the marked part of a frame is found as well.
func TestFrameBetweenParts(t *testing.T) {
	const src = "location / { ##[error]x; }\n"
	file := parser.Parse("a", []byte(src))
	at := strings.Index(src, "[error]")
	for _, span := range [][2]int{{at, at + 3}, {at - 1, at}, {0, at - 1}} {
		res := &lint.Result{Findings: []rules.Finding{{Rule: rules.SyntaxError, Span: parser.Span{File: file, Start: span[0], End: span[1]}, Message: "m"}}}
		doc := string(written(t, "text", res, Options{Shown: func(n string) string { return n }, Width: 80}))
		if strings.Contains(doc, "##[") || !strings.Contains(doc, `#\u0023[error]x; }`) {
			t.Errorf("%v: %s", span, doc)
		}
	}
}

// Without a terminal nothing is wrapped.
func TestNothingWrappedInLogs(t *testing.T) {
	long := strings.Repeat("word ", 100) + "::error::x"
	var b strings.Builder
	w := bufio.NewWriter(&b)
	plain := text{w, Options{}}
	plain.led("  ", "because", "", long)
	plain.hanging("  ok ", 5, long)
	plain.wrapped("", "  ", long)
	plain.row("sends", long)
	if err := w.Flush(); err != nil || strings.Count(b.String(), "\n") != 4 {
		t.Errorf("%v\n%s", err, &b)
	}
}
