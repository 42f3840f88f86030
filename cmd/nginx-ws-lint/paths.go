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

// A disk is the file system that paths refer to. Its root is the root of the current
// directory's volume.
type disk struct {
	fs.FS
	root    string         // "/", or a volume's
	current string         // the real current directory; "" to show absolute paths only
	trace   *trace         // what was read from it
	chosen  string         // the path that is checked by default, or ""
	later   *foundSettings // the settings found during discovery
}

func openDisk() (disk, error) {
	current, err := currentDir()
	if err != nil {
		return disk{}, err
	}
	root := filepath.VolumeName(current) + string(filepath.Separator)
	return disk{FS: os.DirFS(root), root: root, current: current, trace: newTrace(), later: &foundSettings{}}, nil
}

// currentDir returns the current directory without links. The shell's PWD may contain
// links, but files have their real names, and ".." is the parent of the real
// directory.
func currentDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil { // it was removed, or we may not read its parents
		return "", fmt.Errorf("cannot determine the current directory: %w", reason(err))
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return dir, nil
}

// absolute returns a path relative to the root of its volume.
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

// Stat does not open the file: opening a pipe would block.
func (d disk) Stat(name string) (fs.FileInfo, error) { return fs.Stat(d.FS, name) }

// ReadLink and Lstat do not follow links, so that callers can see them.
func (d disk) ReadLink(name string) (string, error) { return d.FS.(fs.ReadLinkFS).ReadLink(name) }

func (d disk) Lstat(name string) (fs.FileInfo, error) { return d.FS.(fs.ReadLinkFS).Lstat(name) }

// name converts a path to a name in the file system.
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

// path converts a name to a path.
func (d disk) path(name string) string { return filepath.Join(d.root, filepath.FromSlash(name)) }

// shown returns a name as the user sees it: relative to the current directory if it
// lies below it, else absolute.
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

// place sets the directory of the settings, which their patterns are relative to.
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

// inRepository returns a disk that shows names relative to the root of the git
// repository around the current directory. Without a repository it is the disk
// itself.
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

// staysInRepository returns an error if links lead a path out of the git repository
// of the current directory: a pull request can change where a path leads.
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
		return nil // a path that does not exist is reported when it is read
	}
	return fmt.Errorf("%s: a link that points outside the repository; to check its target, name %s", path, realPath)
}

// leadsThrough reports whether a path, as written, lies in a directory, however the
// path spells that directory.
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

// within reports whether a path is a directory or lies below it.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// withShownPath replaces the name in a path error with the path that the user knows.
func (d disk) withShownPath(err error) error {
	var e *lint.PathError
	if errors.As(err, &e) {
		return fmt.Errorf("%s: %s", d.shown(e.Name), e.Problem)
	}
	return err
}
