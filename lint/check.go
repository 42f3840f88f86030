package lint

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Run lints what the options name. The error is about what could not be read
// at all; everything else is in the result.
func Run(opt Options) (*Result, error) {
	chosen, err := choose(opt)
	if err != nil {
		return nil, err
	}
	w, err := discover(opt)
	if err != nil {
		return nil, err
	}
	j := &judge{rules: chosen}
	j.decideVersion(w)
	res := &Result{Configs: w.configs, Versions: j.versions, Evidence: j.source}
	res.Findings = j.check(w)
	res.Files = w.allFiles()
	res.Notes = append(append(w.notes, includeNotes(w)...), templateNotes(res.Files)...)
	if opt.Fix {
		if err := j.fix(w, res); err != nil {
			return nil, err
		}
	}
	return res, nil
}

// choose returns the rules that are selected and not ignored.
func choose(opt Options) ([]*rules.Rule, error) {
	var chosen []*rules.Rule
	for _, name := range append(slices.Clone(opt.Select), opt.Ignore...) {
		if _, err := rules.Find(name); err != nil {
			return nil, err
		}
	}
	for _, r := range rules.All {
		if (len(opt.Select) == 0 || slices.Contains(opt.Select, r.Name)) && !slices.Contains(opt.Ignore, r.Name) {
			chosen = append(chosen, r)
		}
	}
	return chosen, nil
}

// A judge checks configurations; one serves all rounds of a run.
type judge struct {
	rules    []*rules.Rule
	versions parser.Versions
	source   string          // of the version
	stock    map[string]bool // by directory: an official image is used
}

// decideVersion takes the version that was asked for, else what the files
// around the configurations agree on, else any.
func (j *judge) decideVersion(w *workspace) {
	all := evidence{versions: parser.AnyVersion}
	j.stock = make(map[string]bool)
	for _, cfg := range w.configs {
		dir := path.Dir(cfg.Name)
		if _, known := j.stock[dir]; known {
			continue
		}
		e := lookAround(w.opt.FS, dir)
		j.stock[dir] = e.stock
		if e.found {
			all.take(e.versions, e.source)
		}
	}
	j.versions, j.source = all.versions, all.source
	if v := w.opt.Version; !v.IsZero() {
		j.versions, j.source = parser.Versions{Min: v, Max: v}, "asked for"
	}
}

// check runs the rules over every configuration. A finding that several
// contexts share, because they include one text, is one finding.
func (j *judge) check(w *workspace) []rules.Finding {
	var all []rules.Finding
	type key struct {
		rule *rules.Rule
		span parser.Span
	}
	index := make(map[key]int)
	for _, cfg := range w.configs {
		tree := rules.NewTree(cfg, rules.Settings{Versions: j.versions, StockImage: j.stock[path.Dir(cfg.Name)]})
		for _, r := range j.rules {
			for _, f := range r.Run(tree) {
				if !w.judged(f.Span.File) {
					continue
				}
				k := key{r, f.Span}
				if i, again := index[k]; again {
					join(&all[i], f)
					continue
				}
				f.Places = 1
				index[k] = len(all)
				all = append(all, f)
			}
		}
	}
	snippets := w.snippets()
	for i := range all {
		settle(w, &all[i])
		mention(&all[i], snippets)
	}
	slices.SortStableFunc(all, func(a, b rules.Finding) int {
		return cmp.Or(cmp.Compare(a.Span.File.Name, b.Span.File.Name), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Rule.Name, b.Rule.Name))
	})
	return all
}

// join adds the same finding from another context. Where the contexts do not
// want the same edits, the fix is only shown.
func join(f *rules.Finding, other rules.Finding) {
	f.Places++
	f.Severity = max(f.Severity, other.Severity)
	if len(f.Fixes) == 0 || len(other.Fixes) == 0 || !slices.Equal(f.Fixes[0].Edits, other.Fixes[0].Edits) {
		for i := range f.Fixes {
			f.Fixes[i].Safety = fixer.Shown
		}
		return
	}
	f.Fixes[0].Safety = min(f.Fixes[0].Safety, other.Fixes[0].Safety)
	f.Fixes[0].Names = append(f.Fixes[0].Names, other.Fixes[0].Names...)
}

