package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// hostileTexts are what must not reach a terminal, a log or an annotation raw.
var hostileTexts = map[string]string{
	"escape sequence":      "a\x1b[31m\x1b]0;x\x07b",
	"bidi marks":           "a\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200fb",
	"line feed":            "a\n::error::b",
	"carriage return":      "a\r::error::b",
	"C1":                   "a\u0085\u009b31mb",
	"no UTF-8":             "a\xff\xfe\x9b31mb",
	"workflow command":     "::error::b",
	"old command":          "a##[error]b",
	"command behind words": strings.Repeat("word ", 20) + " ::error::b",
	"Azure":                "a ##vso[task.setvariable variable=x]b",
	"TeamCity":             "##teamcity[message text='b']",
	"GitLab":               "section_start:1:x[collapsed=true]\r\x1b[0Kb section_end:1:x",
	"Buildkite":            "--- b",
	"Buildkite inside":     "a +++ b ~~~ c ^^^ +++",
	"markup":               "]]><a b=\"c\"/>&'",
}

// hostileTree writes a tree with a text everywhere an attacker can put one, and
// returns its directory.
func hostileTree(t *testing.T, text string) string {
	dir := t.TempDir()
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	name := strings.ReplaceAll(text, "/", "_") + ".conf"
	conf := fmt.Sprintf(`events {}
http {
    map $http_upgrade $up { default %[1]s; }
    include conf.d/*.conf;
    include %[1]s;
    %[1]s x;
    server {
        listen 80;
        server_name %[1]s;
        location %[1]s { proxy_pass http://%[2]s; proxy_set_header Upgrade %[1]s; proxy_set_header Connection $up; }
        location /ws { proxy_pass http://127.0.0.1:3000; proxy_set_header X-A %[1]s; proxy_set_header Upgrade $http_upgrade; }
    }
}
`, quoted, strings.Trim(quoted, `"`))
	for path, text := range map[string]string{
		"nginx.conf":     conf,
		"conf.d/" + name: "server {\n    # " + text + "\n    location /ws { proxy_pass http://127.0.0.1:3000; " + quoted + "; }\n    location /b/ws {\n        proxy_pass http://127.0.0.1:3000; # " + text + "\n        " + text + "\n    }\n",
	} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Skip(err) // this system does not support the name
		}
	}
	return dir
}

// raw returns what of a text is raw: a hidden character, or with commands also a
// line that a system of continuous integration would carry out.
func raw(text string, commands bool) string {
	hidden := func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar)
	}
	if i := strings.IndexFunc(text, hidden); i >= 0 {
		return fmt.Sprintf("%q", text[i:min(len(text), i+20)])
	}
	if !commands {
		return ""
	}
	for _, system := range []string{report.GitHubActions, report.AzurePipeline, report.TeamCity, report.GitLabCI, report.Buildkite} {
		if report.HasCommands(text, system) {
			return "a command to " + system
		}
	}
	return ""
}

var ownCommand = regexp.MustCompile(`(?m)^::(?:error|warning|notice)(?: file=[^:\n]*)?::[^\n]*\n`)

// TestHostileOutput: each command and format, over each text.
func TestHostileOutput(t *testing.T) {
	runs := [][]string{{"inventory", "--all"}, {"inventory", "--all", "--format", "json"}, {"--fix", "--statistics", "--unsafe-fixes"}, {"--color", "always"}}
	for _, format := range report.FormatNames() {
		runs = append(runs, []string{"--format", format, "--select", "all", "--statistics"})
	}
	for what, text := range hostileTexts {
		for _, args := range runs {
			t.Run(what+" "+strings.Join(args, " "), func(t *testing.T) {
				t.Chdir(hostileTree(t, text))
				var stdout, stderr bytes.Buffer
				run(append(append([]string{"nginx-ws-lint"}, args...), "."), nil, &stdout, &stderr)
				out := stdout.String()
				if args[0] == "--color" {
					out = regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(out, "")
				}
				if found := raw(ownCommand.ReplaceAllString(out, ""), true); found != "" {
					t.Errorf("standard output: %s in\n%.2000q", found, out)
				}
				if found := raw(stderr.String(), true); found != "" {
					t.Errorf("standard error: %s in\n%.2000q", found, stderr.String())
				}
			})
		}
	}
}

// TestHostileErrors: an error about an unreadable file does not let its name affect
// the terminal.
func TestHostileErrors(t *testing.T) {
	for what, text := range hostileTexts {
		for _, args := range [][]string{{text + "/nope"}, {"--config", text, "."}, {"explain", text}, {"--format", text, "."}, {"--" + text}} {
			var stdout, stderr bytes.Buffer
			code := run(append([]string{"nginx-ws-lint"}, args...), nil, &stdout, &stderr)
			if found := raw(stderr.String()+stdout.String(), true); found != "" || code != exitTrouble || stderr.Len() == 0 {
				t.Errorf("%s, %q: %s, exit %d", what, args, found, code)
			}
		}
	}
}

