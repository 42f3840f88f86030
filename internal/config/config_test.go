package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

func write(t *testing.T, dir, text string) string {
	t.Helper()
	path := filepath.Join(dir, Name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// everything says all that can be said.
const everything = `# ours
nginx_version: 1.26.3
prefix: /srv/nginx
context:
  snippets/*.conf: location
  "*.http": http
exclude: [vendor/, "*.example.conf"]
select: [missing-upgrade-headers, proxy-http-version]
ignore:
  - http2-listen
  - rule: missing-sni
    reason: one certificate
severity: {short-read-timeout: error}
websocket: [/live, "location  ~  ^/ws"]
not_websocket: /
fail_on: error
min_read_timeout: 5m
baseline: old.json
verify: docker compose exec -T nginx nginx -t
overrides:
  - files: legacy/**
    select: paths
    ignore: [lost-uri, {rule: streams, reason: "é polls"}]
    severity: {lost-uri: info}
    not_websocket: [/x]
  - files: [a, b]
    websocket: /y
`

func TestRead(t *testing.T) {
	path := write(t, t.TempDir(), everything)
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) parser.Span {
		i := strings.Index(everything, text)
		return parser.Span{File: got.Source, Start: i, End: i + len(text)}
	}
	want := &Config{
		Path: path, Source: got.Source, NginxVersion: parser.Version{Major: 1, Minor: 26, Patch: 3}, Prefix: []string{"/srv/nginx"},
		Contexts: []lint.ContextOf{{Files: "snippets/*.conf", Context: "location"}, {Files: "*.http", Context: "http"}},
		Exclude:  []string{"vendor/", "*.example.conf"},
		FailOn:   "error", MinReadTimeout: 300, Baseline: "old.json", Verify: "docker compose exec -T nginx nginx -t",
		All: lint.Override{
			Select: []string{"missing-upgrade-headers", "proxy-http-version"}, Ignore: []string{"http2-listen"},
			Suppress:  []lint.Suppression{{Rule: "missing-sni", Reason: "one certificate", Span: at("missing-sni")}},
			Severity:  map[string]rules.Severity{"short-read-timeout": rules.Error},
			Locations: []lint.LocationIntent{{Location: "/live", WebSocket: true, Span: at("/live")}, {Location: "~ ^/ws", WebSocket: true, Span: at(`"location  ~  ^/ws"]`)}, {Location: "/", Span: at("/\nfail_on")}},
		},
		Overrides: []lint.Override{
			{
				Files: []string{"legacy/**"}, Select: []string{"paths"}, Ignore: []string{"lost-uri"},
				Suppress:  []lint.Suppression{{Rule: "streams", Reason: "é polls", Span: at("streams")}},
				Severity:  map[string]rules.Severity{"lost-uri": rules.Info},
				Locations: []lint.LocationIntent{{Location: "/x", Span: at("/x")}},
			},
			{Files: []string{"a", "b"}, Locations: []lint.LocationIntent{{Location: "/y", WebSocket: true, Span: at("/y")}}},
		},
	}
	want.All.Locations[2].Span.End = want.All.Locations[2].Span.Start + 1
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n"} {
		if got, err := Read(write(t, t.TempDir(), empty)); err != nil || got.FailOn != "" {
			t.Errorf("%q: %+v, %v", empty, got, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"fail_on: error\nslect: x\n":                               `:2:1: unknown key "slect"; did you mean select?`,
		"zebra: 1\n":                                               `:1:1: unknown key "zebra"; the keys are baseline, context, `,
		"fail_on: loud\n":                                          `:1:10: fail_on: "loud": must be one of error, warning, info, never`,
		"fail_on: eror\n":                                          `:1:10: fail_on: "eror": did you mean error?`,
		"exclude: [a, '{b}']\n":                                    `:1:14: exclude: "{b}": braces are not supported`,
		"exclude: ../a\n":                                          `:1:10: exclude: "../a": leads outside the directory`,
		"baseline: ../a\n":                                         `:1:11: baseline: "../a" is not below`,
		"baseline: /a\n":                                           `:1:11: baseline: "/a" is not below`,
		"fail_on: error\n---\na: 1\n":                              `:2:1: a second document begins`,
		"context:\n  '[': http\n":                                  `:2:3: context: "[": not a pattern`,
		"context: {a: mian}\n":                                     `:1:14: context: "mian": must be one of http, server, location`,
		"severity:\n  lost-url: info\n":                            `:2:3: severity: unknown rule "lost-url"; did you mean lost-uri?`,
		"severity: {lost-uri: warn}\n":                             `:1:22: severity: "warn": must be one of error, warning, info`,
		"websocket: [/a, /a]\n":                                    `:1:17: websocket: /a is given twice`,
		"websocket: /a\nnot_websocket: /a\n":                       `:2:16: not_websocket: /a is given twice`,
		"ignore:\n  - rule: missing-sni\n":                         `:2:5: ignore: reason is missing`,
		"ignore:\n  - rule: missing-sin\n    reason: a\n":          `:2:11: ignore: rule: unknown rule "missing-sin"; did you mean missing-sni?`,
		"overrides:\n  - ignore: paths\n":                          `:2:5: overrides: files is missing`,
		"overrides:\n  - files: a\n    fail_on: error\n":           `:3:5: overrides: unknown key "fail_on"; the keys are files, ignore, `,
		"overrides:\n  - files: a\n    ignores: [paths]\n":         `:3:5: overrides: unknown key "ignores"; did you mean ignore?`,
		"overrides:\n  - files: a\n    ignore: [paths, upstrem]\n": `:3:21: overrides: ignore: unknown rule or group "upstrem"; did you mean upstream?`,
		"overrides: a\n":                                           `:1:12: overrides: must be a mapping of keys to values`,
		"nginx_version: new\n":                                     `:1:16: nginx_version: `,
		"prefix: etc/nginx\n":                                      `:1:9: prefix: "etc/nginx" is not an absolute path`,
		"ignore:\n  - mising-ip-hash\n":                            `:2:5: ignore: `,
		"min_read_timeout: 5 minutes\n":                            `:1:19: min_read_timeout: `,
		"verify: [nginx, -t]\n":                                    `:1:9: verify: must be one value`,
		"verify: a\nverify: b\n":                                   `:2:1: verify is given twice`,
		"- a\n":                                                    `:1:1: the settings must be a mapping of keys to values`,
		"a: {b: c\nd: e\n":                                         `:2:2: `,
		"a: b: c\n":                                                `:1:5: `,
		"a: \t\x01\n":                                              `:1:`,
		"a: [\n":                                                   `:2:1: did not find`,
		"a: [":                                                     `:1:5: did not find expected node content`,
		"verify: a\nselect: \xff\n":                                `:2:9: invalid leading UTF-8 octet`,
		"select: {a: b}\n":                                         `:1:9: select: must be a list`,
		"a: &a [x]\n" + strings.Repeat("b: *a\n", 100):             `:1:1: unknown key "a"`,
	} {
		path := write(t, t.TempDir(), text)
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), path+want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestFind(t *testing.T) {
	top := t.TempDir()
	deep := filepath.Join(top, "repo", "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	above := write(t, top, "")
	if got, err := Find(deep); err != nil || got != above {
		t.Errorf("got %q", got)
	}
	if err := os.Mkdir(filepath.Join(top, "repo", ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := Find(deep); err != nil || got != "" {
		t.Errorf("beyond the repository: %q", got)
	}
	own := write(t, filepath.Join(top, "repo"), "")
	if got, err := Find(deep); err != nil || got != own {
		t.Errorf("got %q", got)
	}
	other := filepath.Join(deep, OtherName)
	if err := os.WriteFile(other, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := Find(deep); err != nil || got != other {
		t.Errorf("got %q, %v", got, err)
	}
	write(t, deep, "")
	if got, err := Find(deep); err == nil || !strings.Contains(err.Error(), "holds both") {
		t.Errorf("two files: %q, %v", got, err)
	}
}

// YAML knows more line ends than we do.
func TestLineEnds(t *testing.T) {
	for _, end := range []string{"\r\n", "\r", "\n", "\u0085", "\u2028"} {
		text := strings.ReplaceAll("ignore:\n  - rule: missing-sni\n    reason: a\n", "\n", end)
		if c, err := Read(write(t, t.TempDir(), text)); err == nil && c.All.Suppress[0].Span.File == nil {
			t.Errorf("%q: no place", end)
		}
	}
}

// FuzzParse: any text is settings or an error about a place in it.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"ignore:\r- rule: streams\r  reason: a\rwebsocket: /a\r", "overrides: [{files: a, ignore: [{rule: all, reason: b}]}]",
		"select: [a]\nverify: b\n", "a: &a {b: *a}\n", "nginx_version: 1.26.3\nprefix: [/a, /b]\nselect: [all]\nignore:\n  - http2-listen\nfail_on: never\nmin_read_timeout: 5m\n",
		"verify:\n  |\n  x\n", "? [a]\n: b\n", "--- a\n...\n---\nb\n", "\ufeffselect: all\r\n", "a: \x00", "min_read_timeout: 99999999999999999999d\n", "<<: {verify: x}\n", "fail_on: !!int error\n", "a: *a",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4000 {
			return
		}
		c := &Config{Source: lint.SettingsFile(Name, text)}
		err := c.parse(text)
		if err == nil {
			checkSettings(t, c)
			return
		}
		var line, column int
		if n, _ := fmt.Sscanf(err.Error(), "%d:%d: ", &line, &column); n != 2 {
			t.Fatalf("%q: no place in %q", text, err)
		}
		if bytes.HasPrefix(text, []byte("\xfe\xff")) || bytes.HasPrefix(text, []byte("\xff\xfe")) {
			return // UTF-16: the place is one of the text that it means
		}
		if !hasPlace(string(text), line, column) && !hasPlace(lineEnds.ReplaceAllString(string(text), "\n"), line, column) {
			t.Errorf("%q: the place of %q is none", text, err)
		}
	})
}

func hasPlace(text string, line, column int) bool {
	lines := strings.Split(text, "\n")
	return line >= 1 && line <= len(lines) && column >= 1 && column <= len(lines[line-1])+1
}

// lineEnds are what YAML 1.1 ends a line with.
var lineEnds = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

// checkSettings: what was read can be used as it is.
func checkSettings(t *testing.T, c *Config) {
	t.Helper()
	if _, err := rules.Select(c.All.Select, c.All.Ignore); err != nil {
		t.Error(err)
	}
	if c.FailOn != "" && !slices.Contains(FailLevels, c.FailOn) || c.MinReadTimeout < 0 {
		t.Errorf("%+v", c)
	}
	for _, p := range c.Prefix {
		if !strings.HasPrefix(p, "/") {
			t.Errorf("%+v", c)
		}
	}
}
