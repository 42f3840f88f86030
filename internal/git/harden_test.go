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

// likeRepository makes a folder that looks like a repository without being one,
// as a pull request may hold it.
func likeRepository(t *testing.T, dir, name string) string {
	t.Helper()
	put(t, dir, name+"/HEAD", "ref: refs/heads/main\n")
	put(t, dir, name+"/config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
	put(t, dir, name+"/objects/keep", "")
	put(t, dir, name+"/refs/keep", "")
	return filepath.Join(dir, name)
}

// The repository is that of the .git entry upward, never a folder on the way.
func TestFindPassesOverFolders(t *testing.T) {
	dir := repository(t)
	put(t, dir, "a.conf", "a")
	inner := likeRepository(t, dir, "conf")
	commit(t, dir)
	head := git(t, dir, "rev-parse", "HEAD")
	for _, at := range []string{inner, filepath.Join(inner, "objects"), dir} {
		r, err := Find(at)
		if err != nil || r.Root != dir || r.dir != filepath.Join(dir, ".git") {
			t.Fatalf("%s: %+v, %v", at, r, err)
		}
		rev, err := r.Open(head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rev.Lstat("conf/HEAD"); err != nil {
			t.Error(err)
		}
		if err := rev.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A .git that is none is an error: no directory above or within stands in for it.
func TestFindRefuses(t *testing.T) {
	for what, c := range map[string]struct {
		make func(t *testing.T, dir string)
		want string
	}{
		"an empty directory": {func(t *testing.T, dir string) { put(t, dir, "sub/.git/keep", "") }, "not a git repository"},
		"a folder like a repository beside it": {func(t *testing.T, dir string) {
			likeRepository(t, dir, "sub")
			put(t, dir, "sub/.git/keep", "")
		}, "repository"},
		"a file that names nothing": {func(t *testing.T, dir string) { put(t, dir, "sub/.git", "nothing\n") }, "does not name a git directory"},
		"a git directory in the tree": {func(t *testing.T, dir string) {
			git(t, dir, "init", "-q", "--separate-git-dir", filepath.Join(dir, "sub", "kept"), filepath.Join(dir, "sub"))
		}, "lies in the working tree"},
	} {
		t.Run(what, func(t *testing.T) {
			dir := repository(t)
			put(t, dir, "sub/a", "a")
			commit(t, dir)
			c.make(t, dir)
			if r, err := Find(filepath.Join(dir, "sub")); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// A submodule, a working tree of git worktree and a git directory elsewhere have a
// file .git, and are their own root.
func TestFindFollowsFiles(t *testing.T) {
	inner, dir := repository(t), ""
	put(t, inner, "x.conf", "x")
	commit(t, inner)
	dir = repository(t)
	put(t, dir, "a", "a")
	commit(t, dir)
	git(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "sub")
	commit(t, dir)
	tree, apart := filepath.Join(repository(t), "tree"), filepath.Join(repository(t), "apart")
	git(t, dir, "worktree", "add", "-q", tree, "HEAD")
	git(t, dir, "init", "-q", "--separate-git-dir", filepath.Join(filepath.Dir(apart), "kept"), apart)
	put(t, apart, "x.conf", "x")
	commit(t, apart)
	for root, name := range map[string]string{filepath.Join(dir, "sub"): "x.conf", tree: "a", apart: "x.conf"} {
		rev, err := openAt(root, "HEAD")
		if err != nil {
			t.Errorf("%s: %v", root, err)
			continue
		}
		if _, err := rev.ReadFile(name); err != nil {
			t.Error(err)
		}
		if err := rev.Close(); err != nil {
			t.Error(err)
		}
	}
}

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

// Another user's repository is refused, unless the user's own settings call it safe.
func TestFindAsksWhoseItIs(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root gives files away")
	}
	t.Setenv("SUDO_UID", "")
	dir := repository(t)
	put(t, dir, "a", "a")
	commit(t, dir)
	for _, path := range []string{dir, filepath.Join(dir, ".git")} {
		if err := os.Chown(path, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := Find(dir); err == nil || !strings.Contains(err.Error(), "dubious ownership") {
		t.Errorf("%+v, %v", r, err)
	}
	settings := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(settings, []byte("[safe]\n\tdirectory = "+dir+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", settings)
	rev, err := openAt(dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if err := rev.Close(); err != nil {
		t.Error(err)
	}
}

// A tree that was made by hand can hold a .git, which git would not check out.
func TestTreeWithGit(t *testing.T) {
	dir := repository(t)
	put(t, dir, "a", "a")
	commit(t, dir)
	blob, inner := git(t, dir, "rev-parse", "HEAD:a"), git(t, dir, "rev-parse", "HEAD^{tree}")
	cmd := exec.Command("git", "mktree")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader("040000 tree "+inner+"\t.GIT\n040000 tree "+inner+"\t.git\n100644 blob "+blob+"\ta\n")
	out, err := cmd.Output()
	if err != nil {
		t.Skip(err)
	}
	rev, err := openAt(dir, git(t, dir, "commit-tree", "-m", "x", strings.TrimSpace(string(out))))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := rev.ReadDir(".")
	if err != nil || len(entries) != 1 || entries[0].Name() != "a" {
		t.Errorf("%v, %v", entries, err)
	}
	if err := rev.Close(); err != nil {
		t.Error(err)
	}
}
