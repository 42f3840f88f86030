package deploy

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An Overlay is a file system in which the trees of views stand next to the
// repository's files, each below a root of its own.
type Overlay struct {
	base  fs.FS
	roots map[string]*tree

	mu sync.Mutex // the trees open directories while they are read
}

// NewOverlay returns the overlay of a repository, without views.
func NewOverlay(base fs.FS) *Overlay { return &Overlay{base: base} }

// Mount adds a view below a root, which is a name without a slash. It must not be
// called while the overlay is read.
func (o *Overlay) Mount(root string, v *View) {
	if o.roots == nil {
		o.roots = make(map[string]*tree)
	}
	o.roots[root] = v.tree
}

// Provided reports whether a name, which has no links, is a file of a view that is
// not in the repository.
func (o *Overlay) Provided(name string) bool { return o.within(name) != nil }

func (o *Overlay) within(name string) *tree {
	if o.roots == nil {
		return nil
	}
	root, _, _ := strings.Cut(name, "/")
	return o.roots[root]
}

// Exists reports whether the repository or a view has a name.
func (o *Overlay) Exists(name string) bool {
	_, err := o.Lstat(name)
	return err == nil
}

// Unknown reports whether a view does not know what is at a path of its container.
func (o *Overlay) Unknown(root, name string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.roots[root].unknown(name)
}

// find returns the node of a name in a tree.
func (o *Overlay) find(t *tree, call, name string) (*node, error) {
	_, rest, _ := strings.Cut(name, "/")
	o.mu.Lock()
	defer o.mu.Unlock()
	n, _, err := t.find(rest)
	if err != nil {
		return nil, err
	}
	if n == nil || n.children == nil && n.link == "" && n.text == nil {
		return nil, &fs.PathError{Op: call, Path: name, Err: fs.ErrNotExist}
	}
	t.settle(n)
	return n, nil
}

// Open opens a file or a directory.
func (o *Overlay) Open(name string) (fs.File, error) {
	t := o.within(name)
	if t == nil {
		return o.base.Open(name)
	}
	n, err := o.find(t, "open", name)
	if err != nil {
		return nil, err
	}
	if n.text == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return &openText{Reader: bytes.NewReader(n.text), entry: entry{path.Base(name), n}}, nil
}

// ReadRegular implements parser.RegularReader.
func (o *Overlay) ReadRegular(name string, most int64) ([]byte, error) {
	t := o.within(name)
	if t == nil {
		return parser.ReadRegular(o.base, name, most)
	}
	n, err := o.find(t, "open", name)
	if err == nil && n.text == nil {
		err = &fs.PathError{Op: "open", Path: name, Err: parser.ErrNotRegular}
	}
	if err != nil {
		return nil, err
	}
	return n.text, nil
}

// Stat follows links.
func (o *Overlay) Stat(name string) (fs.FileInfo, error) {
	if o.within(name) == nil {
		return fs.Stat(o.base, name)
	}
	realName, err := parser.RealPath(o, name)
	if err != nil {
		return nil, err
	}
	return o.Lstat(realName)
}

// Lstat does not follow links.
func (o *Overlay) Lstat(name string) (fs.FileInfo, error) {
	t := o.within(name)
	if t == nil {
		return fs.Lstat(o.base, name)
	}
	n, err := o.find(t, "lstat", name)
	if err != nil {
		return nil, err
	}
	return entry{path.Base(name), n}, nil
}

// ReadLink returns what a link leads to. The links of views lead to the repository,
// from its root.
func (o *Overlay) ReadLink(name string) (string, error) {
	t := o.within(name)
	if t == nil {
		return fs.ReadLink(o.base, name)
	}
	n, err := o.find(t, "readlink", name)
	if err != nil {
		return "", err
	}
	return "/" + n.link, nil
}

// ReadDir lists a directory.
func (o *Overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	t := o.within(name)
	if t == nil {
		return fs.ReadDir(o.base, name)
	}
	n, err := o.find(t, "readdir", name)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []fs.DirEntry
	for _, child := range t.names(n) {
		t.settle(n.children[child])
		if c := n.children[child]; c.children != nil || c.link != "" || c.text != nil {
			all = append(all, fs.FileInfoToDirEntry(entry{child, c}))
		}
	}
	return all, nil
}

// An entry describes a node.
type entry struct {
	name string
	node *node
}

func (e entry) Name() string       { return e.name }
func (e entry) Size() int64        { return int64(len(e.node.text)) }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool        { return e.Mode().IsDir() }
func (e entry) Sys() any           { return nil }

func (e entry) Mode() fs.FileMode {
	switch {
	case e.node.link != "":
		return fs.ModeSymlink | 0o777
	case e.node.children != nil:
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// openText is an open file of a view that is not in the repository.
type openText struct {
	io.Reader
	entry
}

func (f *openText) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *openText) Close() error               { return nil }
