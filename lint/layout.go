package lint

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// usualPattern returns the pattern of names by which the main files that nginx's
// packages bring (nginx.org's, Debian's, Alpine's) include the files of a
// directory together, or "" for a directory that none of them includes.
func usualPattern(dir string) string {
	switch path.Base(dir) {
	case "conf.d", "http.d":
		return "*.conf"
	case "sites-enabled":
		return "*"
	}
	return ""
}

// matches reports whether a pattern of names, "" for none, has a file.
func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, path.Base(name))
	return err == nil && ok && pattern != ""
}

// readByNginx leaves out of some files, which no main file reaches, those that
// nginx does not read where they lie: nothing is to be learnt from them about what
// it does read.
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
			w.passOver(name, why+"; name one to check it")
		}
		return why != ""
	})
}

// passedNotes says, once for each reason and directory, which files were passed over.
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

// includedPatterns returns the patterns of names by which the main files that
// were read include files of a directory, by the directory.
func (w *workspace) includedPatterns() map[string][]string {
	patterns := make(map[string][]string)
	for _, cfg := range w.configs {
		for _, inc := range cfg.Includes {
			if !inc.Glob || len(inc.Files) == 0 {
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

// whyUnread says, by the patterns of each directory, why nginx does not read a file that no main file reaches, or "".
func (w *workspace) whyUnread(name string, patterns map[string][]string) string {
	dir := path.Dir(name)
	read := func(pattern string) bool { return matches(pattern, name) }
	if wanted := patterns[dir]; len(wanted) > 0 && !slices.ContainsFunc(wanted, read) {
		return fmt.Sprintf("nginx reads %s there", strings.Join(wanted, " and "))
	}
	if kind, ok := strings.CutSuffix(path.Base(dir), "-available"); ok {
		if info, err := fs.Stat(w.files, path.Join(path.Dir(dir), kind+"-enabled")); err == nil && info.IsDir() {
			return "not enabled by a link in " + kind + "-enabled"
		}
	}
	return ""
}
