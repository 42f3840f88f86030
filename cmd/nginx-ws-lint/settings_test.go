package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// No command reads a link in place of the settings, or quotes what the link points
// to.
func TestLinkedSettings(t *testing.T) {
	canary, _ := outside(t)
	writeFile(t, canary, "hunter2: 1\n")
	if err := os.Symlink(canary, ".nginx-ws-lint.yaml"); err != nil {
		t.Skip("no links here")
	}
	for _, args := range [][]string{{"config", "validate"}, {"config", "validate", ".nginx-ws-lint.yaml"}, {"."}, {"--config", ".nginx-ws-lint.yaml", "."}, {"inventory", "."}} {
		code, said := ran(args...)
		if code != exitTrouble || strings.Contains(said, "hunter2") || !strings.Contains(said, "not a regular file") && !strings.Contains(said, "points outside the repository") {
			t.Errorf("%q: exit %d, %s", args, code, said)
		}
	}
}

// The error about a baseline quotes nothing of it: a link may have led to a secret.
func TestLinkedBaseline(t *testing.T) {
	outside(t)
	writeFile(t, "secret.json", `{"hunter2": "x"}`)
	if err := os.Symlink("secret.json", "old.json"); err != nil {
		t.Skip("no links here")
	}
	for _, args := range [][]string{{"--baseline", "old.json", "."}, {"--write-baseline", "old.json", "."}} {
		if code, said := ran(args...); code != exitTrouble || strings.Contains(said, "hunter2") || !strings.Contains(said, "old.json:1:2: not a baseline: unknown key") {
			t.Errorf("%q: exit %d, %s", args, code, said)
		}
	}
}

// verify of the settings runs where no one else can have written it, and with
// --fix only. A CI system's checkout belongs to its own user: there it needs a
// --config.
func TestVerifyOfSettings(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no mode here")
	}
	for what, c := range map[string]struct {
		ci   string
		mode os.FileMode
		args []string
		code int
		says string // "" where the command ran
	}{
		"at home":           {"", 0o644, []string{"--fix"}, exitClean, ""},
		"others write it":   {"", 0o646, []string{"--fix"}, exitTrouble, "others can write to the file"},
		"no fix":            {"", 0o646, nil, exitFindings, "warning"},
		"in CI":             {"true", 0o644, []string{"--fix"}, exitTrouble, "a pull request may have changed this file"},
		"in CI, named":      {"true", 0o644, []string{"--fix", "--config", ".nginx-ws-lint.yaml"}, exitClean, ""},
		"in CI, no fix":     {"true", 0o644, nil, exitFindings, "warning"},
		"in CI, by command": {"true", 0o644, []string{"--fix", "--verify", "touch verified"}, exitClean, ""},
	} {
		t.Run(what, func(t *testing.T) {
			outside(t)
			for _, variable := range []string{inAction, "TF_BUILD", "TEAMCITY_VERSION", "GITLAB_CI", "BUILDKITE", "JENKINS_URL"} {
				t.Setenv(variable, "")
			}
			t.Setenv("CI", c.ci)
			writeFile(t, ".nginx-ws-lint.yaml", "verify: touch verified\n")
			if err := os.Chmod(".nginx-ws-lint.yaml", c.mode); err != nil {
				t.Fatal(err)
			}
			code, said := ran(append(c.args, "--unsafe-fixes", "a.conf")...)
			_, err := os.Stat("verified")
			if code != c.code || !strings.Contains(said, c.says) || (err == nil) != (c.says == "") {
				t.Errorf("exit %d, %v, %s", code, err, said)
			}
			if text, err := os.ReadFile("a.conf"); err != nil || c.code != exitClean && string(text) != oneSite {
				t.Errorf("%s, %v", text, err)
			}
		})
	}
}

// Settings of another user above the checked files are named if they can suppress
// findings.
func TestSettingsOfOthers(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root gives files away")
	}
	for what, c := range map[string]struct {
		text, path string
		owner      int
		noted      bool
	}{
		"above":                 {"ignore: [all]\n", "repo/nginx", 12345, true},
		"excludes":              {"exclude: [other]\n", "repo/nginx/a.conf", 12345, true},
		"in what is checked":    {"ignore: [all]\n", "repo", 12345, false},
		"ours":                  {"ignore: [all]\n", "repo/nginx", 0, false},
		"it silences nothing":   {"verify: true\n", "repo/nginx", 12345, false},
		"not taken":             {"ignore: [all]\n", "--no-config repo/nginx", 12345, false},
		"asked for by --config": {"ignore: [all]\n", "--config repo/.nginx-ws-lint.yaml repo/nginx", 12345, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Chdir(t.TempDir())
			writeFile(t, "repo/nginx/a.conf", oneSite)
			writeFile(t, "repo/.nginx-ws-lint.yaml", c.text)
			if err := os.Chown("repo/.nginx-ws-lint.yaml", c.owner, c.owner); err != nil {
				t.Fatal(err)
			}
			_, said := ran(append(strings.Fields(c.path), "--format", "markdown", "--output", "report.md")...)
			report, err := os.ReadFile("report.md")
			if err != nil {
				t.Fatal(err, said)
			}
			const note = "belong to another user (12345)"
			if strings.Contains(said, note) != c.noted || strings.Contains(string(report), "belong to another user") != c.noted || c.noted && !strings.Contains(said, "repo/.nginx-ws-lint.yaml: ") {
				t.Errorf("%s\n%s", said, report)
			}
		})
	}
}

// FuzzSettings runs the command with any settings: the exit code is one of three,
// trouble names the file, no command of theirs runs in a check, and nothing of them
// does anything to a terminal or a log.
func FuzzSettings(f *testing.F) {
	for _, text := range hostileTexts {
		for _, key := range []string{"", "exclude: ", "fail_on: ", "websocket: ", "ignore:\n  - rule: all\n    reason: ", "baseline: ", "verify: "} {
			f.Add([]byte(key+text+"\n"), byte(len(key)))
			f.Add([]byte(key+strconv.Quote(text)+"\n"), byte(len(key)))
		}
	}
	f.Add([]byte("verify: touch VERIFIED\nselect: all\noverrides:\n  - files: a.conf\n    severity: {missing-upgrade-headers: info}\n"), byte(0))
	f.Fuzz(func(t *testing.T, text []byte, choice byte) {
		if len(text) > 4000 {
			return
		}
		dir := t.TempDir()
		conf, settings, ran := filepath.Join(dir, "a.conf"), filepath.Join(dir, "settings.yaml"), filepath.Join(dir, "VERIFIED")
		writeFile(t, conf, oneSite)
		writeFile(t, settings, strings.ReplaceAll(string(text), "VERIFIED", ran))
		var stdout, stderr bytes.Buffer
		code := run([]string{"nginx-ws-lint", "--config", settings, "--format", []string{"text", "json", "sarif", "markdown"}[choice%4], conf}, nil, &stdout, &stderr)
		if code != exitClean && code != exitFindings && (code != exitTrouble || !strings.Contains(stderr.String(), "nginx-ws-lint: ")) {
			t.Errorf("exit %d: %s", code, &stderr)
		}
		if found := raw(stdout.String()+stderr.String(), true); found != "" {
			t.Errorf("%s in %q%q", found, &stdout, &stderr)
		}
		if _, err := os.Stat(ran); err == nil {
			t.Error("verify ran in a check")
		}
	})
}
