package parser

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/parallel"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/source"
)

// The sizes in bytes above which one file, or all files together, are refused.
const (
	MaxFileSize = 64 << 20
	MaxBytes    = 256 << 20
)

// Files reads and caches files: a file is parsed once, however many names and
// includes lead to it, and a directory is listed once. It is a file system as well,
// with the same cache.
type Files struct {
	fsys snapshot

	mu       sync.Mutex
	byName   map[string]*File // by every name that was used
	failed   map[string]error // by such a name: why it could not be read
	byPath   map[string]*File // by the real path
	dirs     map[string]*directory
	packaged map[string]*File // see assumed
	bytes    *atomic.Int64    // of all files; shared with the stores that With makes
	onRead   func(bytes int)
	choice   source.Choice // which renderings of templates are read

	earlier map[string]*File // see Reuse
}

// A directory is what is known about one.
type directory struct {
	real  string                 // its real path; "" before it is needed
	types map[string]fs.FileMode // of its entries; nil before it is listed
}

// NewFiles returns an empty store for the files of fsys.
func NewFiles(fsys fs.FS) *Files {
	return &Files{
		fsys: snapshot{fsys, &sync.Map{}}, byName: make(map[string]*File), failed: make(map[string]error),
		byPath: make(map[string]*File), dirs: make(map[string]*directory), packaged: make(map[string]*File), bytes: &atomic.Int64{}, choice: source.All,
	}
}

// Read returns the parsed file with a name. The file's own Name is its real path:
// symbolic links are followed. Errors say which file and why. A file that could not
// be read once is not tried again, so that a run sees one tree.
func (s *Files) Read(name string) (*File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.byName[name]; f != nil { // usually the name is clean
		return f, nil
	}
	name = path.Clean(name)
	if f, err := s.byName[name], s.failed[name]; f != nil || err != nil {
		return f, err
	}
	f, err := s.byPath[name], error(nil)
	if f == nil {
		f, err = s.read(name)
	}
	if err != nil {
		s.failed[name] = err
		return nil, err
	}
	s.byName[name] = f
	return f, nil
}

func (s *Files) read(name string) (*File, error) {
	realName, err := s.realPath(name)
	if err != nil {
		return nil, err
	}
	f := s.byPath[realName]
	if f == nil {
		src, err := s.contents(realName)
		if err != nil {
			return nil, err
		}
		f = s.parse(realName, src, &memory{})
		s.byPath[realName] = f
	}
	return f, nil
}

// Fetch reads many files at once, on all cores, so that Read has them in the cache.
// Read reports the files that cannot be read.
func (s *Files) Fetch(names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	type missing struct {
		name, realName string
		file           *File
		err            error
	}
	if len(s.byName)+len(s.byPath) == 0 {
		s.byName, s.byPath = make(map[string]*File, len(names)), make(map[string]*File, len(names))
	}
	all := make([]missing, 0, len(names))
	for _, name := range names {
		if name = path.Clean(name); s.byName[name] != nil || s.failed[name] != nil {
			continue
		}
		realName, err := s.realPath(name)
		if err == nil && s.byPath[realName] == nil {
			s.byPath[realName] = pending
			all = append(all, missing{name: name, realName: realName})
		}
	}
	parallel.Each(len(all), func() func(int) {
		var m memory
		return func(i int) {
			src, err := s.contents(all[i].realName)
			if all[i].err = err; err == nil {
				all[i].file = s.parse(all[i].realName, src, &m)
			}
		}
	})
	for _, m := range all {
		if m.err != nil {
			s.failed[m.name] = m.err
			delete(s.byPath, m.realName)
		} else {
			s.byPath[m.realName], s.byName[m.name] = m.file, m.file
		}
	}
}

// parse parses a file, unless an earlier store has the same.
func (s *Files) parse(realName string, src []byte, m *memory) *File {
	provided := s.fsys.provided(realName)
	if f := s.earlier[realName]; f != nil && f.Provided == provided && bytes.Equal(f.Src, src) {
		return f
	}
	f := parse(realName, src, s.choice, m)
	f.Provided = provided
	return f
}

