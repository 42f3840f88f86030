package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const oneSite = "server {\n  location /ws {\n    proxy_pass http://127.0.0.1:3000;\n  }\n}\n"

// outside creates a repository as the current directory, and next to it a file that
// nothing may write to.
func outside(t *testing.T) (canary string, unchanged func()) {
	t.Helper()
	top := t.TempDir()
	canary = filepath.Join(top, "outside", "canary")
	for name, text := range map[string]string{canary: "canary", filepath.Join(top, "repo", ".git", "keep"): "", filepath.Join(top, "repo", "a.conf"): oneSite} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(top, "repo"))
	return canary, func() {
		t.Helper()
		if text, err := os.ReadFile(canary); err != nil || string(text) != "canary" {
			t.Errorf("the canary is %q, %v", text, err)
		}
		if entries, err := os.ReadDir(filepath.Dir(canary)); err != nil || len(entries) != 1 {
			t.Errorf("beside the canary: %v, %v", entries, err)
		}
	}
}

func ran(args ...string) (code int, said string) {
	var stdout, stderr bytes.Buffer
	code = run(append([]string{"nginx-ws-lint"}, args...), nil, &stdout, &stderr)
	return code, stderr.String()
}

// What is written replaces a link, and leaves what it leads to as it was.
func TestOutputReplacesLinks(t *testing.T) {
	for _, args := range [][]string{{"--format", "json", "--output", "report"}, {"--diff", "--unsafe-fixes", "--output", "report"}, {"--write-baseline", "report"}} {
		canary, unchanged := outside(t)
		if args[0] == "--write-baseline" { // it is read before it is written
			if err := os.Remove(canary); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(canary, "report"); err != nil {
			t.Skip("no links here")
		}
		if code, said := ran(append(args, "a.conf")...); code == exitTrouble {
			t.Errorf("%q: %s", args, said)
		}
		if info, err := os.Lstat("report"); err != nil || !info.Mode().IsRegular() {
			t.Errorf("%q: %v, %v", args, info, err)
		}
		if args[0] != "--write-baseline" {
			unchanged()
		} else if _, err := os.Lstat(canary); err == nil {
			t.Error("the baseline was written outside")
		}
	}
}

// Where a CI system runs us, no directory that is a link leads a report out.
func TestOutputStaysInside(t *testing.T) {
	canary, unchanged := outside(t)
	if err := os.Symlink(filepath.Dir(canary), "reports"); err != nil {
		t.Skip("no links here")
	}
	for _, variable := range []string{"CI", "TF_BUILD", "TEAMCITY_VERSION"} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv("CI", "")
			t.Setenv(inAction, "")
			t.Setenv(variable, "true")
			for _, args := range [][]string{{"--format", "json", "--output", "reports/new"}, {"--format", "json", "--output", "reports/canary"}, {"--write-baseline", "reports/new"}} {
				if code, said := ran(append(args, "a.conf")...); code != exitTrouble || !strings.Contains(said, "leads out of the repository") {
					t.Errorf("%q: exit %d, %s", args, code, said)
				}
			}
			unchanged()
		})
	}
	t.Setenv("CI", "")
	t.Setenv(inAction, "")
	if code, said := ran("--format", "json", "--output", "reports/new", "a.conf"); code == exitTrouble {
		t.Errorf("at home: %s", said)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(canary), "new")); err != nil {
		t.Error(err)
	}
}

// No report overwrites a file that was read, whatever its name.
func TestOutputSparesWhatIsRead(t *testing.T) {
	outside(t)
	for name, text := range map[string]string{".nginx-ws-lint.yaml": "baseline: old.json\n", "old.json": "{\"version\": 1, \"findings\": []}\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.conf", "link.conf"); err != nil {
		t.Skip("no links here")
	}
	if err := os.Symlink(".", "here"); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"a.conf", "./a.conf", "link.conf", "here/a.conf", ".nginx-ws-lint.yaml", "old.json"} {
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"--format", "json", "--output", file}, {"--diff", "--output", file}, {"--fix", "--format", "json", "--output", file}, {"--write-baseline", "new.json", "--format", "json", "--output", file}} {
			if code, said := ran(append(args, ".")...); code != exitTrouble || !strings.Contains(said, "--output "+file+": would overwrite a file that is ") {
				t.Errorf("%q: exit %d, %s", args, code, said)
			}
			if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
				t.Errorf("%q: %q, %v", args, after, err)
			}
		}
	}
	if _, err := os.Stat("new.json"); err == nil {
		t.Error("a baseline was written before the report was refused")
	}
}

// What the process has open is written to, and keeps its kind.
func TestOutputToDevices(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such devices here")
	}
	outside(t)
	for _, file := range []string{"/dev/null", "/dev/stderr"} {
		before, err := os.Lstat(file)
		if err != nil {
			t.Skip(err)
		}
		if code, said := ran("--format", "json", "--output", file, "a.conf"); code == exitTrouble {
			t.Errorf("%s: %s", file, said)
		}
		if after, err := os.Lstat(file); err != nil || after.Mode() != before.Mode() {
			t.Errorf("%s is %v, %v", file, after, err)
		}
	}
}
