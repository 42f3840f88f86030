package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// discover finds the configurations below the paths.
func discover(opt Options) (*workspace, error) {
	p, err := newPolicy(opt)
	if err != nil {
		return nil, err
	}
	w := &workspace{opt: opt, policy: p, files: parser.NewFiles(opt.FS), loaded: make(map[string]bool), reached: make(map[*parser.File]bool), mains: make(map[string][]string)}
	for _, p := range opt.Paths {
		info, err := w.files.Stat(p)
		if err != nil {
			return nil, &PathError{p, reason(err)}
		}
		if info.IsDir() {
			if p, err = w.files.RealPath(p); err != nil {
				return nil, &PathError{p, reason(err)}
			}
			err = w.directory(p)
		} else {
			err = w.file(p)
		}
		if err != nil {
			return nil, err
		}
	}
	p.read(w.files)
	w.ask()
	return w, nil
}

// A PathError says why a path that was given cannot be linted.
type PathError struct {
	Name    string // in the file system
	Problem string
}

func (e *PathError) Error() string { return e.Name + ": " + e.Problem }

// note adds a note, once.
func (w *workspace) note(n Note) {
	if !slices.Contains(w.notes, n) {
		w.notes = append(w.notes, n)
	}
}

// reason is an error without the operation and the name.
func reason(err error) string {
	var e *fs.PathError
	if errors.As(err, &e) {
		err = e.Err
	}
	return err.Error()
}

// directory takes everything below a directory: the main files with all they
// include, then what no main file reaches, as fragments.
func (w *workspace) directory(dir string) error {
	w.roots = append(w.roots, dir)
	found, excluded, err := w.walk(dir)
	if err != nil {
		return &PathError{dir, reason(err)}
	}
	if len(found) == 0 {
		if excluded {
			w.notes = append(w.notes, Note{Name: dir, Message: "not checked: the settings exclude what is there"})
		}
		if excluded || usualDirectory(path.Base(dir)) {
			return nil
		}
		return &PathError{dir, "holds no nginx configuration"}
	}
	for _, name := range found {
		if w.context(name) == "main" {
			if err := w.load(load{name: name}); err != nil {
				return err
			}
		}
	}
	enabled := len(w.configs) > 0
	found = slices.DeleteFunc(found, w.isReached)
	for _, level := range []string{"http", "stream", "upstream", "server", "location"} {
		if err := w.fragments(found, level, enabled); err != nil {
			return err
		}
	}
	return nil
}

// fragments loads the files of one level that nothing has reached. Those of
// http level in one directory are one tree, as an include of the directory
// would make them.
func (w *workspace) fragments(found []string, level string, enabled bool) error {
	byDir := make(map[string][]string)
	var order []string
	skipped, skippedName := 0, ""
	for _, name := range found {
		if w.isReached(name) || w.context(name) != level {
			continue
		}
		if enabled && disabled(name) {
			skipped++
			skippedName = name
			continue
		}
		key := name
		if level == "http" {
			key = path.Dir(name)
		}
		if byDir[key] == nil {
			order = append(order, key)
		}
		byDir[key] = append(byDir[key], name)
	}
	if skipped > 0 {
		w.note(Note{Name: path.Dir(skippedName), Message: fmt.Sprintf("%d not checked, for nginx does not read them (not enabled); name one to check it", skipped)})
	}
	for _, key := range order {
		names := byDir[key]
		if err := w.load(load{names[0], names[1:]}); err != nil {
			return err
		}
	}
	return nil
}

// disabled reports whether a file that no main file reaches is one of those
// that are enabled by a link elsewhere.
func disabled(name string) bool {
	return strings.HasSuffix(path.Dir(name), "-available")
}

// file takes one file. Where a main file near it includes it, it is read in
// that context; else it is a fragment, with the others of its directory around
// it.
func (w *workspace) file(name string) error {
	if w.targets == nil {
		w.targets = make(map[string]bool)
	}
	f, err := w.files.Read(name)
	if err != nil {
		return &PathError{name, reason(err)}
	}
	if !holdsAny(f) {
		return &PathError{name, "holds no nginx configuration"}
	}
	if w.policy.excluded(w.realName(name)) {
		w.notes = append(w.notes, Note{Name: name, Message: "not checked: the settings exclude it"})
		return nil
	}
	w.targets[f.Name] = true
	level := w.context(f.Name)
	if level == "main" { // all that it includes is meant, too
		w.roots = append(w.roots, path.Dir(name))
		if dir := path.Dir(w.realName(name)); dir != path.Dir(name) { // files have their real names
			w.roots = append(w.roots, dir)
		}
		return w.load(load{name: name})
	}
	if w.reached[f] {
		return nil
	}
	for _, main := range w.mainsAbove(path.Dir(f.Name)) {
		cfg, err := parser.Load(w.files, main, w.options())
		if err == nil && slices.Contains(cfg.Files, f) {
			return w.load(load{name: main})
		}
	}
	l := load{name: f.Name}
	if level == "http" {
		l.beside = w.siblings(f.Name)
	}
	return w.load(l)
}

// siblings returns the other fragments of http level in a file's directory.
func (w *workspace) siblings(name string) []string {
	var names []string
	for _, e := range w.list(path.Dir(name)) {
		other := path.Join(path.Dir(name), e.Name())
		if e.Type().IsRegular() && other != name && w.around(other) && w.context(other) == "http" {
			names = append(names, other)
		}
	}
	return names
}

// list returns what lies in a directory around a file that was named. Where that
// cannot be told it is noted: the file itself can be judged without.
func (w *workspace) list(dir string) []fs.DirEntry {
	entries, err := w.files.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.note(Note{Name: dir, Message: "not read: " + reason(err) + "; what lies there beside what is checked is not known"})
	}
	return entries
}

// around reports whether a file around one that was named is nginx
// configuration. One that cannot be read is noted, and is trouble only where it
// is the main file by its name.
func (w *workspace) around(name string) bool {
	ok, err := w.candidate(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.note(Note{Name: name, Message: "not read: " + reason(err) + "; whether it goes with what is checked is not known", Trouble: path.Base(name) == "nginx.conf"})
	}
	return ok
}

// mainsAbove returns the main files in a directory and those above it, up to
// the repository's root.
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