// snippets are the files that are included into a server or a location, with
// the first include that brings each.
func (w *workspace) snippets() map[*parser.File]*parser.Directive {
	by := make(map[*parser.File]*parser.Directive)
	for _, cfg := range w.configs {
		for _, inc := range cfg.Includes {
			for _, f := range inc.Files {
				if opener := inc.Directive.In.Opener; opener != nil && opener.Is("server", "location", "upstream") && by[f] == nil {
					by[f] = inc.Directive
				}
			}
		}
	}
	return by
}

// mention says of a finding in a snippet where it is included.
func mention(f *rules.Finding, snippets map[*parser.File]*parser.Directive) {
	if f.Places > 1 {
		f.Message += fmt.Sprintf(" (in %d places that include this file)", f.Places)
	}
	if include := snippets[f.Span.File]; include != nil {
		f.Related = append(f.Related, rules.Related{Span: include.Span, Message: "included here"})
	}
}

// settle decides what cannot be decided in one context: a fix is only shown
// where its text lies in a location that has not the finding, in a file that
// may not be edited, or in one that nginx's reader refuses.
func settle(w *workspace, f *rules.Finding) {
	for i := range f.Fixes {
		fix := &f.Fixes[i]
		named := make(map[*parser.Context]bool, len(fix.Names))
		for _, c := range fix.Names {
			named[c] = true
		}
		for _, e := range fix.Edits {
			file := e.Span.File
			if !w.editable(file) || len(file.Errs) > 0 || w.concernsOthers(e, named) {
				fix.Safety = fixer.Shown
			}
		}
	}
}

// concernsOthers reports whether an edit's text lies in a location that is not
// among the named ones.
func (w *workspace) concernsOthers(e fixer.Edit, named map[*parser.Context]bool) bool {
	block := blockAt(e.Span.File.Root, e.Span.Start)
	for _, cfg := range w.configs {
		for _, c := range cfg.ContextsOf(block) {
			if c.Name == "location" && c.HTTP() && !named[c] {
				return true
			}
		}
	}
	return false
}

// blockAt returns the innermost block that an offset lies in.
func blockAt(b *parser.Block, offset int) *parser.Block {
	for {
		i, _ := slices.BinarySearchFunc(b.Directives, offset, func(d *parser.Directive, at int) int {
			if d.Span.End <= at {
				return -1
			}
			return 0
		})
		if i >= len(b.Directives) {
			return b
		}
		inner := b.Directives[i].Block
		if inner == nil || offset <= inner.Span.Start || offset >= inner.Span.End {
			return b
		}
		b = inner
	}
}

// allFiles returns the files that were read, by name.
func (w *workspace) allFiles() []*parser.File {
	var all []*parser.File
	seen := make(map[*parser.File]bool)
	for _, cfg := range w.configs {
		for _, f := range cfg.Files {
			if !seen[f] {
				seen[f] = true
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b *parser.File) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// templateNotes says which files have to be rendered before they can be judged.
func templateNotes(files []*parser.File) []Note {
	var notes []Note
	for _, f := range files {
		if f.Template() {
			notes = append(notes, Note{Span: f.Errs[0].Span, Message: "a template, not judged: render it first"})
		}
	}
	return notes
}

// includeNotes says, once each, which includes were not read.
func includeNotes(w *workspace) []Note {
	var notes []Note
	seen := make(map[*parser.Directive]bool)
	for _, cfg := range w.configs {
		for _, inc := range cfg.Includes {
			if inc.Problem == "" || inc.Harmless || seen[inc.Directive] {
				continue
			}
			seen[inc.Directive] = true
			note := Note{Span: inc.Directive.Span, Message: inc.Problem, Trouble: inc.Denied}
			if inc.Missing {
				note.Message += "; what depends on it is not judged"
			}
			notes = append(notes, note)
		}
	}
	return notes
}
