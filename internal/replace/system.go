package replace

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// calling is asked before each call to the system that a transaction or a
// recovery makes; a test has it fail, or is killed there.
var calling = func(call, path string) error { return nil }

// A file is an open file, whose calls can fail in a test.
type file struct{ *os.File }

func openFile(name string, flag int) (*file, error) {
	if err := calling("open", name); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, flag, 0o600)
	return &file{f}, err
}

// Write fails in a test as a full disk does: with a part of the text written.
func (f *file) Write(text []byte) (int, error) {
	if err := calling("write", f.Name()); err != nil {
		n, _ := f.File.Write(text[:len(text)/2])
		return n, err
	}
	return f.File.Write(text)
}

func (f *file) Sync() error {
	if err := calling("fsync", f.Name()); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f *file) Chmod(mode fs.FileMode) error {
	if err := calling("chmod", f.Name()); err != nil {
		return err
	}
	return f.File.Chmod(mode)
}

func (f *file) Chown(uid, gid int) error {
	if err := calling("chown", f.Name()); err != nil {
		return err
	}
	return f.File.Chown(uid, gid)
}

func (f *file) Close() error { return errors.Join(calling("close", f.Name()), f.File.Close()) }

func lstat(name string) (fs.FileInfo, error) {
	if err := calling("lstat", name); err != nil {
		return nil, err
	}
	return os.Lstat(name)
}

func readFile(name string) ([]byte, error) {
	if err := calling("read", name); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

func readDir(name string) ([]fs.DirEntry, error) {
	if err := calling("readdir", name); err != nil {
		return nil, err
	}
	return os.ReadDir(name)
}

func link(from, to string) error {
	if err := calling("link", to); err != nil {
		return err
	}
	return os.Link(from, to)
}

func rename(from, to string) error {
	if err := calling("rename", to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func chtimes(name string, at time.Time) error {
	if err := calling("utimes", name); err != nil {
		return err
	}
	return os.Chtimes(name, at, at)
}

// remove removes a file. That it is gone already is fine.
func remove(name string) error {
	if err := calling("remove", name); err != nil {
		return err
	}
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
