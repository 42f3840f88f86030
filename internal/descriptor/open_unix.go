//go:build unix

package descriptor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Open opens a path and returns the file descriptor. If an element of the path is a
// symbolic link, the error is ErrLink. The flags are those of open(2).
func Open(path string, flags int) (int, error) {
	for {
		fd, err := open(path, flags|unix.O_CLOEXEC|unix.O_NOFOLLOW)
		if !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

// walk is Open for systems without a single call for it: it opens one element after
// the other.
func walk(path string, flags int) (int, error) {
	at, rest := unix.AT_FDCWD, filepath.Clean(path)
	if filepath.IsAbs(rest) {
		root, err := unix.Open("/", searchOnly|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != nil {
			return -1, err
		}
		at, rest = root, strings.TrimLeft(rest, "/")
	}
	for {
		element, below, more := strings.Cut(rest, "/")
		mode := flags
		if more {
			mode = searchOnly | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC
		}
		if element == "" {
			element = "."
		}
		fd, err := unix.Openat(at, element, mode, 0)
		if err != nil {
			err = linkError(at, element, err)
		}
		if at != unix.AT_FDCWD {
			unix.Close(at)
		}
		if err != nil || !more {
			return fd, err
		}
		at, rest = fd, below
	}
}

// linkError returns the error of opening an element: ErrLink if the element is a
// link. Systems return different errors for O_NOFOLLOW.
func linkError(at int, element string, err error) error {
	var stat unix.Stat_t
	if unix.Fstatat(at, element, &stat, unix.AT_SYMLINK_NOFOLLOW) == nil && uint32(stat.Mode)&unix.S_IFMT == unix.S_IFLNK {
		return ErrLink
	}
	return err
}

// ReadDir lists a directory, sorted by name. No element of the path may be a symbolic
// link.
func ReadDir(path string) ([]fs.DirEntry, error) {
	fd, err := Open(path, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	entries, err := f.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// stat returns what a path without links is.
func stat(path string) (fs.FileInfo, error) {
	fd, err := Open(path, searchOnly|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	return f.Stat()
}
