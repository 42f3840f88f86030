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
	w := &workspace{opt: opt, files: parser.NewFiles(opt.FS), reached: make(map[string]bool)}
	for _, p := range opt.Paths {
		info, err := fs.Stat(opt.FS, p)
		if err != nil {
			return nil, &PathError{p, reason(err)}
		}
		if info.IsDir() {
			if p, err = parser.RealPath(opt.FS, p); err != nil {
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
	return w, nil
}

// A PathError says why a path that was given cannot be linted.
type PathError struct {
	Name    string // in the file system
	Problem string
}

func (e *PathError) Error() string { return e.Name + ": " + e.Problem }

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
	found, err := w.walk(dir)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		if usualDirectory(path.Base(dir)) {
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
		w.notes = append(w.notes, Note{Name: path.Dir(skippedName), Message: fmt.Sprintf("%d not checked, for nginx does not read them (not enabled); name one to check it", skipped)})
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
	w.targets[f.Name] = true
	level := w.context(f.Name)
	if level == "main" { // all that it includes is meant, too
		w.roots = append(w.roots, path.Dir(name))
		return w.load(load{name: name})
	}
	if w.reached[f.Name] {
		return nil
	}
	for _, main := range w.mainsAbove(path.Dir(f.Name)) {
		cfg, err := parser.Load(w.opt.FS, main, w.options())
		if err == nil && slices.Contains(cfg.Files, f) {
			return w.load(load{name: main})
		}
	}
	l := load{name: f.Name}
	if level == "http" {
		siblings, err := w.siblings(f.Name)
		if err != nil {
			return err
		}
		l.beside = siblings
	}
	return w.load(l)
}

// siblings returns the other fragments of http level in a file's directory.
func (w *workspace) siblings(name string) ([]string, error) {
	entries, err := fs.ReadDir(w.opt.FS, path.Dir(name))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		other := path.Join(path.Dir(name), e.Name())
		if e.Type().IsRegular() && w.candidate(other, false) && other != name && w.context(other) == "http" {
			names = append(names, other)
		}
	}
	return names, nil
}

// mainsAbove returns the main files in a directory and those above it, up to
// the repository's root.
func (w *workspace) mainsAbove(dir string) []string {
	var mains []string
	for range 6 {
		entries, _ := fs.ReadDir(w.opt.FS, dir)
		top := dir == "."
		for _, e := range entries {
			top = top || e.Name() == ".git"
			name := path.Join(dir, e.Name())
			if e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".conf") && w.candidate(name, false) && w.context(name) == "main" {
				mains = append(mains, name)
			}
		}
		if top {
			break
		}
		dir = path.Dir(dir)
	}
	return mains
}
