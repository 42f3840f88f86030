// Package unsaved is a file system in which some files have other contents than on
// disk: standard input in the place of a file, and what an editor has not saved yet.
package unsaved

import (
	"bytes"
	"cmp"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An FS is a file system over another one. The files of Contents have the given
// contents and need not exist below, but their directories do. The keys are real
// names, without links. Nothing may change in it while it is used.
type FS struct {
	fs.FS
	Contents map[string][]byte
}

// Open opens a file.
func (f FS) Open(name string) (fs.File, error) {
	if src, ok := f.Contents[name]; ok {
		return NewFile(src, about(name, src)), nil
	}
	return f.FS.Open(name)
}

// Stat follows links, as fs.Stat does.
func (f FS) Stat(name string) (fs.FileInfo, error) {
	if src, ok := f.Contents[name]; ok {
		return about(name, src), nil
	}
	return fs.Stat(f.FS, name)
}

// Lstat does not follow links.
func (f FS) Lstat(name string) (fs.FileInfo, error) {
	if src, ok := f.Contents[name]; ok {
		return about(name, src), nil
	}
	return fs.Lstat(f.FS, name)
}

// ReadLink returns where a link points to.
func (f FS) ReadLink(name string) (string, error) {
	if _, ok := f.Contents[name]; ok {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return fs.ReadLink(f.FS, name)
}

// ReadDir lists a directory, with the files that only Contents has.
func (f FS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.FS, name)
	if err != nil {
		return entries, err
	}
	for unsaved, src := range f.Contents {
		at, exists := slices.BinarySearchFunc(entries, path.Base(unsaved), func(e fs.DirEntry, name string) int {
			return cmp.Compare(e.Name(), name)
		})
		if path.Dir(unsaved) == name && !exists {
			entries = slices.Insert(slices.Clone(entries), at, fs.FileInfoToDirEntry(about(unsaved, src)))
		}
	}
	return entries, nil
}

// ReadRegular reads a file as parser.RegularReader demands.
func (f FS) ReadRegular(name string, most int64) ([]byte, error) {
	src, ok := f.Contents[name]
	if !ok {
		return parser.ReadRegular(f.FS, name, most)
	}
	if int64(len(src)) > most {
		return nil, &fs.PathError{Op: "read", Path: name, Err: parser.TooLarge(most)}
	}
	return src, nil
}

// NewFile returns an open file with the given contents.
func NewFile(src []byte, info fs.FileInfo) fs.File { return file{bytes.NewReader(src), info} }

type file struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f file) Close() error               { return nil }

type info struct {
	name string
	size int64
}

func about(name string, src []byte) fs.FileInfo { return info{path.Base(name), int64(len(src))} }

func (i info) Name() string     { return i.name }
func (i info) Size() int64      { return i.size }
func (info) Mode() fs.FileMode  { return 0o644 }
func (info) ModTime() time.Time { return time.Time{} }
func (info) IsDir() bool        { return false }
func (info) Sys() any           { return nil }