// Reuse makes the store take files from another one, instead of parsing them again, if
// it reads the same bytes. With nil it does not do so any more.
func (s *Files) Reuse(earlier *Files) {
	s.earlier = nil
	if earlier != nil {
		earlier.mu.Lock()
		defer earlier.mu.Unlock()
		s.earlier = maps.Clone(earlier.byPath)
	}
}

// contents reads a file that is not in the store.
func (s *Files) contents(realName string) ([]byte, error) {
	src, err := ReadRegular(s.fsys.FS, realName, MaxFileSize)
	if s.onRead != nil {
		s.onRead(len(src))
	}
	if err == nil && s.bytes.Add(int64(len(src))) > MaxBytes {
		return nil, &fs.PathError{Op: "read", Path: realName, Err: errTooMuch}
	}
	return src, err
}

// pending stands for a file that is being read.
var pending = &File{}

// directory returns what is known about a directory. The caller holds the lock.
func (s *Files) directory(name string) *directory {
	d := s.dirs[name]
	if d == nil {
		d = &directory{}
		s.dirs[name] = d
	}
	return d
}

// ReadDir lists a directory as it was the first time. It reads the real path, as for
// files, so it does not follow a link that replaces the directory.
func (s *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	realName, err := s.RealPath(name)
	if err != nil {
		return nil, err
	}
	entries, err := s.fsys.ReadDir(realName)
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.directory(name); d.types == nil {
		d.types = make(map[string]fs.FileMode, len(entries))
		for _, e := range entries {
			d.types[e.Name()] = e.Type()
		}
	}
	return entries, err
}

// ReadRegular reads a file again.
func (s *Files) ReadRegular(name string, most int64) ([]byte, error) {
	return ReadRegular(s.fsys.FS, name, most)
}

// Open opens a file again.
func (s *Files) Open(name string) (fs.File, error) { return s.fsys.Open(name) }

// Stat returns the first result again.
func (s *Files) Stat(name string) (fs.FileInfo, error) { return s.fsys.Stat(name) }

// Lstat returns the first result again.
func (s *Files) Lstat(name string) (fs.FileInfo, error) { return s.fsys.Lstat(name) }

// ReadLink returns the first result again.
func (s *Files) ReadLink(name string) (string, error) { return s.fsys.ReadLink(name) }

// split returns a clean name's directory, also clean, and its last element.
func split(name string) (dir, base string) {
	switch i := strings.LastIndexByte(name, '/'); i {
	case -1:
		return ".", name
	case 0:
		return "/", name[1:]
	default:
		return name[:i], name[i+1:]
	}
}

// entry returns the type of a file, without following a link, if its directory was
// listed. The caller holds the lock.
func (s *Files) entry(name string) (fs.FileMode, bool) {
	dir, base := split(name)
	d := s.dirs[dir]
	if d == nil {
		return 0, false
	}
	mode, ok := d.types[base]
	return mode, ok
}

// isDirectory reports whether a name leads to a directory.
func (s *Files) isDirectory(name string) bool {
	s.mu.Lock()
	mode, known := s.entry(name)
	s.mu.Unlock()
	if known && mode&fs.ModeSymlink == 0 {
		return mode.IsDir()
	}
	info, err := s.fsys.Stat(name)
	return err == nil && info.IsDir()
}

// resolve returns the real path of a name, or "" if it is unknown, and whether it is
// a directory.
func (s *Files) resolve(name string) (realName string, directory bool) {
	s.mu.Lock()
	f := s.byName[name]
	s.mu.Unlock()
	if f != nil {
		return f.Name, false
	}
	realName, err := s.RealPath(name)
	if err != nil {
		realName = ""
	}
	return realName, s.isDirectory(name)
}

// RealPath follows the symbolic links of a name like the function of that name, using
// what is known about its directory.
func (s *Files) RealPath(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.realPath(path.Clean(name))
}

