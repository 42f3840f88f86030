package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// decideSafety sets how far a finding's fix may be trusted, and why not further:
// others are the same finding in other contexts, trees are those that a file is part
// of. A rule says what its fix is worth in one context. Nothing else changes that,
// except the proof, which may refuse any fix: see markRefused.
func decideSafety(w *workspace, trees map[*parser.File][]*rules.Tree, f *rules.Finding, others []rules.Finding) {
	fix := fixOf(f)
	if fix == nil {
		return
	}
	decided := *fix // others of the rule's findings may share the slice
	f.Fixes = []fixer.Fix{decided}
	fix = &f.Fixes[0]
	fix.Safety, fix.Reason = safetyInContext(*f)
	for _, other := range others {
		same := fixOf(&other)
		if same == nil || !slices.Equal(same.Edits, fix.Edits) {
			continue // then it is only shown
		}
		fix.Names = append(fix.Names, same.Names...)
		if s, why := safetyInContext(other); s < fix.Safety {
			fix.Safety, fix.Reason = s, why
		}
	}
	if fix.Safety == fixer.Shown {
		return
	}
	for _, check := range []func() string{
		func() string { return disagreement(f, others) },
		func() string { return w.notEditable(fix) },
		func() string { return unreadable(f) },
		func() string { return strangers(trees, f) },
	} {
		if reason := check(); reason != "" {
			fix.Safety, fix.Reason = fixer.Shown, reason
			return
		}
	}
}

// fixOf returns a finding's fix, or nil.
func fixOf(f *rules.Finding) *fixer.Fix {
	if len(f.Fixes) == 0 {
		return nil
	}
	return &f.Fixes[0]
}

// safetyInContext is how far a fix may be trusted in one context: as far as the rule
// says, where it is clear that the location is meant for WebSockets.
func safetyInContext(f rules.Finding) (fixer.Safety, string) {
	fix := fixOf(&f)
	switch {
	case fix.Safety == fixer.Shown && fix.Reason == "":
		return fixer.Shown, "the fix needs a decision that only you can make"
	case fix.Safety > fixer.Shown && f.Bounded && f.Intent.Level == intent.Possible:
		return fixer.Shown, "the location is only " + adverbs[intent.Possible] + " meant for WebSockets"
	case fix.Safety == fixer.Safe && assumption(f) != "":
		return fixer.Unsafe, assumption(f)
	case fix.Safety == fixer.Unsafe && fix.Reason == "":
		return fixer.Unsafe, plainChanges(fix)
	}
	return fix.Safety, fix.Reason
}

// plainChanges says what a fix changes for plain requests.
func plainChanges(fix *fixer.Fix) string {
	if len(fix.Changes) == 0 {
		return "it may also change plain requests"
	}
	changes := slices.Clone(fix.Changes)
	slices.Sort(changes)
	return "it also changes plain requests (" + strings.Join(slices.Compact(changes), ", ") + ")"
}

// disagreement says that the contexts of a finding do not all want the edits that
// the first one wants, or "".
func disagreement(f *rules.Finding, others []rules.Finding) string {
	without, otherwise := 0, 0
	for _, other := range others {
		switch same := fixOf(&other); {
		case same == nil:
			without++
		case !slices.Equal(same.Edits, fixOf(f).Edits):
			otherwise++
		}
	}
	switch {
	case otherwise > 0:
		return fmt.Sprintf("the text is used in %d contexts, and they need different edits", 1+len(others))
	case without > 0:
		return fmt.Sprintf("the text is used in %d contexts, and in %d of them this fix does not fit", 1+len(others), without)
	}
	return ""
}

// notEditable says why a file that a fix edits may not be changed, or "".
func (w *workspace) notEditable(fix *fixer.Fix) string {
	for _, e := range fix.Edits {
		file := e.Span.File
		switch {
		case w.editable(file):
		case file.Template():
			return path.Base(file.Name) + " is a template"
		case w.policy.leavesOut(file):
			return "the settings exclude " + path.Base(file.Name)
		default:
			return path.Base(file.Name) + " is outside of the paths that were given"
		}
	}
	return ""
}

