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
	current string // the real current directory; "" to show absolute paths only
	trace   *trace // what is asked of it
	chosen  string // the path that is checked because none was given, or ""
	later   *later // what is learnt of settings while files are found
}

func openDisk() (disk, error) {
	current, err := currentDir()
	if err != nil {
		return disk{}, err
	}
	root := filepath.VolumeName(current) + string(filepath.Separator)
	return disk{FS: os.DirFS(root), root: root, current: current, trace: newTrace(), later: &later{}}, nil
}

// currentDir returns the current directory without links. The shell's PWD may lead
// there through links, but files have their real names, and so has the parent
// directory that the system finds at "..".
func currentDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil { // it has been removed, or may not be searched
		return "", fmt.Errorf("cannot determine the current directory: %w", reason(err))
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return dir, nil
}

// absolute returns a path from the root of its volume on.
func absolute(path string) (string, error) {
	if filepath.IsAbs(path) {
		return filepath.Clean(path), nil
	}
	dir, err := currentDir()
	return filepath.Join(dir, path), err
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
	abs, err := absolute(path)
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
		if isRepository(dir) {
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

// isRepository reports whether a directory is the root of a git repository.
func isRepository(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}

// staysInRepository is an error for a path in the git repository of the current
// directory that links lead out of it: who sends a pull request may change what
// a path in it means.
func (d disk) staysInRepository(path string) error {
	root := d.inRepository().current
	if !isRepository(root) {
		return nil
	}
	abs, err := absolute(path)
	if err != nil || !leadsThrough(abs, root) {
		return err
	}
	realPath, err := filepath.EvalSymlinks(abs)
	if err != nil || within(realPath, root) {
		return nil // what does not exist is reported where it is read
	}
	return fmt.Errorf("%s: a link that points outside the repository; to check its target, name %s", path, realPath)
}

// leadsThrough reports whether a path lies in a directory by its text, however
// that names the directory.
func leadsThrough(abs, realDir string) bool {
	for at := abs; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil && real == realDir {
			return true
		}
		if at == filepath.Dir(at) {
			return false
		}
	}
}

// within reports whether a path is that of a directory, or below it.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// withShownPath puts the path as the user knows it into an error about one.
func (d disk) withShownPath(err error) error {
	var e *lint.PathError
	if errors.As(err, &e) {
		return fmt.Errorf("%s: %s", d.shown(e.Name), e.Problem)
	}
	return err
}
