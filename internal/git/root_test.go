package git

import (
	"os"
	"os/exec"
	"path/filepath"
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

// A .git that is not a repository is an error: no directory above or inside replaces
// it.
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
