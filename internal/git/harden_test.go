package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// recordingGit puts a git on the PATH that writes down how it was called.
func recordingGit(t *testing.T) (calls func() []string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no shell script here")
	}
	realGit, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git here")
	}
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "log")
	script := "#!/bin/sh\n{ printf '%s ' \"$@\"; env | grep ^GIT_ | sort | tr '\\n' ' '; echo; } >>'" + log + "'\nexec '" + realGit + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "git"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() []string {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	}
}

// Every call of git is hardened, and all but the question whose repository it is
// name the repository and read no settings of others.
func TestEveryCallIsHardened(t *testing.T) {
	dir := repository(t)
	put(t, dir, "a", "a")
	commit(t, dir)
	for name, value := range map[string]string{
		"GIT_DIR": "/nowhere", "GIT_OBJECT_DIRECTORY": "/nowhere", "GIT_SSH_COMMAND": "false", "GIT_NO_LAZY_FETCH": "0", "GIT_ALLOW_PROTOCOL": "file",
		"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
	} {
		t.Setenv(name, value)
	}
	calls := recordingGit(t)
	rev, err := openAt(dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if err := rev.Close(); err != nil {
		t.Error(err)
	}
	if _, err := openAt(dir, "nope"); err == nil {
		t.Error("a revision that is not there")
	}
	all := calls()
	if len(all) < 5 {
		t.Fatalf("%q", all)
	}
	for _, call := range all {
		words := strings.Fields(call)
		wanted := slices.Concat(hardened, []string{"--no-pager", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0"})
		if discovers := slices.Contains(words, "--absolute-git-dir"); !discovers {
			wanted = append(wanted, "--git-dir="+filepath.Join(dir, ".git"), "--work-tree="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
		}
		for _, w := range wanted {
			if !slices.Contains(words, w) {
				t.Errorf("no %s in %s", w, call)
			}
		}
		for _, w := range words {
			if strings.HasPrefix(w, "GIT_DIR=") || strings.HasPrefix(w, "GIT_OBJECT_DIRECTORY=") || strings.HasPrefix(w, "GIT_SSH_COMMAND=") {
				t.Errorf("%s is passed on: %s", w, call)
			}
		}
	}
}

// Whatever the repository's own configuration names, and the files of the tree
// that it includes, no command of it runs: each would leave a canary.
func TestConfigurationRunsNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no shell script here")
	}
	dir, ran := repository(t), filepath.Join(t.TempDir(), "canary")
	put(t, dir, "a", "a")
	put(t, dir, "canary.sh", "#!/bin/sh\necho ran >>'"+ran+"'\n")
	script := filepath.Join(dir, "canary.sh")
	if err := os.Chmod(script, 0o755); err != nil {
		t.Fatal(err)
	}
	commit(t, dir)
	lines := "[core]\n"
	for _, key := range []string{"fsmonitor", "sshCommand", "gitProxy", "alternateRefsCommand", "pager", "editor", "askPass"} {
		lines += "\t" + key + " = " + script + "\n"
	}
	lines += "\thooksPath = " + dir + "\n[credential]\n\thelper = " + script + "\n[pager]\n\trev-parse = " + script + "\n\tcat-file = " + script + "\n[diff]\n\texternal = " + script +
		"\n[extensions]\n\tpartialClone = origin\n[remote \"origin\"]\n\turl = ssh://127.0.0.1:9/x\n\tpromisor = true\n\tuploadpack = " + script + "\n"
	put(t, dir, "included", lines)
	git(t, dir, "config", "include.path", "../included")
	git(t, dir, "config", "core.repositoryFormatVersion", "1")
	r, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	rev, err := r.Open("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rev.ReadFile("a"); err != nil {
		t.Error(err)
	}
	missing := strings.Repeat("ab", 20)
	if _, _, err := rev.objects.read(missing, "blob"); err == nil {
		t.Error("an object that is not there")
	}
	if err := rev.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.Open(missing); err == nil {
		t.Error("a commit that is not there")
	}
	if text, err := os.ReadFile(ran); err == nil {
		t.Errorf("a command of the configuration ran: %q", text)
	}
}