// TestHostileDiff: a diff is exact, but a terminal gets no escape sequences, and the
// runner of a GitHub Action executes no commands. git apply still accepts the diff.
func TestHostileDiff(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git here")
	}
	t.Chdir(t.TempDir())
	const text = "server {\n  location /ws {\n::error::x\n;\n    proxy_pass http://127.0.0.1:3000;\n    # \x1b[31m##[error]\n  }\n}\n"
	if err := os.WriteFile("a.conf", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	diff := func() string {
		var stdout, stderr bytes.Buffer
		if code := run([]string{"nginx-ws-lint", "--diff", "--unsafe-fixes", "a.conf"}, nil, &stdout, &stderr); code != exitFindings {
			t.Fatalf("exit %d: %s", code, &stderr)
		}
		return stdout.String()
	}
	t.Setenv(inAction, "")
	exact := diff()
	t.Setenv(inAction, "true")
	wrapped := diff()
	token := strings.TrimPrefix(strings.SplitN(wrapped, "\n", 2)[0], "::stop-commands::")
	if len(token) < 20 || wrapped != "::stop-commands::"+token+"\n"+exact+"::"+token+"::\n" || strings.Contains(diff(), token) {
		t.Errorf("in an action:\n%s", wrapped)
	}
	if seen := report.CleanDiff(exact); !strings.Contains(exact, "\x1b[31m") || strings.Contains(seen, "\x1b") || strings.Contains(seen, "##[") ||
		strings.Count(seen, "\n") != strings.Count(exact, "\n") || !strings.HasPrefix(seen, "--- a/a.conf\n+++ b/a.conf\n@@ ") {
		t.Errorf("on a terminal:\n%q", seen)
	}
	for _, patch := range []string{exact, wrapped} {
		cmd := exec.Command(git, "apply", "--check")
		cmd.Stdin = strings.NewReader(patch)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("git apply: %v: %s", err, out)
		}
	}
}

// A CI system without a command to stop commands gets no diff that contains its
// commands, except in a file.
func TestHostileDiffElsewhere(t *testing.T) {
	for variable, text := range map[string]string{
		"TF_BUILD": "##vso[task.x]", "TEAMCITY_VERSION": "##teamcity[x]", "GITLAB_CI": "section_start:1:x\r\x1b[0Kx",
	} {
		t.Run(variable, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv(inAction, "")
			conf := "server {\n  # before\n  location /ws {\n    proxy_pass http://127.0.0.1:3000; # " + text + "\n  }\n}\n"
			if err := os.WriteFile("a.conf", []byte(conf), 0o644); err != nil {
				t.Fatal(err)
			}
			diff := func(args ...string) (code int, out, errs string) {
				var stdout, stderr bytes.Buffer
				code = run(append([]string{"nginx-ws-lint", "--diff", "--unsafe-fixes", "a.conf"}, args...), nil, &stdout, &stderr)
				return code, stdout.String(), stderr.String()
			}
			_, exact, _ := diff()
			t.Setenv(variable, "True")
			if code, out, errs := diff(); code != exitTrouble || out != "" || !strings.Contains(errs, "write it to a file with --output FILE") {
				t.Errorf("exit %d, %q, %s", code, out, errs)
			}
			if code, out, errs := diff("--output", "patch"); code != exitFindings || out != "" {
				t.Errorf("exit %d, %q, %s", code, out, errs)
			}
			if text, err := os.ReadFile("patch"); err != nil || string(text) != exact || exact == "" {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}

// TestVerifyGetsNoText: the command of --verify is the user's; nothing of the
// configuration, not even a file's name, goes into it.
func TestVerifyGetsNoText(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such names here")
	}
	t.Chdir(t.TempDir())
	dir := "$(touch owned);`touch owned`"
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text := "server { server_name '$(touch owned)'; location /ws { proxy_pass http://127.0.0.1:3000; } }\n"
	if err := os.WriteFile(filepath.Join(dir, "a';touch owned;'.conf"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"nginx-ws-lint", "--fix", "--unsafe-fixes", "--verify", `echo "$0 $*" > said`, "."}, nil, &stdout, &stderr); code == exitTrouble {
		t.Fatal(stderr.String())
	}
	if said, err := os.ReadFile("said"); err != nil || !strings.HasSuffix(string(said), "sh \n") || strings.Contains(string(said), "owned") {
		t.Errorf("%q, %v", said, err)
	}
	if _, err := os.Lstat("owned"); err == nil {
		t.Error("a file's name was run")
	}
}
