//go:build unix

package main

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/descriptor"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/git"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ReadRegular reads a regular file in four system calls. The caller has resolved all
// links in the name and has checked that the file may be read, so a link in the name
// is an error. Opening does not wait for the writer of a pipe. The type is that of
// the open file, so the file cannot be replaced after the check.
func (d disk) ReadRegular(name string, most int64) ([]byte, error) {
	failed := func(op string, err error) ([]byte, error) {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	d.trace.open(name)
	if !fs.ValidPath(name) {
		return failed("open", fs.ErrInvalid)
	}
	fd, err := descriptor.Open(d.path(name), syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY)
	if err != nil {
		return failed("open", err)
	}
	defer syscall.Close(fd)
	var stat syscall.Stat_t
	switch err := syscall.Fstat(fd, &stat); {
	case err != nil:
		return failed("stat", err)
	case stat.Mode&syscall.S_IFMT != syscall.S_IFREG:
		return failed("open", parser.ErrNotRegular)
	case stat.Size > most:
		return failed("read", parser.TooLarge(most))
	}
	src := make([]byte, 0, stat.Size+1) // one more: a short read is the end
	for {
		n, err := retried(func() (int, error) { return syscall.Read(fd, src[len(src):cap(src)]) })
		if err != nil {
			return failed("read", err)
		}
		src = src[:len(src)+n]
		switch {
		case n == 0, len(src) < cap(src) && int64(len(src)) == stat.Size:
			return src, nil
		case int64(len(src)) > most:
			return failed("read", parser.TooLarge(most))
		case len(src) == cap(src): // the file has grown
			src = append(src, 0)[:len(src)]
		}
	}
}

// ReadDir lists a directory. Its name contains no links.
func (d disk) ReadDir(name string) ([]fs.DirEntry, error) {
	d.trace.list(name)
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return descriptor.ReadDir(d.path(name))
}

// ReadRegular reads a file as of the revision, or from the disk if git does not track
// it.
func (r revision) ReadRegular(name string, most int64) ([]byte, error) {
	name, err := parser.RealPath(r, name)
	if err != nil {
		return nil, err
	}
	rel, ok := r.inside(name)
	if !ok {
		return r.disk.ReadRegular(name, most)
	}
	info, err := r.tree.Lstat(rel)
	switch {
	case errors.Is(err, git.ErrSubmodule):
		return r.disk.ReadRegular(name, most)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "open", Path: name, Err: parser.ErrNotRegular}
	case info.Size() > most:
		return nil, &fs.PathError{Op: "read", Path: name, Err: parser.TooLarge(most)}
	}
	return r.tree.ReadFile(rel)
}

// retried repeats a system call that a signal interrupted.
func retried(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}
