//go:build unix

package descriptor

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func tree(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	err = errors.Join(err,
		os.MkdirAll(filepath.Join(dir, "a/b"), 0o755), os.WriteFile(filepath.Join(dir, "a/b/c"), []byte("text"), 0o600),
		os.Symlink("a", filepath.Join(dir, "l")), os.Symlink("c", filepath.Join(dir, "a/b/l")), os.Symlink("nowhere", filepath.Join(dir, "a/dead")))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestOpen: neither way of opening follows a link anywhere in the path.
func TestOpen(t *testing.T) {
	dir := tree(t)
	for way, open := range map[string]func(string, int) (int, error){"one call": Open, "walk": func(path string, flags int) (int, error) {
		return walk(path, flags|unix.O_CLOEXEC|unix.O_NOFOLLOW)
	}} {
		for name, want := range map[string]error{
			"a/b/c": nil, "a/b": nil, "a//b/./c": nil, "a/b/l": ErrLink, "l": ErrLink, "l/b/c": ErrLink, "a/dead": ErrLink, "a/dead/x": ErrLink,
			"none": unix.ENOENT, "none/x": unix.ENOENT, "a/b/c/d": unix.ENOTDIR,
		} {
			fd, err := open(dir+"/"+name, unix.O_RDONLY)
			if !errors.Is(err, want) || err == nil && want != nil {
				t.Errorf("%s: %s: got %v, want %v", way, name, err, want)
			}
			if err == nil {
				unix.Close(fd)
			}
		}
		if _, err := open(dir+"/l", searchOnly|unix.O_DIRECTORY); !errors.Is(err, ErrLink) {
			t.Errorf("%s: l, to search it: %v", way, err)
		}
		for _, name := range []string{"/", "."} {
			if fd, err := open(name, unix.O_RDONLY|unix.O_DIRECTORY); err != nil {
				t.Errorf("%s: %s: %v", way, name, err)
			} else {
				unix.Close(fd)
			}
		}
	}
}

// TestSearchOnly: a directory that can be passed through but not listed is no
// obstacle. Homes with mode 711 are such directories.
func TestSearchOnly(t *testing.T) {
	if searchOnly == unix.O_RDONLY {
		t.Skip("this system cannot open a directory only to search it")
	}
	if os.Getuid() == 0 {
		t.Skip("root may list any directory")
	}
	dir := tree(t)
	if err := os.Chmod(filepath.Join(dir, "a"), 0o111); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(dir, "a"), 0o755)
	fd, err := walk(filepath.Join(dir, "a/b/c"), unix.O_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	unix.Close(fd)
}

func TestOpenRootAndReadDir(t *testing.T) {
	dir := tree(t)
	root, err := OpenRoot(filepath.Join(dir, "a/b"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if text, err := root.ReadFile("c"); err != nil || string(text) != "text" {
		t.Errorf("got %q, %v", text, err)
	}
	entries, err := ReadDir(filepath.Join(dir, "a/b"))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); err != nil || got != "c l" {
		t.Errorf("listed %s, %v", got, err)
	}
	for name, want := range map[string]error{"l": ErrLink, "l/b": ErrLink, "a/b/c": unix.ENOTDIR, "none": unix.ENOENT} {
		if _, err := OpenRoot(filepath.Join(dir, name)); !errors.Is(err, want) {
			t.Errorf("%s: opened: %v, want %v", name, err, want)
		}
		if _, err := ReadDir(filepath.Join(dir, name)); !errors.Is(err, want) {
			t.Errorf("%s: listed: %v, want %v", name, err, want)
		}
	}
}
