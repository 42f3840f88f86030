package parser

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// The sizes in bytes above which a file is refused, and all files together.
const (
	MaxFileSize = 64 << 20
	MaxBytes    = 256 << 20
)

// Files reads files and remembers them: a file is parsed once, however many
// names and includes lead to it.
type Files struct {
	fsys fs.FS

	mu     sync.Mutex
	byName map[string]*File  // by any name that was asked for
	byPath map[string]*File  // by the real path
	dirs   map[string]string // the real paths of directories
	bytes  int               // of all files
}

// NewFiles returns an empty store of files of fsys.
func NewFiles(fsys fs.FS) *Files {
	return &Files{fsys: fsys, byName: make(map[string]*File), byPath: make(map[string]*File), dirs: make(map[string]string)}
}

// Read returns the parsed file of that name. The file's own Name is its real
// path: symbolic links are followed. Errors say which file and why.
func (s *Files) Read(name string) (*File, error) {
	name = path.Clean(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.byName[name]; f != nil {
		return f, nil
	}
	realName, err := s.realPath(name)
	if err != nil {
		return nil, err
	}
	f := s.byPath[realName]
	if f == nil {
		src, err := ReadRegular(s.fsys, realName, MaxFileSize)
		if err != nil {
			return nil, err
		}
		if s.bytes += len(src); s.bytes > MaxBytes {
			return nil, &fs.PathError{Op: "read", Path: name, Err: errTooMuch}
		}
		f = Parse(realName, src)
		s.byPath[realName] = f
	}
	s.byName[name] = f
	return f, nil
}

// realPath is RealPath for one of many files of a directory, whose own path is
// followed once.
func (s *Files) realPath(name string) (string, error) {
	dir, base := path.Split(name)
	if dir == "" {
		return RealPath(s.fsys, name)
	}
	realDir, ok := s.dirs[dir]
	if !ok {
		var err error
		if realDir, err = RealPath(s.fsys, path.Clean(dir)); err != nil {
			return "", err
		}
		s.dirs[dir] = realDir
	}
	full := path.Join(realDir, base)
	if links, ok := s.fsys.(fs.ReadLinkFS); ok {
		info, err := links.Lstat(full)
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return RealPath(s.fsys, full)
		}
	}
	return full, nil
}

// With returns a store in which a file has other contents; all that was read
// before and is not named stays as it is. It serves the proof of a patch.
func (s *Files) With(contents map[*File][]byte) *Files {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := NewFiles(s.fsys)
	for realName, f := range s.byPath {
		if src, ok := contents[f]; ok {
			f = Parse(f.Name, src)
		}
		n.byPath[realName] = f
	}
	for name, f := range s.byName {
		n.byName[name] = n.byPath[f.Name]
	}
	return n
}

// ReadRegular reads a regular file of at most that many bytes; a device, a pipe
// or a directory is refused before it is opened.
func ReadRegular(fsys fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	tooLarge := &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("larger than %d MiB", most>>20)}
	if info.Size() > most {
		return nil, tooLarge
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(src)) > most { // it grew, or the system does not tell
		return nil, tooLarge
	}
	return src, nil
}

// The errors for files that are not read.
var (
	errNotRegular = errors.New("not a regular file")
	errTooMuch    = fmt.Errorf("all files together are larger than %d MiB", MaxBytes>>20)
)

// errLinks is the error for a chain of symbolic links without end.
var errLinks = errors.New("too many levels of symbolic links")

// RealPath follows the symbolic links of a name. A link that leads out of the
// file system stays unresolved: opening it then tells.
func RealPath(fsys fs.FS, name string) (string, error) {
	links, ok := fsys.(fs.ReadLinkFS)
	if !ok {
		return name, nil
	}
	done, rest := ".", name
	for hops := 0; rest != ""; {
		element, tail, _ := strings.Cut(rest, "/")
		next := path.Join(done, element)
		rest = tail
		info, err := links.Lstat(next)
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done = next
			continue
		}
		if hops++; hops > 40 {
			return "", &fs.PathError{Op: "open", Path: name, Err: errLinks}
		}
		target, err := links.ReadLink(next)
		if err != nil {
			return "", err
		}
		if path.IsAbs(target) {
			done, target = ".", strings.TrimPrefix(path.Clean(target), "/")
		}
		rest = path.Join(done, target, rest)
		if done = "."; !fs.ValidPath(rest) {
			return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
	}
	return done, nil
}