// realPath is RealPath for one of many files of a directory, whose own path is
// resolved once.
func (s *Files) realPath(name string) (string, error) {
	dir, base := split(name)
	d := s.directory(dir)
	if d.real == "" {
		var err error
		if d.real, err = RealPath(s.fsys, dir); err != nil {
			return "", err
		}
	}
	full := base
	switch {
	case base == "" || base == "." || base == "..":
		full = path.Join(d.real, base)
	case d.real != ".": // the result is clean
		full = d.real + "/" + base
	}
	mode, known := s.entry(name)
	if !known {
		info, err := s.fsys.Lstat(full)
		if err != nil {
			return "", err
		}
		mode = info.Mode()
	}
	if mode&fs.ModeSymlink != 0 {
		return RealPath(s.fsys, full)
	}
	return full, nil
}

// OnRead sets a function that is called with the bytes of each file that is read,
// possibly by many goroutines at once.
func (s *Files) OnRead(f func(bytes int)) { s.onRead = f }

// Bytes returns the number of bytes read.
func (s *Files) Bytes() int64 { return s.bytes.Load() }

// Names returns the files by all names under which they were read. Directories in
// these names are real; the last element can be a link.
func (s *Files) Names() map[string]*File {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]*File, len(s.byName))
	for name, f := range s.byName {
		dir, base := split(name)
		if d := s.dirs[dir]; d != nil && d.real != "" {
			name = path.Join(d.real, base)
		}
		all[name] = f
	}
	return all
}

// With returns a store in which a file has other contents. All other files stay as
// they were read. The proof of a patch uses it.
func (s *Files) With(contents map[*File][]byte) *Files {
	return s.derive(s.choice, func(f *File) *File {
		if src, ok := contents[f]; ok {
			return parse(f.Name, src, s.choice, &memory{})
		}
		return f
	})
}

// derive returns a store with what this one has read, and with other files in the place
// of some.
func (s *Files) derive(choice source.Choice, replace func(*File) *File) *Files {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := &Files{
		fsys: s.fsys, bytes: s.bytes, choice: choice, byName: make(map[string]*File, len(s.byName)), byPath: make(map[string]*File, len(s.byPath)),
		dirs: maps.Clone(s.dirs), packaged: maps.Clone(s.packaged), failed: maps.Clone(s.failed),
	}
	for realName, f := range s.byPath {
		n.byPath[realName] = replace(f)
	}
	for name, f := range s.byName {
		n.byName[name] = n.byPath[f.Name]
	}
	return n
}

// Snapshot is the file system with the first results of its calls, without the
// contents of files. Unlike the store, a file system that the store reads can use it.
func (s *Files) Snapshot() fs.ReadLinkFS { return s.fsys }

// A RegularReader is a file system with its own way to read a regular file: in fewer
// steps, or without the risk that the file changes its type between two of them.
type RegularReader interface {
	// ReadRegular reads a regular file of at most that many bytes. It must not block
	// on other files (a pipe, a device). It returns ErrNotRegular and TooLarge for
	// these two cases.
	ReadRegular(name string, most int64) ([]byte, error)
}

// ReadRegular reads a regular file of at most that many bytes. A device, a pipe or a
// directory is refused before it is opened.
func ReadRegular(fsys fs.FS, name string, most int64) ([]byte, error) {
	if r, ok := fsys.(RegularReader); ok {
		return r.ReadRegular(name, most)
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrNotRegular}
	}
	tooLarge := &fs.PathError{Op: "read", Path: name, Err: TooLarge(most)}
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
	if int64(len(src)) > most { // the file has grown, or the system does not know its size
		return nil, tooLarge
	}
	return src, nil
}

// The errors for files that are not read.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("too large")
	errTooMuch    = fmt.Errorf("all files together are larger than %d MiB", MaxBytes>>20)
)

// TooLarge returns the error for a file of more than that many bytes, an ErrTooLarge.
func TooLarge(most int64) error { return tooLarge(most) }

type tooLarge int64

func (most tooLarge) Error() string   { return fmt.Sprintf("larger than %d MiB", most>>20) }
func (tooLarge) Is(target error) bool { return target == ErrTooLarge }

// errLinks is the error for an endless chain of symbolic links.
var errLinks = errors.New("too many levels of symbolic links")

// RealPath follows the symbolic links of a name. A link that leads out of the file
// system stays unresolved, and opening it fails.
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
