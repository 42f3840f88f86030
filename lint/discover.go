package lint

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/deploy"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// discover finds the configurations below the paths.
func discover(opt Options) (*workspace, error) {
	p, err := newPolicy(opt)
	if err != nil {
		return nil, err
	}
	w := &workspace{opt: opt, policy: p, overlay: deploy.NewOverlay(opt.FS), loaded: make(map[string]bool), reached: make(map[*parser.File]bool), mains: make(map[string][]string), noted: make(map[Note]bool), known: make(map[*parser.File]bool)}
	w.files = parser.NewFiles(w.overlay)
	w.files.OnRead(opt.OnRead)
	w.budget = model.NewBudget(w.files.Bytes)
	w.budget.Stop = opt.Cancelled
	if opt.Earlier != nil {
		w.files.Reuse(opt.Earlier.checked.files)
		defer w.files.Reuse(nil)
		w.opt.Earlier = nil // it is not kept
	}
	if err := w.paths(); err != nil {
		return nil, err
	}
	p.read(w.files)
	w.ask()
	return w, w.render()
}

// paths loads what the given paths lead to. First it finds out which files there are,
// and which nginx reads them where.
func (w *workspace) paths() error {
	var steps []func() error
	var dirs []string
	wanted := make(map[*parser.File]bool)
	for _, p := range w.opt.Paths {
		info, err := w.files.Stat(p)
		if err != nil {
			return &PathError{p, reason(err)}
		}
		if !info.IsDir() {
			w.evidence = append(w.evidence, w.evidenceAbove(path.Dir(w.realName(p)))...)
			w.want(wanted, []string{p})
			steps = append(steps, func() error { return w.file(p) })
			continue
		}
		if p, err = w.files.RealPath(p); err != nil {
			return &PathError{p, reason(err)}
		}
		found, all, err := w.walkRoot(p)
		if err != nil {
			return err
		}
		w.want(wanted, found)
		dirs = append(dirs, p)
		steps = append(steps, func() error { return w.directory(p, found, all) })
	}
	w.findDeployed(dirs)
	if err := w.loadDeployed(wanted); err != nil {
		return err
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// A PathError says why a given path cannot be linted.
type PathError struct {
	Name    string // in the file system
	Problem string
}

func (e *PathError) Error() string { return e.Name + ": " + e.Problem }

// note adds a note unless it exists.
func (w *workspace) note(n Note) {
	if w.noted[n] {
		return
	}
	w.noted[n] = true
	w.notes = append(w.notes, n)
}

// reason returns an error without the operation and the name.
func reason(err error) string {
	var e *fs.PathError
	if errors.As(err, &e) {
		err = e.Err
	}
	return err.Error()
}

// walkRoot finds the files below a given directory.
func (w *workspace) walkRoot(dir string) (found []string, all walked, err error) {
	w.roots = append(w.roots, dir)
	w.evidence = append(w.evidence, w.evidenceAbove(dir)...)
	for _, main := range w.mainsAbove(dir) {
		w.above = append(w.above, path.Dir(main))
	}
	found, all, err = w.walk(dir)
	var settings *settingsError
	if errors.As(err, &settings) {
		return nil, all, settings.error
	}
	if err != nil {
		return nil, all, &PathError{dir, reason(err)}
	}
	return found, all, nil
}

// directory loads everything below a directory: the main files with all that they
// include, or the main file above the directory that includes its files; then, as
// fragments, what no main file includes.
func (w *workspace) directory(dir string, found []string, all walked) error {
	if len(found) == 0 && w.routes() {
		return nil
	}
	if len(found) == 0 && !w.readsBelow(dir) {
		return w.nothing(dir, all)
	}
	for _, name := range found {
		if w.context(name) == "main" && !w.deployedReads(name) {
			if err := w.load(load{name: name}); err != nil {
				return err
			}
		}
	}
	if err := w.loadAbove(w.mainsAbove(dir), found); err != nil {
		return err
	}
	found = w.readByNginx(slices.DeleteFunc(found, w.isReached))
	if err := w.available(found); err != nil {
		return err
	}
	for _, level := range []string{"http", "stream", "upstream", "server", "location"} {
		if err := w.fragments(found, level); err != nil {
			return err
		}
	}
	return nil
}

// nothing explains why a directory has nothing to check.
func (w *workspace) nothing(dir string, all walked) error {
	switch {
	case all.excluded:
		w.notes = append(w.notes, Note{Name: dir, Message: "not checked: the settings exclude everything in it"})
	case all.out > 0:
		return &PathError{dir, "contains only links that point outside it; name their targets"}
	case w.firstPassed() != "":
		return &PathError{dir, "contains no nginx configuration that can be checked: " + w.firstPassed()}
	case !usualDirectory(path.Base(dir)):
		return &PathError{dir, "contains no nginx configuration"}
	}
	return nil
}

// readsBelow reports whether a configuration that was loaded has a file of a directory.
func (w *workspace) readsBelow(dir string) bool {
	return slices.ContainsFunc(w.configs, func(cfg *model.Model) bool {
		return slices.ContainsFunc(cfg.Files, func(f *parser.File) bool { return !f.Provided && below(f.Name, dir) })
	})
}

// firstPassed says why the first file was skipped that the user did not exclude, or
// returns "".
func (w *workspace) firstPassed() string {
	for _, p := range w.passed {
		if !p.Meant {
			return p.Why
		}
	}
	return ""
}

// loadAbove loads the main files above a directory that include some of its files.
// Findings are then wanted only in these files.
func (w *workspace) loadAbove(mains, found []string) error {
	below := make(map[*parser.File]bool)
	for _, name := range found {
		if f, err := w.files.Read(name); err == nil && !w.reached[f] {
			below[f] = true
		}
	}
	for _, main := range mains {
		if len(below) == 0 {
			return nil
		}
		if w.deployedReads(main) {
			continue
		}
		cfg, err := parser.Load(w.files, main, w.options())
		if err != nil || !slices.ContainsFunc(cfg.Files, func(f *parser.File) bool { return below[f] }) {
			continue
		}
		if w.linked == nil {
			w.linked = make(map[string]bool)
		}
		for f := range below { // through links, some files lie elsewhere
			w.linked[f.Name] = true
		}
		if err := w.load(load{name: main, cfg: cfg}); err != nil {
			return err
		}
		for _, f := range cfg.Files {
			delete(below, f)
		}
	}
	return nil
}

// fragments loads the files of one level that nothing has included. Those of http
// level that a standard main file includes together are one tree.
func (w *workspace) fragments(found []string, level string) error {
	byDir := make(map[string][]string)
	var order []string
	for _, name := range found {
		if w.isReached(name) || w.context(name) != level {
			continue
		}
		key := name
		if level == "http" && madeTogether(name) {
			key = path.Dir(name)
		}
		if byDir[key] == nil {
			order = append(order, key)
		}
		byDir[key] = append(byDir[key], name)
	}
	for _, key := range order {
		names := byDir[key]
		if err := w.load(load{name: names[0], siblings: names[1:]}); err != nil {
			return err
		}
	}
	return nil
}
