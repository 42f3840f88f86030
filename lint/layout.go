package lint

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// usualPattern returns the pattern with which the main files of nginx's packages
// (nginx.org's, Debian's, Alpine's) include the files of a directory, or "" if none
// of them does.
func usualPattern(dir string) string {
	switch path.Base(dir) {
	case "conf.d", "http.d":
		return "*.conf"
	case "sites-enabled":
		return "*"
	}
	return ""
}

// matches reports whether a pattern of names matches a file; "" matches none.
func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, path.Base(withoutTemplate(name)))
	return err == nil && ok && pattern != ""
}

// withoutTemplate returns the name of what is made of a template: without the ending
// that says that it is one.
func withoutTemplate(name string) string {
	if kindOfName(name) == templatedName {
		return strings.TrimSuffix(name, path.Ext(name))
	}
	return name
}

// madeTogether reports whether files of http level in a directory are read together
// with one: a standard main file includes them all, or the official image makes them of
// templates.
func madeTogether(name string) bool {
	dir := path.Dir(name)
	return usualPattern(dir) != "" || path.Base(dir) == "templates" && path.Ext(name) == ".template"
}

// readByNginx removes the files that nginx does not read where they are from files
// that no main file includes: they say nothing about the files that nginx does read.
func (w *workspace) readByNginx(found []string) []string {
	patterns := w.includedPatterns()
	for _, name := range found {
		dir := path.Dir(name)
		if usual := usualPattern(dir); len(patterns[dir]) == 0 && matches(usual, name) {
			patterns[dir] = []string{usual}
		}
	}
	return slices.DeleteFunc(found, func(name string) bool {
		why := w.whyUnread(name, patterns)
		if why != "" {
			w.passOver(name, why+"; give its path to check it")
		}
		return why != ""
	})
}

// passedNotes notes, once for each reason and directory, which files were skipped.
func (w *workspace) passedNotes() []Note {
	type group struct{ dir, why string }
	names := make(map[group][]string)
	var order []group
	for _, p := range w.passed {
		if p.Meant {
			continue
		}
		g := group{path.Dir(p.Name), p.Why}
		if names[g] == nil {
			order = append(order, g)
		}
		names[g] = append(names[g], path.Base(p.Name))
	}
	var notes []Note
	for _, g := range order {
		files := names[g][0]
		if n := len(names[g]); n > 1 {
			files = fmt.Sprintf("%d files (%s, ...)", n, files)
		}
		notes = append(notes, Note{Name: g.dir, Message: fmt.Sprintf("%s not checked: %s", files, g.why)})
	}
	return notes
}

// includedPatterns returns, by directory, the patterns with which the main files that
// were read include files.
func (w *workspace) includedPatterns() map[string][]string {
	patterns := make(map[string][]string)
	for _, cfg := range w.configs {
		for _, inc := range cfg.Includes {
			if !inc.Glob || len(inc.Files) == 0 || w.deployedAs[cfg.Config] != nil {
				continue
			}
			for _, f := range inc.Files {
				dir := path.Dir(f.Name)
				if pattern := path.Base(inc.Directive.Param(0)); !slices.Contains(patterns[dir], pattern) {
					patterns[dir] = append(patterns[dir], pattern)
				}
			}
		}
	}
	return patterns
}

// whyUnread says, from the patterns of each directory, why nginx does not read a file
// that no main file includes, or returns "".
func (w *workspace) whyUnread(name string, patterns map[string][]string) string {
	dir := path.Dir(name)
	read := func(pattern string) bool { return matches(pattern, name) }
	if wanted := patterns[dir]; len(wanted) > 0 && !slices.ContainsFunc(wanted, read) {
		return fmt.Sprintf("nginx reads %s there", strings.Join(wanted, " and "))
	}
	if why := w.besideDeployed(name); why != "" {
		return why
	}
	if d := w.enabledBy(name); d != "" {
		return "not enabled in " + d
	}
	if enabled := parser.EnabledDir(name); enabled != "" && w.holdsFiles(path.Join(path.Dir(dir), enabled)) {
		return "not enabled by a link in " + enabled
	}
	return ""
}

// besideDeployed says which files a deployed nginx reads in the directory in which it
// sees a file that it does not read, or returns "".
func (w *workspace) besideDeployed(name string) string {
	for _, cfg := range w.configs {
		d := w.deployedAs[cfg.Config]
		if d == nil {
			continue
		}
		for _, inc := range cfg.Includes {
			pattern := inc.Directive.Param(0)
			if !path.IsAbs(pattern) {
				pattern = path.Join(path.Dir(d.Main), pattern)
			}
			if !inc.Glob || matches(path.Base(pattern), name) {
				continue
			}
			if realName, err := w.files.RealPath(d.root + path.Join(path.Dir(pattern), path.Base(name))); err == nil && realName == name {
				return fmt.Sprintf("nginx reads %s there", path.Base(pattern))
			}
		}
	}
	return ""
}

// enabledBy names a deployed nginx that reads other files of a sites-available.
func (w *workspace) enabledBy(name string) string {
	if parser.EnabledDir(name) == "" {
		return ""
	}
	for _, cfg := range w.configs {
		if d := w.deployedAs[cfg.Config]; d != nil && slices.ContainsFunc(cfg.Files, func(f *parser.File) bool { return path.Dir(f.Name) == path.Dir(name) }) {
			return d.Name
		}
	}
	return ""
}

// holdsFiles reports whether a directory exists and has a file that is not hidden.
func (w *workspace) holdsFiles(dir string) bool {
	entries, err := w.files.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), ".") })
}

// available loads the files of sites-available and the like if no links show which
// are enabled. Each is read as if it were enabled, through a main file that includes
// the enabled ones.
func (w *workspace) available(found []string) error {
	for _, name := range found {
		if parser.EnabledDir(name) == "" || w.isReached(name) {
			continue
		}
		if l, ok := w.asEnabled(w.realName(name)); ok {
			if err := w.load(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// asEnabled returns how a file of sites-available is read as if a link enabled it.
func (w *workspace) asEnabled(name string) (load, bool) {
	if parser.EnabledDir(name) == "" {
		return load{}, false
	}
	f, err := w.files.Read(name)
	if err != nil {
		return load{}, false
	}
	for _, main := range w.mainsAbove(path.Dir(name)) {
		opt := w.options()
		opt.Enabled = f.Name
		if cfg, err := parser.Load(w.files, main, opt); err == nil && slices.Contains(cfg.Files, f) {
			return load{name: main, enabled: f.Name, cfg: cfg}, true
		}
	}
	return load{}, false
}
