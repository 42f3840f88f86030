package deploy

import (
	"path"
	"slices"
	"strings"
)

// copy carries out COPY or ADD.
func (b *build) copy(in instruction) {
	words, _ := in.words()
	place := Place{b.dockerfile, in.line}
	if len(words) < 2 {
		return
	}
	sure := true
	for i := range words {
		var known bool
		words[i], known = interpolate(words[i], b.vars(), true)
		sure = sure && known
		if !known && i == len(words)-1 { // it may be anywhere
			b.tree.root.unknown = true
			return
		}
	}
	target := words[len(words)-1]
	if !sure {
		b.tree.forget(absolute(b.workdir, target), place)
		return
	}
	into := strings.HasSuffix(target, "/") || target == "." || len(words) > 2
	target = absolute(b.workdir, target)
	if n, _ := b.tree.at(target); n != nil && b.tree.isDir(n) {
		into = true
	}
	docs := 0
	for _, source := range words[:len(words)-1] {
		switch {
		case strings.HasPrefix(source, "<<") && docs < len(in.docs):
			b.heredoc(in.docs[docs], target, into, place)
			docs++
		case in.name == "ADD" && (strings.Contains(source, "://") || archive(source)):
			b.tree.forget(target, place)
		default:
			b.copyOne(in, source, target, into, place)
		}
	}
}

// heredoc writes a text of the Dockerfile to a file.
func (b *build) heredoc(doc heredoc, target string, into bool, place Place) {
	text, known := doc.text, true
	if !doc.quoted {
		text, known = interpolate(text, func(name string) (string, bool) { // what is not set becomes empty
			value, _ := b.vars()(name)
			return value, true
		}, true)
	}
	if into {
		target = path.Join(target, doc.name)
	}
	n := &node{text: []byte(text), place: place, unknown: !known}
	b.tree.put(target, n)
}

func archive(name string) bool {
	for _, ending := range []string{".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar.zst"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return false
}

// copyOne copies one source, which can be a pattern.
func (b *build) copyOne(in instruction, source, target string, into bool, place Place) {
	from := b.sources(in)
	if from == nil {
		b.tree.forget(target, place)
		return
	}
	found := from.matching(source)
	if len(found) == 0 || slices.Contains(in.flags, "--parents") {
		if into && path.Ext(source) != "" { // else it may be a directory
			target = path.Join(target, path.Base(source))
		}
		b.tree.forget(target, place)
		return
	}
	into = into || len(found) > 1
	for _, f := range found {
		n := b.tree.copy(f.node)
		n.place = place
		switch {
		case b.tree.isDir(n):
			b.tree.merge(target, n)
		case into:
			b.tree.put(path.Join(target, path.Base(f.name)), n)
		default:
			b.tree.put(target, n)
		}
	}
}

// sources returns the tree that an instruction copies from, or nil.
func (b *build) sources(in instruction) *tree {
	from := in.flag("from")
	if from == "" {
		if !b.inContext {
			return nil
		}
		if b.stages.context == nil {
			b.stages.context = &tree{&node{link: b.context, ignored: b.reader.ignoredBy(b.dockerfile, b.context)}, b.reader}
		}
		return b.stages.context
	}
	from, known := interpolate(from, b.stages.args.lookup, true)
	if n := b.stages.index(from); n >= 0 {
		if s := b.stage(n); s != nil {
			return s.tree
		}
		return nil
	}
	return b.reader.imageTree(imageOf(from, known))
}

// A match is a node with its path.
type match struct {
	name string
	node *node
}

// matching returns the nodes that a pattern of COPY matches.
func (t *tree) matching(pattern string) []match {
	pattern = path.Clean("/" + pattern)
	if !strings.ContainsAny(pattern, "*?[") {
		n, _ := t.at(pattern)
		if n == nil || n.unknown && n.children == nil && n.link == "" {
			return nil
		}
		if n.link != "" && n.kind&listed == 0 {
			if _, ok := t.reader.kind(n.link); !ok {
				return nil
			}
		}
		return []match{{pattern, n}}
	}
	found := []match{{"/", t.root}}
	for _, element := range elements(pattern) {
		var next []match
		for _, f := range found {
			if !t.isDir(f.node) {
				continue
			}
			for _, name := range t.names(f.node) {
				if ok, _ := path.Match(element, name); ok && len(next) < maxEntries {
					next = append(next, match{path.Join(f.name, name), f.node.children[name]})
				}
			}
		}
		found = next
	}
	return found
}
