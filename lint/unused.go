package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// unusedSuppressions finds the suppressions of the settings that silence nothing,
// where all that they may be about was checked: a hook that is given some files
// must not say so.
func (j *judge) unusedSuppressions(w *workspace, used map[*Suppression]bool) []rules.Finding {
	if !j.chosen[rules.UnusedIgnore] {
		return nil
	}
	var all []rules.Finding
	for _, o := range j.policy.all {
		if len(o.Suppress) == 0 || !w.covers(o.files) {
			continue
		}
		for i := range o.Suppress {
			if s := &o.Suppress[i]; !used[s] && s.Span.File != nil && j.ran(s.Rule, o) {
				all = append(all, unused(s.Span, fmt.Sprintf("%s finds nothing in what was checked: this silences nothing, and would silence the next mistake", s.Rule)))
			}
		}
	}
	return all
}

// ran reports whether all rules of a name were run for an override's files, but
// for pedantic ones.
func (j *judge) ran(name string, o *override) bool {
	ran := false
	for _, r := range rules.All {
		switch {
		case !r.Named(name):
		case slices.Contains(j.rules, r) && !o.ignored[r] && (j.chosen[r] || o.selected[r]):
			ran = true
		case !r.Pedantic || r.Name == name:
			return false
		}
	}
	return ran
}

// covers reports whether all that patterns may match, or with none of them
// everything, is part of what is linted: whole directories, and those in which
// the patterns begin among them.
func (w *workspace) covers(files []glob.Pattern) bool {
	if w.targets != nil || len(w.roots) == 0 {
		return false
	}
	return !slices.ContainsFunc(files, func(p glob.Pattern) bool {
		return p.Base() != "." && !w.inRoots(strings.TrimPrefix(w.policy.base+"/"+p.Base()+"/", "./"))
	})
}

// unmetNotes says which locations of the settings are not there, where all the
// files that may have them were read.
func unmetNotes(w *workspace) []Note {
	var notes []Note
	for _, o := range w.policy.all {
		if len(o.Locations) == 0 || !w.covers(o.files) {
			continue
		}
		for i := range o.Locations {
			if l := &o.Locations[i]; !w.policy.met[l] && l.Span.File != nil {
				notes = append(notes, Note{Span: l.Span, Message: fmt.Sprintf("no location %s is there", l.Location)})
			}
		}
	}
	return notes
}

// SettingsFile is a file of settings as something that spans can point into.
func SettingsFile(name string, text []byte) *parser.File {
	f := &parser.File{Name: name, Src: text}
	f.Root = &parser.Block{Span: parser.Span{File: f, Start: 0, End: len(text)}, Closed: true}
	return f
}
