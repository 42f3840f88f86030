//go:build unix

package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withLists has users and groups other than those of this machine.
func withLists(t *testing.T, passwd, group string) {
	t.Helper()
	oldPasswd, oldGroup := passwdFile, groupFile
	t.Cleanup(func() { passwdFile, groupFile = oldPasswd, oldGroup })
	dir := t.TempDir()
	passwdFile, groupFile = filepath.Join(dir, "passwd"), filepath.Join(dir, "group")
	for path, text := range map[string]string{passwdFile: passwd, groupFile: group} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// A command in a file that someone else may have written, or put there, is ignored.
// The other settings are used.
func TestVerifyOfOthers(t *testing.T) {
	for what, c := range map[string]struct {
		change func(t *testing.T, dir, path string)
		want   string // "" where the command is taken
		asRoot bool
	}{
		"ours":                      {func(*testing.T, string, string) {}, "", false},
		"others write the file":     {func(t *testing.T, _, path string) { chmod(t, path, 0o646) }, "others can write to the file", false},
		"a group writes the file":   {func(t *testing.T, _, path string) { chmod(t, path, 0o664) }, "its group can write to the file", false},
		"others write its dir":      {func(t *testing.T, dir, _ string) { chmod(t, filepath.Join(dir, "a", "b"), 0o777) }, "others can write to the directory", false},
		"a group writes its dir":    {func(t *testing.T, dir, _ string) { chmod(t, filepath.Join(dir, "a", "b"), 0o775) }, "its group can write to the directory", false},
		"others write a dir above":  {func(t *testing.T, dir, _ string) { chmod(t, filepath.Join(dir, "a"), 0o777) }, "others can write to the directory", false},
		"sticky above":              {func(t *testing.T, dir, _ string) { chmod(t, filepath.Join(dir, "a"), 0o777|os.ModeSticky) }, "", false},
		"right in a sticky one":     {func(t *testing.T, dir, _ string) { chmod(t, filepath.Join(dir, "a", "b"), 0o777|os.ModeSticky) }, "others can write to the directory", false},
		"another's file":            {func(t *testing.T, _, path string) { chown(t, path) }, "belongs neither to you nor to root", true},
		"another's directory":       {func(t *testing.T, dir, _ string) { chown(t, filepath.Join(dir, "a", "b")) }, "belongs neither to you nor to root", true},
		"another's directory above": {func(t *testing.T, dir, _ string) { chown(t, filepath.Join(dir, "a")) }, "belongs neither to you nor to root", true},
	} {
		t.Run(what, func(t *testing.T) {
			if c.asRoot && os.Getuid() != 0 {
				t.Skip("only root gives files away")
			}
			withLists(t, "", "")
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o755); err != nil {
				t.Fatal(err)
			}
			path := write(t, filepath.Join(dir, "a", "b"), "verify: true\nfail_on: error\n")
			c.change(t, dir, path)
			for _, read := range []func(string) (*Config, error){Found, Read} {
				got, err := read(path)
				if err != nil || got.FailOn != "error" {
					t.Fatalf("%+v, %v", got, err)
				}
				if c.want == "" && got.Untrusted != nil || c.want != "" && (got.Untrusted == nil || !strings.Contains(got.Untrusted.Error(), c.want)) {
					t.Errorf("got %v, want %s", got.Untrusted, c.want)
				}
			}
		})
	}
}

func chown(t *testing.T, path string) {
	t.Helper()
	if err := os.Chown(path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
}

// A file that replaced another one after it was opened is not the file that was
// checked.
func TestVerifyOfSwapped(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "verify: true\n")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := trusted(f, path); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(write(t, t.TempDir(), "verify: false\n"), path); err != nil {
		t.Fatal(err)
	}
	if err := trusted(f, path); err == nil || !strings.Contains(err.Error(), "replaced") {
		t.Errorf("%v", err)
	}
}

// A group that may write counts as the user's own where no one else is in it.
func TestOwnGroup(t *testing.T) {
	for _, c := range []struct {
		passwd, group string
		want          bool
	}{
		{"me:x:7:7::/:\n", "me:x:7:\n", true},
		{"me:x:7:7::/:\n", "me:x:7:me\n", true},
		{"me:x:7:100::/:\n", "me:x:7:\n", true},
		{"me:x:7:7::/:\n", "me:x:7:you\n", false},
		{"me:x:7:7::/:\n", "me:x:7:me,you\n", false},
		{"me:x:7:7::/:\nyou:x:8:7::/:\n", "me:x:7:\n", false},
		{"me:x:7:7::/:\n", "staff:x:7:\n", false},
		{"me:x:7:7::/:\n", "me:x:9:\n", false},
		{"", "me:x:7:\n", false},
		{"", "", false},
		{"broken\n::::\n", ":x:7:\n", false},
	} {
		withLists(t, c.passwd, c.group)
		if got := ownGroup(7, 7); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	passwdFile, groupFile = "/nowhere", "/nowhere"
	if ownGroup(7, 7) {
		t.Error("without lists")
	}
}

// A pipe in place of the settings does not block.
func TestFoundPipe(t *testing.T) {
	for _, read := range []func(string) (*Config, error){Found, Read} {
		if _, err := read("/dev/null"); err == nil || !strings.Contains(err.Error(), "not a") {
			t.Error(err)
		}
	}
	dir := t.TempDir()
	if err := os.Symlink(write(t, t.TempDir(), "hunter2: 1\n"), filepath.Join(dir, Name)); err != nil {
		t.Fatal(err)
	}
	if _, err := Found(filepath.Join(dir, Name)); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Error(fmt.Sprint(err))
	}
}
