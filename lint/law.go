package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A textSpot is a spot of a text, whatever rendering was read.
type textSpot struct {
	rule       *rules.Rule
	file       string
	start, end int
}

func spotOf(f rules.Finding) textSpot {
	return textSpot{f.Rule, f.Span.File.Name, f.Span.Start, f.Span.End}
}

// lawful returns the findings of a configuration with templates: those that each of
// its renderings has that contains their text.
func (j *judge) lawful(w *workspace, r rendered) []rules.Finding {
	byVariant := make([]map[textSpot]rules.Finding, len(r.variants))
	var order []textSpot
	seen := make(map[textSpot]bool)
	templates := make([][]*parser.File, len(r.variants))
	for i, v := range r.variants {
		templates[i], _ = templatesOf(v.configs[0])
		byVariant[i] = make(map[textSpot]rules.Finding)
		found, _ := j.found(v, v.configs)
		for _, f := range found {
			if f.Intent == nil && f.Span.HasTag() {
				continue // it is about what a tag stands for
			}
			k := spotOf(f)
			byVariant[i][k] = f
			if !seen[k] {
				seen[k] = true
				order = append(order, k)
			}
		}
	}
	var all []rules.Finding
	for _, k := range order {
		holds := true
		for i, v := range r.variants {
			_, found := byVariant[i][k]
			holds = holds && (found || !v.stands(k))
		}
		if !holds {
			continue
		}
		var same []rules.Finding
		for i := range r.variants {
			if f, found := byVariant[i][k]; found {
				same = append(same, unmasked(w, templates[i], f))
			}
		}
		all = append(all, joined(same))
	}
	return all
}

// stands reports whether a rendering has the text of a finding.
func (w *workspace) stands(k textSpot) bool {
	for _, f := range w.configs[0].Files {
		if f.Name == k.file {
			return f.Stands(k.start)
		}
	}
	return false
}

// unmasked returns a finding of a rendering as one of the templates: its places are in
// them, and tags are in the place of sample values. The templates are those of the
// rendering.
func unmasked(w *workspace, templates []*parser.File, f rules.Finding) rules.Finding {
	text := func(s string) string {
		for _, t := range templates {
			s = t.Unmask(s)
		}
		return s
	}
	place := func(s parser.Span) parser.Span {
		if at, err := w.files.Read(s.File.Name); err == nil {
			s.File = at
		}
		return s
	}
	f.Span, f.Message = place(f.Span), text(f.Message)
	f.Related = slices.Clone(f.Related)
	for i := range f.Related {
		f.Related[i].Span, f.Related[i].Message = place(f.Related[i].Span), text(f.Related[i].Message)
	}
	f.Fixes = slices.Clone(f.Fixes)
	for i := range f.Fixes {
		fix := &f.Fixes[i]
		fix.Message, fix.Reason = text(fix.Message), text(fix.Reason)
		fix.Edits = slices.Clone(fix.Edits)
		for e := range fix.Edits {
			fix.Edits[e].Span, fix.Edits[e].New = place(fix.Edits[e].Span), text(fix.Edits[e].New)
		}
	}
	return f
}

// joined returns the finding that several renderings have. It is as bad as in the
// mildest, and its fix is made only if all need the same edits and no tag changes.
func joined(same []rules.Finding) rules.Finding {
	f := same[0]
	for _, other := range same[1:] {
		if other.Severity < f.Severity {
			f.Severity, f.SeverityReason = other.Severity, other.SeverityReason
		}
	}
	fix := fixOf(&f)
	if fix == nil {
		return f
	}
	reason := ""
	for _, e := range fix.Edits {
		switch t := e.Span.File.Masked(); {
		case t == nil:
		case t.Touches(e.Span.Start, e.Span.End):
			reason = "it would change a tag of the template"
		case t.Expands(e.Span.Start) && strings.Contains(e.New, "$"):
			reason = "a shell replaces variables here: write \\$ instead of $"
		case t.Folded(e.Span.Start):
			reason = "YAML joins the lines of this text (>): use | instead"
		}
	}
	for _, other := range same[1:] {
		o := fixOf(&other)
		if o == nil || !slices.EqualFunc(sorted(o.Edits), sorted(fix.Edits), sameEdit) {
			reason = cmp.Or(reason, "the renderings of the template need different edits")
			continue
		}
		fix.Names, fix.Changes = append(slices.Clip(fix.Names), o.Names...), append(slices.Clip(fix.Changes), o.Changes...)
		if o.Safety < fix.Safety {
			fix.Safety, fix.Reason = o.Safety, o.Reason
		}
	}
	if reason != "" {
		fix.Safety, fix.Reason = fixer.Shown, reason
	}
	return f
}

func sorted(edits []fixer.Edit) []fixer.Edit {
	return slices.SortedStableFunc(slices.Values(edits), func(a, b fixer.Edit) int {
		return cmp.Or(cmp.Compare(a.Span.File.Name, b.Span.File.Name), cmp.Compare(a.Span.Start, b.Span.Start))
	})
}

func sameEdit(a, b fixer.Edit) bool {
	return a.Span.File.Name == b.Span.File.Name && a.Span.Start == b.Span.Start && a.Span.End == b.Span.End && a.New == b.New
}
