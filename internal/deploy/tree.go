package deploy

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// A node is a file, a directory or a link of a tree.
type node struct {
	children map[string]*node // of a directory, or of the directory that it links to, once it was opened
	link     string           // what it links to in the repository; "" if it is no link
	kind     fs.FileMode      // of what it links to, as its directory says
	text     []byte           // of a file that is not in the repository
	ignored  *ignored         // what of a directory of a build is not there
	err      error            // why the directory could not be read
	unknown  bool             // what is here, or what else is in the directory, is not known
	place    Place            // what put it there
}

func newDir() *node { return &node{children: make(map[string]*node)} }

// A tree is the file system of a container. Paths in it begin with a slash.
type tree struct {
	root   *node
	reader *reader
}

func (r *reader) newTree() *tree { return &tree{newDir(), r} }

// clone copies the directories of a tree, because one stage of a Dockerfile can be
// the base of several. The files stay the same.
func (t *tree) clone() *tree { return &tree{t.copy(t.root), t.reader} }

// copy copies a node. If that takes too long, the copy is unknown.
func (t *tree) copy(n *node) *node {
	if !t.reader.spend(1) {
		return &node{unknown: true, place: n.place}
	}
	c := *n
	if n.link != "" {
		c.children = nil
	} else if n.children != nil {
		c.children = make(map[string]*node, len(n.children))
		for name, child := range n.children {
			c.children[name] = t.copy(child)
		}
	}
	return &c
}

func elements(name string) []string {
	name = strings.Trim(path.Clean("/"+name), "/")
	if name == "" {
		return nil
	}
	return strings.Split(name, "/")
}

// absolute returns the path of a name that is relative to a directory of the container.
func absolute(dir, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join("/", dir, name)
}

// at returns the node of a path, or nil. A directory of the repository is opened on
// the way. unknown reports whether the way leads through something unknown.
func (t *tree) at(name string) (n *node, unknown bool) {
	n, unknown, _ = t.find(name)
	return n, unknown
}

// find is at with the error of a directory that could not be read.
func (t *tree) find(name string) (n *node, unknown bool, err error) {
	n = t.root
	unknown = n.unknown
	for _, element := range elements(name) {
		t.open(n)
		unknown = unknown || n.unknown
		if err := n.err; err != nil {
			return nil, true, err
		}
		if n = n.children[element]; n == nil {
			return nil, unknown, nil
		}
	}
	return n, unknown || n.unknown, nil
}

// open makes the children of a link to a directory of the repository: links to its
// entries.
func (t *tree) open(n *node) {
	if n.link == "" || n.children != nil || !t.isDir(n) {
		return
	}
	n.children = make(map[string]*node)
	entries, ok, err := t.reader.list(n.link)
	n.unknown, n.err = n.unknown || !ok && err == nil, err
	for _, e := range entries {
		if name := path.Join(n.link, e.Name()); !n.ignored.keepsOut(name, e.IsDir()) {
			n.children[e.Name()] = &node{link: name, kind: e.Type() | listed, ignored: n.ignored, place: n.place}
		}
	}
}

// own makes a directory of the container's own, which can differ from the one in the
// repository. A file is replaced.
func (t *tree) own(n *node) {
	t.open(n)
	n.link = ""
	if n.children == nil {
		n.children, n.text = make(map[string]*node), nil
	}
}

// settle makes a directory of the container's own where a link would lead to more than
// the build has.
func (t *tree) settle(n *node) {
	if n.ignored != nil && n.link != "" && t.isDir(n) {
		t.own(n)
	}
}

// dir returns the directory of a path, which is made if it does not exist.
func (t *tree) dir(name string) *node {
	n := t.root
	for _, element := range elements(name) {
		t.own(n)
		child := n.children[element]
		if child == nil {
			child = newDir()
			n.children[element] = child
		}
		n = child
	}
	t.own(n)
	return n
}

// put sets what is at a path, as a mount does.
func (t *tree) put(name string, n *node) {
	dir, base := path.Split(path.Clean("/" + name))
	if base == "" {
		t.root = n
		return
	}
	t.dir(dir).children[base] = n
}

// remove removes what is at a path.
func (t *tree) remove(name string) {
	dir, base := path.Split(path.Clean("/" + name))
	if n, _ := t.at(name); n != nil {
		delete(t.dir(dir).children, base)
	}
}

// merge adds a directory to what is at a path, as COPY does.
func (t *tree) merge(name string, from *node) {
	if existing, _ := t.at(name); existing == nil {
		t.put(name, t.copy(from))
		return
	}
	source := &tree{t.copy(from), t.reader}
	source.open(source.root)
	into := t.dir(name)
	into.unknown = into.unknown || from.unknown
	for _, child := range source.names(source.root) {
		n := source.root.children[child]
		if t.isDir(n) {
			t.merge(path.Join(name, child), n)
		} else {
			into.children[child] = n
		}
	}
}

// isDir reports whether a node is a directory, or a link to one.
func (t *tree) isDir(n *node) bool {
	if n.link == "" {
		return n.children != nil
	}
	if n.kind&listed != 0 && n.kind&fs.ModeSymlink == 0 {
		return n.kind.IsDir()
	}
	dir, ok := t.reader.kind(n.link)
	return ok && dir
}

// listed marks the kind of a node that a list of its directory says.
const listed fs.FileMode = 1

// forget says that what is at a path is not known.
func (t *tree) forget(name string, place Place) {
	if n, _ := t.at(name); n != nil && t.isDir(n) {
		t.dir(name).unknown = true
		return
	}
	t.put(name, &node{unknown: true, place: place})
}

// names returns the names of a directory's entries, sorted.
func (t *tree) names(n *node) []string {
	t.open(n)
	return slices.Sorted(maps.Keys(n.children))
}

// linked returns the files of the repository at or below a path of the container, by
// their paths there. Directories are listed within the limits.
func (t *tree) linked(name string, n *node, visit func(inContainer string, n *node)) {
	if !t.isDir(n) {
		visit(name, n)
		return
	}
	for _, child := range t.names(n) {
		t.linked(path.Join(name, child), n.children[child], visit)
	}
}

var _ fs.ReadLinkFS = (*Overlay)(nil)
