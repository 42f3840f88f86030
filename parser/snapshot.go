package parser

import (
	"io/fs"
	"sync"
)

// A snapshot is a file system that performs each query once. A directory stays as a
// run first saw it, including errors, however often the configuration is read again
// for a proof and whatever happens on the disk meanwhile. Files does the same for the
// content of files.
type snapshot struct {
	fs.FS
	answers *sync.Map // by query
}

type query struct{ call, name string }

type reply[T any] struct {
	value T
	err   error
}

// once performs a query, or returns the cached result.
func once[T any](s snapshot, call, name string, ask func(fs.FS, string) (T, error)) (T, error) {
	known, ok := s.answers.Load(query{call, name})
	if !ok {
		value, err := ask(s.FS, name)
		known, _ = s.answers.LoadOrStore(query{call, name}, reply[T]{value, err})
	}
	a := known.(reply[T])
	return a.value, a.err
}

// Stat follows the links of provided directories by calls whose results are kept.
func (s snapshot) Stat(name string) (fs.FileInfo, error) {
	if !s.provided(name) {
		return once(s, "stat", name, fs.Stat)
	}
	realName, err := RealPath(s, name)
	if err != nil {
		return nil, err
	}
	return s.Lstat(realName)
}

func (s snapshot) ReadDir(name string) ([]fs.DirEntry, error) {
	return once(s, "readdir", name, fs.ReadDir)
}

func (s snapshot) Lstat(name string) (fs.FileInfo, error) { return once(s, "lstat", name, fs.Lstat) }

func (s snapshot) ReadLink(name string) (string, error) {
	return once(s, "readlink", name, fs.ReadLink)
}

// A Provider is a file system that also has files which come from elsewhere than the
// user's tree. See File.Provided.
type Provider interface {
	Provided(realName string) bool
}

func (s snapshot) provided(realName string) bool {
	p, ok := s.FS.(Provider)
	return ok && p.Provided(realName)
}
