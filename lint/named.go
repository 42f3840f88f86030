package lint

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// file loads a file that was named.
func (w *workspace) file(name string) error {
	if w.targets == nil {
		w.targets = make(map[string]bool)
	}
	if only, err := w.namedManifest(name); only || err != nil {
		return err
	}
	f, err := w.files.Read(name)
	if err != nil {
		return &PathError{name, reason(err)}
	}
	if why := foreignText(f); why != "" || !holdsAny(f) {
		return w.foreign(name, cmp.Or(why, "contains no nginx configuration"))
	}
	if err := w.settingsAbove(w.realName(name)); err != nil {
		return err
	}
	if w.policy.excluded(w.realName(name)) {
		w.passed = append(w.passed, PassedOver{Name: name, Why: "excluded", Meant: true})
		w.notes = append(w.notes, Note{Name: name, Message: "not checked: the settings exclude it"})
		return nil
	}
	w.targets[f.Name] = true
	if w.context(f.Name) == "main" { // its includes are meant as well
		w.roots = append(w.roots, path.Dir(name))
		if dir := path.Dir(w.realName(name)); dir != path.Dir(name) { // files have their real names
			w.roots = append(w.roots, dir)
		}
		if !w.deployedReads(f.Name) {
			return w.load(load{name: name})
		}
	}
	return w.included(f)
}

// included loads a file that is no main file, unless it is loaded already. Where a
// main file near it includes it, it is read in that context; else it is a fragment,
// with the others of its directory around it.
func (w *workspace) included(f *parser.File) error {
	if w.reached[f] {
		return nil
	}
	for _, main := range w.mainsAbove(path.Dir(f.Name)) {
		cfg, err := parser.Load(w.files, main, w.options())
		if err == nil && slices.Contains(cfg.Files, f) {
			return w.load(load{name: main, cfg: cfg})
		}
	}
	if l, ok := w.asEnabled(f.Name); ok {
		return w.load(l)
	}
	l := load{name: f.Name}
	if w.context(f.Name) == "http" {
		l.siblings = w.siblings(f.Name)
	}
	return w.load(l)
}

// foreign handles a named file that is not nginx configuration. It is an error if it
// is the only one, else a note, as for the README in conf.d/*.
func (w *workspace) foreign(name, why string) error {
	if len(w.opt.Paths) == 1 {
		return &PathError{name, why}
	}
	w.passOver(name, "it "+why)
	w.foreigners++
	if w.foreigners == len(w.opt.Paths) {
		return &PathError{name, why}
	}
	return nil
}

// passOver notes why a file is not checked.
func (w *workspace) passOver(name, why string) {
	w.passed = append(w.passed, PassedOver{Name: name, Why: why})
}

// siblings returns the other fragments of http level that a standard main file
// includes together with this one.
func (w *workspace) siblings(name string) []string {
	dir := path.Dir(name)
	pattern := usualPattern(dir)
	if !matches(pattern, name) {
		return nil
	}
	var names []string
	for _, e := range w.list(dir) {
		other := path.Join(dir, e.Name())
		if e.Type().IsRegular() && other != name && matches(pattern, other) && w.around(other) && w.context(other) == "http" {
			names = append(names, other)
		}
	}
	return names
}

// list returns the entries of a directory around a named file. If it cannot be read,
// that is noted: the file can be checked without it.
func (w *workspace) list(dir string) []fs.DirEntry {
	entries, err := w.files.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.note(Note{Name: dir, Message: "not read: " + reason(err) + "; the other files there are unknown"})
	}
	return entries
}

// around reports whether a file around a named one is nginx configuration. If it
// cannot be read, that is noted. It is an error only if its name is that of the main
// file.
func (w *workspace) around(name string) bool {
	ok, err := w.candidate(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.note(Note{Name: name, Message: "not read: " + reason(err) + "; it is unknown whether it belongs to the checked files", Trouble: path.Base(name) == "nginx.conf"})
	}
	return ok
}

// mainsAbove returns the main files in a directory and in those above it, up to the
// repository's root.
func (w *workspace) mainsAbove(dir string) []string {
	if mains, known := w.mains[dir]; known {
		return mains
	}
	var mains []string
	for at, levels := dir, 0; levels < 6; at, levels = path.Dir(at), levels+1 {
		top := at == "."
		for _, e := range w.list(at) {
			top = top || e.Name() == ".git"
			if !strings.HasSuffix(e.Name(), ".conf") || !e.Type().IsRegular() {
				continue
			}
			if name := path.Join(at, e.Name()); w.around(name) && w.context(name) == "main" {
				mains = append(mains, name)
			}
		}
		if top {
			break
		}
	}
	w.mains[dir] = mains
	return mains
}
