package git

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Repository is a working tree and its git directory.
type Repository struct {
	Root string // the root of the working tree, a real path
	dir  string // git's directory, a real path
}

// Find returns the repository of a directory: its root is the nearest directory
// upward with an entry .git. Git refuses to track an entry with that name, so a pull
// request cannot contain one. A pull request can contain a directory that merely
// looks like a repository, which does not count here.
func Find(dir string) (*Repository, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return nil, err
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			return open(root)
		}
		if root == filepath.Dir(root) {
			return nil, fmt.Errorf("%s: not in a git repository: no .git here or above", dir)
		}
	}
}

// open returns the repository with this root.
func open(root string) (*Repository, error) {
	wanted, err := gitDir(root)
	if err != nil {
		return nil, err
	}
	out, err := discover(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", root, err)
	}
	dir, common, ok := strings.Cut(out, "\n")
	if !ok || !same(dir, wanted) {
		return nil, fmt.Errorf("%s: not a git repository", filepath.Join(root, ".git"))
	}
	if common = filepath.FromSlash(strings.TrimSpace(common)); !filepath.IsAbs(common) {
		common = filepath.Join(root, common)
	}
	r := &Repository{Root: root}
	for _, d := range []string{common, wanted} {
		if r.dir, err = filepath.EvalSymlinks(d); err != nil {
			return nil, err
		}
		if inTree(root, r.dir) {
			return nil, fmt.Errorf("%s: the git directory %s lies in the working tree, where a pull request can change it", root, r.dir)
		}
	}
	return r, nil
}

// gitDir returns the directory that the entry .git is or names: in a submodule and in
// a working tree of git worktree it is a file with "gitdir: PATH".
func gitDir(root string) (string, error) {
	path := filepath.Join(root, ".git")
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return path, err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: neither a directory nor a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err = errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	dir, ok := strings.CutPrefix(string(text), "gitdir: ")
	if dir = filepath.FromSlash(strings.TrimRight(dir, "\r\n")); !ok || dir == "" {
		return "", fmt.Errorf("%s: does not name a git directory", path)
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, dir)
	}
	return dir, nil
}

// same reports whether two paths are the same directory.
func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// inTree reports whether a directory lies where git checks files out: below the root,
// and not in a .git.
func inTree(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return false
	}
	return !slices.Contains(strings.Split(rel, string(filepath.Separator)), ".git")
}
