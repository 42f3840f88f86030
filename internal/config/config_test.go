package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

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

func TestRead(t *testing.T) {
	path := write(t, t.TempDir(), `# ours
nginx_version: 1.26.3
prefix: /srv/nginx
select: [missing-upgrade-headers, proxy-http-version]
ignore:
  - http2-listen
fail_on: error
min_read_timeout: 5m
verify: docker compose exec -T nginx nginx -t
`)
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Path: path, NginxVersion: parser.Version{Major: 1, Minor: 26, Patch: 3}, Prefix: []string{"/srv/nginx"},
		Select: []string{"missing-upgrade-headers", "proxy-http-version"}, Ignore: []string{"http2-listen"},
		FailOn: "error", MinReadTimeout: 300, Verify: "docker compose exec -T nginx nginx -t",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n"} {
		if got, err := Read(write(t, t.TempDir(), empty)); err != nil || got.FailOn != "" {
			t.Errorf("%q: %+v, %v", empty, got, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"fail_on: error\nslect: x\n":    `:2:1: unknown key "slect"; did you mean select?`,
		"zebra: 1\n":                    `:1:1: unknown key "zebra"; there are fail_on, ignore, `,
		"fail_on: loud\n":               `:1:10: fail_on: "loud": must be one of error, warning, info, never`,
		"nginx_version: new\n":          `:1:16: nginx_version: `,
		"prefix: etc/nginx\n":           `:1:9: prefix: "etc/nginx" is no absolute path`,
		"ignore:\n  - mising-ip-hash\n": `:2:3: ignore: `,
		"min_read_timeout: 5 minutes\n": `:1:19: min_read_timeout: `,
		"verify: [nginx, -t]\n":         `:1:9: verify: must be one value`,
		"verify: a\nverify: b\n":        `:2:1: verify is there twice`,
		"- a\n":                         `:1:1: the settings must be keys with values`,
		"a: [\n":                        `:2:1: did not find expected node content`,
		"a: [":                          `:1:5: did not find expected node content`,
		"a: b: c\n":                     `:1:5: mapping values are not allowed`,
		"verify: a\nselect: \xff\n":     `:2:9: invalid leading UTF-8 octet`,
		"select: {a: b}\n":              `:1:9: select: must be a list`,
		"a: &a [x]\n" + strings.Repeat("b: *a\n", 100): `:1:1: unknown key "a"`,
	} {
		path := write(t, t.TempDir(), text)
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), path+want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// A command is not taken from a file that someone else may have written.
func TestVerifyOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no mode there")
	}
	path := write(t, t.TempDir(), "verify: rm -rf /\n")
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "others may write it") {
		t.Errorf("got %v", err)
	}
	if os.Getuid() != 0 {
		return
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, 12345, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil {
		t.Error("taken from another user's file")
	}
}

func TestFind(t *testing.T) {
	top := t.TempDir()
	deep := filepath.Join(top, "repo", "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	above := write(t, top, "")
	if got := Find(deep); got != above {
		t.Errorf("got %q", got)
	}
	if err := os.Mkdir(filepath.Join(top, "repo", ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got := Find(deep); got != "" {
		t.Errorf("beyond the repository: %q", got)
	}
	own := write(t, filepath.Join(top, "repo"), "")
	if got := Find(deep); got != own {
		t.Errorf("got %q", got)
	}
}

// FuzzParse: any text is settings or an error about a place in it.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"select: [a]\nverify: b\n", "a: &a {b: *a}\n", "nginx_version: 1.26.3\nprefix: [/a, /b]\nselect: [all]\nignore:\n  - http2-listen\nfail_on: never\nmin_read_timeout: 5m\n",
		"verify:\n  |\n  x\n", "? [a]\n: b\n", "--- a\n...\n---\nb\n", "\ufeffselect: all\r\n", "a: \x00", "min_read_timeout: 99999999999999999999d\n", "<<: {verify: x}\n", "fail_on: !!int error\n", "a: *a",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4000 {
			return
		}
		c := &Config{}
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
	if _, err := rules.Select(c.Select, c.Ignore); err != nil {
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
