package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// unusedSuppressions returns the suppressions of the settings that suppress nothing,
// if everything that they can apply to was checked. A hook that checks some files
// must not report them.
func (j *judge) unusedSuppressions(w *workspace, used map[*Suppression]bool) []rules.Finding {
	var all []rules.Finding
	for _, q := range j.policy.every() {
		if !j.wanted(rules.UnusedIgnore, q, nil) {
			continue
		}
		for _, o := range q.all {
			for i := range o.Suppress {
				if s := &o.Suppress[i]; !used[s] && s.Span.File != nil && j.ran(s.Rule, q, o) && w.covers(q.base, o.files) {
					all = append(all, unused(s.Span, fmt.Sprintf("%s reports nothing in what was checked; remove this, or it will hide the next real mistake", s.Rule)))
				}
			}
		}
	}
	return all
}

// wanted reports whether a rule runs according to a scope's settings for all its
// files and those of one override; about may be nil.
func (j *judge) wanted(r *rules.Rule, q *scope, about *override) bool {
	wanted := j.chosen[r]
	for _, o := range q.all {
		if len(o.files) == 0 || o == about {
			wanted = o.wants(r, wanted)
		}
	}
	return wanted
}

// ran reports whether all rules of a name were run for an override's files, except
// pedantic ones.
func (j *judge) ran(name string, q *scope, o *override) bool {
	ran := false
	for _, r := range rules.All {
		switch {
		case !r.Named(name):
		case j.wanted(r, q, o):
			ran = true
		case !r.Pedantic || r.Name == name:
			return false
		}
	}
	return ran
}

// covers reports whether all configuration that patterns in a directory's settings
// can match, or all configuration below it if there are no patterns, is linted.
func (w *workspace) covers(base string, files []glob.Pattern) bool {
	if w.targets != nil || len(w.roots) == 0 {
		return false
	}
	dirs := []string{base}
	if len(files) > 0 {
		dirs = nil
	}
	for _, p := range files {
		dirs = append(dirs, path.Join(base, p.Base()))
	}
	return !slices.ContainsFunc(dirs, func(dir string) bool { return !w.coversAll(dir) })
}

// maxLookedAt limits how many names are read to find out that nothing was left out:
// the settings may be at the top of a large repository or a home directory.
const maxLookedAt = 20000

var errLeftOut = errors.New("not everything is checked")

// coversAll reports whether all configuration below a directory is linted.
func (w *workspace) coversAll(dir string) bool {
	if all, known := w.policy.covered[dir]; known {
		return all
	}
	elsewhere := *w
	elsewhere.roots = []string{dir}
	looked := 0
	err := fs.WalkDir(w.files, dir, func(name string, d fs.DirEntry, err error) error {
		looked++
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || looked > maxLookedAt:
			return errLeftOut
		case d.IsDir() && (w.inRoots(name+"/") || w.policy.excluded(name) || name != dir && slices.Contains(passedOver, d.Name())):
			return fs.SkipDir
		case !d.IsDir() && !w.inRoots(name) && !w.policy.excluded(name) && elsewhere.configuration(name, d):
			return errLeftOut
		}
		return nil
	})
	w.policy.covered[dir] = err == nil
	return err == nil
}

// configuration reports whether a walk found nginx configuration in its own
// directory.
func (w *workspace) configuration(name string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink != 0 && !(kindOfName(name) == usualName && w.linkInside(name)) {
		return false
	}
	ok, _ := w.candidate(name)
	return ok
}

// unmetNotes names the locations in the settings that do not exist, if all files that
// could contain them were read.
func unmetNotes(w *workspace) []Note {
	var notes []Note
	for _, q := range w.policy.every() {
		for _, o := range q.all {
			for i := range o.Locations {
				if l := &o.Locations[i]; !w.policy.met[l] && l.Span.File != nil && w.covers(q.base, o.files) {
					notes = append(notes, Note{Span: l.Span, Message: fmt.Sprintf("no location %s exists", l.Location)})
				}
			}
		}
	}
	return notes
}

// SettingsFile is a settings file that spans can point into.
func SettingsFile(name string, text []byte) *parser.File {
	f := &parser.File{Name: name, Src: text}
	f.Root = &parser.Block{Span: parser.Span{File: f, Start: 0, End: len(text)}, Closed: true}
	return f
}
