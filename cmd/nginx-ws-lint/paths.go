package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// A disk is the file system that paths are taken from: its root is the root of
// the volume of the current directory.
type disk struct {
	fs.FS
	root    string // "/", or a volume's
	current string // the current directory; "" to show absolute paths only
	trace   *trace // what is asked of it
	chosen  string // the path that is checked because none was given, or ""
}

func openDisk() (disk, error) {
	current, err := os.Getwd()
	if err != nil {
		return disk{}, noCurrent(err)
	}
	root := filepath.VolumeName(current) + string(filepath.Separator)
	return disk{FS: os.DirFS(root), root: root, current: current, trace: newTrace()}, nil
}

// noCurrent is the error where the current directory has been removed, or may
// not be looked at.
func noCurrent(err error) error {
	return fmt.Errorf("the current directory cannot be told: %w", reason(err))
}

// Open opens a file.
func (d disk) Open(name string) (fs.File, error) {
	d.trace.open(name)
	return d.FS.Open(name)
}

// Stat asks without opening: a pipe must not be opened to learn what it is.
func (d disk) Stat(name string) (fs.FileInfo, error) { return fs.Stat(d.FS, name) }

// ReadLink and Lstat make links visible to who asks for them.
func (d disk) ReadLink(name string) (string, error) { return d.FS.(fs.ReadLinkFS).ReadLink(name) }

func (d disk) Lstat(name string) (fs.FileInfo, error) { return d.FS.(fs.ReadLinkFS).Lstat(name) }

// name is a path as a name in the file system.
func (d disk) name(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(d.root, abs)
	if err != nil || strings.HasPrefix(rel, "..") {
		return "", fmt.Errorf("%s: not on the volume of the current directory", path)
	}
	return filepath.ToSlash(rel), nil
}

// path is a name as a path.
func (d disk) path(name string) string { return filepath.Join(d.root, filepath.FromSlash(name)) }

// shown is a name as the user knows it: relative to the current directory where
// it lies below, else absolute.
func (d disk) shown(name string) string {
	path := d.path(name)
	if d.current == "" {
		return filepath.ToSlash(path)
	}
	if within(path, d.current) {
		if rel, err := filepath.Rel(d.current, path); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(path)
}

// place says where the file of settings lies: its patterns start there.
func (d disk) place(opt *lint.Options, file *config.Config) error {
	if file.Path == "" {
		return nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(file.Path)) // files have their real names
	if err != nil {
		return err
	}
	if opt.Base, err = d.name(dir); err != nil {
		return err
	}
	file.Source.Name, err = d.name(filepath.Join(dir, filepath.Base(file.Path)))
	d.trace.open(file.Source.Name)
	return err
}

// inRepository is the disk that shows names as the git repository has them in
// which the current directory lies; without one, the disk itself.
func (d disk) inRepository() disk {
	for dir := d.current; dir != ""; {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			d.current = dir
			return d
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	return d
}

// staysInRepository is an error for a path in the git repository of the current
// directory that links lead out of it: who sends a pull request may change what
// a path in it means.
func (d disk) staysInRepository(path string) error {
	root := d.inRepository().current
	if _, err := os.Lstat(filepath.Join(root, ".git")); err != nil {
		return nil
	}
	abs, err := filepath.Abs(path)
	if err != nil || !within(abs, root) {
		return err
	}
	realPath, err1 := filepath.EvalSymlinks(abs)
	realRoot, err2 := filepath.EvalSymlinks(root)
	if err1 != nil || err2 != nil || within(realPath, realRoot) {
		return nil // what is not there is told where it is read
	}
	return fmt.Errorf("%s: a link that leads out of the repository; to check what it leads to, name %s", path, realPath)
}

// within reports whether a path is that of a directory, or below it.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// told puts the path as the user knows it into an error about one.
func (d disk) told(err error) error {
	var e *lint.PathError
	if errors.As(err, &e) {
		return fmt.Errorf("%s: %s", d.shown(e.Name), e.Problem)
	}
	return err
}

// diffName is a name as a diff has it: patch and git take it below a directory.
func (d disk) diffName(name string) string { return strings.TrimPrefix(d.shown(name), "/") }
