package git

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a repository in a new directory, alone in the world.
func repository(t *testing.T, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		t.Setenv("GIT_"+who+"_NAME", "a")
		t.Setenv("GIT_"+who+"_EMAIL", "a@example.com")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	git(t, dir, append([]string{"init", "-q"}, args...)...)
	return dir
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// openAt opens a revision of the repository around a directory.
func openAt(dir, rev string) (*Revision, error) {
	r, err := Find(dir)
	if err != nil {
		return nil, err
	}
	return r.Open(rev)
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-qm", "x")
}

func TestRevision(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			dir := repository(t, "--object-format="+format)
			put(t, dir, "a/b.conf", "old\n")
			put(t, dir, "a/empty", "")
			put(t, dir, "with space\u00e9", "x")
			if err := os.Symlink("../a/b.conf", filepath.Join(dir, "a", "link")); err != nil {
				t.Skip("no links here")
			}
			commit(t, dir)
			git(t, dir, "tag", "-am", "x", "v1")
			put(t, dir, "a/b.conf", "new\n")
			put(t, dir, "later", "x")
			commit(t, dir)
			for _, rev := range []string{"v1", "HEAD~1", git(t, dir, "rev-parse", "v1^{commit}")} {
				readOld(t, dir, rev)
			}
		})
	}
}

func readOld(t *testing.T, dir, rev string) {
	t.Helper()
	r, err := openAt(dir, rev)
	if err != nil {
		t.Fatal(rev, err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	for name, want := range map[string]string{"a/b.conf": "old\n", "a/empty": "", "a/link": "../a/b.conf", "with space\u00e9": "x"} {
		text, err := r.ReadFile(name)
		if err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for _, name := range []string{"later", "a/later", "a/b.conf/c", "a/link/b.conf"} {
		if _, err := r.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.ReadFile("a"); err == nil {
		t.Error("a directory is read as a file")
	}
	for name, want := range map[string]fs.FileMode{".": fs.ModeDir | 0o755, "a": fs.ModeDir | 0o755, "a/link": fs.ModeSymlink | 0o777, "a/b.conf": 0o644} {
		if info, err := r.Lstat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if info, err := r.Lstat("a/b.conf"); err != nil || info.Size() != 4 || info.Name() != "b.conf" {
		t.Errorf("%v, %v", info, err)
	}
	entries, err := r.ReadDir("a")
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if err != nil || strings.Join(names, " ") != "b.conf empty link" {
		t.Errorf("%v, %v", names, err)
	}
}

func TestSubmodule(t *testing.T) {
	inner := repository(t)
	put(t, inner, "x.conf", "x")
	commit(t, inner)
	dir := repository(t)
	git(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "sub")
	commit(t, dir)
	r, err := openAt(dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, name := range []string{"sub", "sub/x.conf"} {
		if _, err := r.Lstat(name); !errors.Is(err, ErrSubmodule) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := repository(t)
	if _, err := openAt(dir, "HEAD"); err == nil || !strings.Contains(err.Error(), "git does not know the revision HEAD") {
		t.Errorf("no commit yet: %v", err)
	}
	put(t, dir, "a", "a")
	commit(t, dir)
	put(t, dir, "a", "b")
	commit(t, dir)
	for rev, want := range map[string]string{
		"":                      "is not a valid revision",
		"--all":                 "is not a valid revision",
		"-h":                    "is not a valid revision",
		"HEAD\nHEAD":            "is not a valid revision",
		"nope":                  "git does not know the revision nope",
		"HEAD~1..HEAD":          "git does not know the revision HEAD~1..HEAD",
		"$(touch pwned)":        "git does not know the revision",
		"HEAD:a":                "is not a commit",
		"HEAD^{tree}":           "is not a commit",
		strings.Repeat("0", 40): "is not a commit",
	} {
		if r, err := openAt(dir, rev); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v", rev, r, err)
		}
	}
	clone := repository(t)
	git(t, clone, "fetch", "-q", "--depth=1", "file://"+filepath.ToSlash(dir), "HEAD")
	git(t, clone, "checkout", "-q", "FETCH_HEAD")
	if _, err := openAt(clone, "HEAD~1"); err == nil || !strings.Contains(err.Error(), "this is a shallow clone") {
		t.Errorf("a shallow clone: %v", err)
	}
	if _, err := Find(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not in a git repository") {
		t.Errorf("no repository: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(dir); err == nil || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("no git: %v", err)
	}
}

// A hook's variables say where its own repository is, not where the directory is.
func TestFindInHook(t *testing.T) {
	dir, other := repository(t), repository(t)
	t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
	t.Setenv("GIT_WORK_TREE", other)
	t.Setenv("GIT_INDEX_FILE", filepath.Join(other, ".git", "index"))
	put(t, dir, "sub/a", "a")
	if r, err := Find(filepath.Join(dir, "sub")); err != nil || r.Root != dir || r.dir != filepath.Join(dir, ".git") {
		t.Errorf("%+v, %v", r, err)
	}
}
