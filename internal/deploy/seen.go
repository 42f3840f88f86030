package deploy

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// unknown reports whether the evidence does not say what is at a path, which may be a
// pattern, or whether there is more than it says.
func (t *tree) unknown(pattern string) bool {
	at, unknown := []*node{t.root}, t.root.unknown
	for _, element := range elements(pattern) {
		var next []*node
		for _, n := range at {
			t.open(n)
			unknown = unknown || n.unknown && n.children != nil
			next = append(next, n.matching(element)...)
		}
		at = next
	}
	return unknown || slices.ContainsFunc(at, func(n *node) bool { return n.unknown })
}

// matching returns the entries of a directory that a pattern matches.
func (n *node) matching(pattern string) (all []*node) {
	if !strings.ContainsAny(pattern, "*?[") {
		if child := n.children[pattern]; child != nil {
			all = append(all, child)
		}
		return all
	}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		if ok, _ := path.Match(pattern, name); ok {
			all = append(all, n.children[name])
		}
	}
	return all
}

// Links calls a function for each link to the repository: its path in the container
// and the name of the file or directory.
func (v *View) Links(visit func(inContainer, name string)) { links("/", v.tree.root, visit) }

func links(at string, n *node, visit func(inContainer, name string)) {
	if n.link != "" {
		visit(at, n.link)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		links(path.Join(at, name), n.children[name], visit)
	}
}

// signature is equal for views that are equal in all that matters.
func (v *View) signature() string {
	var b strings.Builder
	fmt.Fprint(&b, v.Image, v.Version.Versions, v.Main, v.Globals, v.Alone, v.Sealed, v.Host, v.Mounted, v.Private, v.Files, v.Service != "", v.Rendered, "\n")
	if s := v.service; s != nil {
		fmt.Fprint(&b, s.openEnv, v.Unrendered != nil, "\n")
	}
	for _, e := range v.Environment {
		fmt.Fprint(&b, e.Name, e.Value, e.Known, "\n")
	}
	for _, n := range v.Neighbours {
		fmt.Fprint(&b, n.Names, n.Ports, "\n")
	}
	v.Links(func(at, name string) { fmt.Fprint(&b, at, " ", name, "\n") })
	return b.String()
}
