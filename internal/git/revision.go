package git

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Revision is the tree of a commit. Names are relative to the repository's root. No
// method follows symbolic links.
type Revision struct {
	objects *objects
	top     string // the tree of the root

	mu   sync.Mutex
	dirs map[string]map[string]entry // by the name of the object
}

// ErrSubmodule is the error for files in another repository.
var ErrSubmodule = errors.New("in a submodule")

// Open opens a revision of the repository. The caller must close it.
func (r *Repository) Open(rev string) (*Revision, error) {
	oid, err := r.resolve(rev)
	if err != nil {
		return nil, err
	}
	o, err := r.openObjects()
	if err != nil {
		return nil, err
	}
	commit, _, err := o.read(oid+"^{commit}", "commit")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s is not a commit", rev), o.close())
	}
	top, _, err := o.read(commit+"^{tree}", "tree")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the tree of %s cannot be read: %w", rev, err), o.close())
	}
	return &Revision{objects: o, top: top, dirs: make(map[string]map[string]entry)}, nil
}

// Close stops git.
func (r *Revision) Close() error { return r.objects.close() }

func (r *Revision) dir(oid string) (map[string]entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if all, ok := r.dirs[oid]; ok {
		return all, nil
	}
	all, err := r.objects.tree(oid)
	if err == nil {
		r.dirs[oid] = all
	}
	return all, err
}

// find returns the entry of a name.
func (r *Revision) find(op, name string) (entry, error) {
	at := entry{modeTree, r.top}
	if name == "." {
		return at, nil
	}
	for element := range strings.SplitSeq(name, "/") {
		if at.mode == modeSubmodule {
			return at, &fs.PathError{Op: op, Path: name, Err: ErrSubmodule}
		}
		if at.mode != modeTree {
			return at, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
		all, err := r.dir(at.oid)
		if err != nil {
			return at, &fs.PathError{Op: op, Path: name, Err: err}
		}
		var ok bool
		if at, ok = all[element]; !ok {
			return at, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
	}
	if at.mode == modeSubmodule {
		return at, &fs.PathError{Op: op, Path: name, Err: ErrSubmodule}
	}
	return at, nil
}

// Lstat describes the entry of a name.
func (r *Revision) Lstat(name string) (fs.FileInfo, error) {
	e, err := r.find("stat", name)
	if err != nil {
		return nil, err
	}
	return info{path.Base(name), e, r}, nil
}

// ReadFile returns the content of a file, or the target of a link.
func (r *Revision) ReadFile(name string) ([]byte, error) {
	e, err := r.find("open", name)
	if err != nil {
		return nil, err
	}
	_, text, err := r.objects.read(e.oid, "blob")
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return text, nil
}

// ReadDir lists a directory, sorted by name. Submodules are directories.
func (r *Revision) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := r.find("open", name)
	if err != nil {
		return nil, err
	}
	all, err := r.dir(e.oid)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	var entries []fs.DirEntry
	for name, e := range all {
		entries = append(entries, fs.FileInfoToDirEntry(info{name, e, r}))
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// info describes an entry.
type info struct {
	name string
	entry
	revision *Revision
}

func (i info) Name() string { return i.name }

func (i info) Mode() fs.FileMode {
	switch i.mode {
	case modeTree, modeSubmodule:
		return fs.ModeDir | 0o755
	case modeLink:
		return fs.ModeSymlink | 0o777
	case "100755":
		return 0o755
	}
	return 0o644
}

// Size is rarely needed, so it reads the file.
func (i info) Size() int64 {
	if i.IsDir() {
		return 0
	}
	_, text, err := i.revision.objects.read(i.oid, "blob")
	if err != nil {
		return 0
	}
	return int64(len(text))
}

func (info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool      { return i.Mode().IsDir() }
func (info) Sys() any           { return nil }