// unreadable says which file of a fix nginx cannot read, or "". The finding of a
// rule about that may fix it.
func unreadable(f *rules.Finding) string {
	for _, e := range fixOf(f).Edits {
		if file := e.Span.File; !f.Rule.Reading && len(file.Errs) > 0 {
			return "nginx cannot read " + path.Base(file.Name) + " as it is: fix that first"
		}
	}
	return ""
}

// strangers says which location an edit concerns that the fix does not name, or "".
func strangers(trees map[*parser.File][]*rules.Tree, f *rules.Finding) string {
	fix := fixOf(f)
	if f.Rule.Reading {
		return ""
	}
	named := make(map[*parser.Context]bool, len(fix.Names))
	for _, c := range fix.Names {
		named[c] = true
	}
	for _, e := range fix.Edits {
		c := stranger(trees[e.Span.File], e, named)
		switch {
		case c == nil:
		case c.Opener != nil && slices.ContainsFunc(fix.Names, func(n *parser.Context) bool { return n.Opener == c.Opener }):
			return "not all places that include " + path.Base(e.Span.File.Name) + " need it: " + includedFrom(c) + " does not"
		default:
			return "it would also change " + located(c, f.Span.File) + ", which the fix is not about"
		}
	}
	return ""
}

// includedFrom is the nearest block around a context that is in another file, with
// its place; or the file that its configuration begins with.
func includedFrom(c *parser.Context) string {
	file := c.Opener.Span().File
	for p := c.Parent; p != nil && p.Opener != nil; p = p.Parent {
		if p.Opener.Span().File != file {
			return located(p, nil)
		}
	}
	return path.Base(c.Config.Name)
}

// stranger returns a location that an edit's text lies in, or that sends it as a
// header line, and that is not among the named ones; or nil.
func stranger(trees []*rules.Tree, e fixer.Edit, named map[*parser.Context]bool) *parser.Context {
	block, inside := at(e.Span.File.Root, e.Span.Start)
	for _, t := range trees {
		for _, c := range t.ContextsOf(block) {
			if c.IsLocation() && !named[c] {
				return c
			}
		}
		if inside == nil {
			continue
		}
		for _, c := range t.Senders(inside) {
			if !named[c] {
				return c
			}
		}
	}
	return nil
}

// located is a location with its line, as a reader of a file sees it.
func located(c *parser.Context, from *parser.File) string {
	if c.Opener == nil {
		return "the whole file"
	}
	span := c.Opener.Span()
	where := fmt.Sprintf("line %d", span.File.Position(span.Start).Line)
	if span.File != from {
		where = fmt.Sprintf("%s:%d", path.Base(span.File.Name), span.File.Position(span.Start).Line)
	}
	words := strings.ToValidUTF8(c.Opener.Words(), "\ufffd")
	if short := []rune(words); len(short) > maxWords {
		words = string(short[:maxWords]) + "..."
	}
	return fmt.Sprintf("%s (%s)", words, where)
}

// maxWords bounds how much of a location's words a reason repeats.
const maxWords = 60

// markRefused marks the fixes that the proof refused, among findings after the rounds
// of an outcome.
func (s *session) markRefused(findings []rules.Finding, done *outcome) {
	for i := range findings {
		f := &findings[i]
		fix := fixOf(f)
		if fix == nil || fix.Safety < s.least {
			continue
		}
		if reason, refused := s.refused[identityOf(*f, done)]; refused {
			held := *fix
			held.Refused, held.Reason = true, "the proof refused it: "+reason
			f.Fixes = []fixer.Fix{held}
		}
	}
}

// held are the fixes that were not made, with the reason.
func (s *session) held() []Held {
	var all []Held
	for _, f := range s.findings {
		fix := fixOf(&f)
		if fix == nil || fix.Safety >= s.least && !fix.Refused {
			continue
		}
		all = append(all, Held{f, *fix, fix.Verdict()})
	}
	return all
}
