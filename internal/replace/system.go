package replace

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/descriptor"
)

// calling is called before each system call of a transaction or a recovery. A test
// makes the call fail, or kills the process there.
var calling = func(call, path string) error { return nil }

// A directory is an open directory. Everything in it is reached through its
// descriptor, so changes of its path do not matter.
type directory struct {
	path string // absolute and without links, for messages and journals
	root *os.Root
}

// openDirectory opens a directory by a path without links.
func openDirectory(path string) (*directory, error) {
	if err := calling("opendir", path); err != nil {
		return nil, err
	}
	root, err := descriptor.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &directory{path, root}, nil
}

func (d *directory) close() { d.root.Close() }

// join returns the path of a file of the directory, for messages.
func (d *directory) join(name string) string { return filepath.Join(d.path, name) }

// A file is an open file, whose calls can fail in a test.
type file struct {
	*os.File
	path string
}

// open opens a file of the directory for writing.
func (d *directory) open(name string, flag int) (*file, error) {
	if err := calling("open", d.join(name)); err != nil {
		return nil, err
	}
	f, err := d.root.OpenFile(name, flag, 0o600)
	return &file{f, d.join(name)}, err
}

// openRegular opens a regular file of the directory for reading. It refuses a link, a
// pipe or a device. The open file itself decides what it is.
func (d *directory) openRegular(name string) (*os.File, fs.FileInfo, error) {
	info, err := d.lstat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err == nil {
		err = calling("read", d.join(name))
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := d.root.OpenFile(name, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, nil, err
	}
	now, err := f.Stat()
	if err == nil && !os.SameFile(info, now) { // os.Root follows links inside of the directory
		err = ErrChanged
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, now, nil
}

// readAtMost reads at most that many bytes of an open file, and one more.
func readAtMost(f *os.File, most int) ([]byte, error) {
	return io.ReadAll(io.LimitReader(f, int64(most)+1))
}

// Write fails in a test like on a full disk: after a part of the text is written.
func (f *file) Write(text []byte) (int, error) {
	if err := calling("write", f.path); err != nil {
		n, _ := f.File.Write(text[:len(text)/2])
		return n, err
	}
	return f.File.Write(text)
}

func (f *file) Sync() error {
	if err := calling("fsync", f.path); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f *file) Chmod(mode fs.FileMode) error {
	if err := calling("chmod", f.path); err != nil {
		return err
	}
	return f.File.Chmod(mode)
}

func (f *file) Chown(uid, gid int) error {
	if err := calling("chown", f.path); err != nil {
		return err
	}
	return f.File.Chown(uid, gid)
}

func (f *file) Close() error { return errors.Join(calling("close", f.path), f.File.Close()) }

func (d *directory) lstat(name string) (fs.FileInfo, error) {
	if err := calling("lstat", d.join(name)); err != nil {
		return nil, err
	}
	return d.root.Lstat(name)
}

func (d *directory) list() ([]fs.DirEntry, error) {
	if err := calling("readdir", d.path); err != nil {
		return nil, err
	}
	f, err := d.root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

func (d *directory) link(from, to string) error {
	if err := calling("link", d.join(to)); err != nil {
		return err
	}
	return d.root.Link(from, to)
}

func (d *directory) rename(from, to string) error {
	if err := calling("rename", d.join(to)); err != nil {
		return err
	}
	return d.root.Rename(from, to)
}

// remove removes a file. It is not an error if the file does not exist.
func (d *directory) remove(name string) error {
	if err := calling("remove", d.join(name)); err != nil {
		return err
	}
	if err := d.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sync makes renames durable. Users do not need to see its errors: the files are
// right, and some file systems cannot sync a directory.
func (d *directory) sync() {
	if calling("open", d.path) != nil {
		return
	}
	f, err := d.root.Open(".")
	if err != nil {
		return
	}
	defer f.Close()
	if calling("fsync", d.path) == nil {
		_ = f.Sync()
	}
}
