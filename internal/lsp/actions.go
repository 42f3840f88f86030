package lsp

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// The kinds of our code actions.
const (
	kindQuickFix = "quickfix"
	kindFixAll   = "source.fixAll.nginxWsLint"                // in a file
	kindFixTree  = "source.fixAllInConfiguration.nginxWsLint" // in everything that was checked
)

// An actionData says which action is to be worked out, when the editor asks for it.
type actionData struct {
	URI   string `json:"uri"`
	What  string `json:"what"` // "fix", "ignore", "file" or "tree"
	Rule  string `json:"rule,omitempty"`
	Start int    `json:"start,omitempty"` // of the finding, in bytes
}

// codeActions answers a request for the code actions of a range.
func (s *server) codeActions(ctx context.Context, params json.RawMessage) (any, error) {
	p, err := decode[codeActionParams](params)
	if err != nil {
		return nil, err
	}
	c, d, err := s.asked(ctx, p.TextDocument.URI)
	if err != nil || c == nil {
		return []codeAction{}, err
	}
	var all []codeAction
	t := d.textIn(s.utf8)
	start, end := t.offset(p.Range.Start), t.offset(p.Range.End)
	wanted := func(kind string) bool {
		return len(p.Context.Only) == 0 || slices.ContainsFunc(p.Context.Only, func(only string) bool { return kind == only || strings.HasPrefix(kind, only+".") })
	}
	for _, f := range c.Findings {
		if wanted(kindQuickFix) && f.Span.File.Name == d.name && f.Span.Start <= end && f.Span.End >= start {
			all = append(all, c.actionsFor(d, f)...)
		}
	}
	slices.SortStableFunc(all, func(a, b codeAction) int { return a.rank() - b.rank() })
	explicit := len(p.Context.Only) > 0 // else the list would never be short
	if wanted(kindFixAll) && (explicit || len(all) > 0) && c.fixable(d.name) {
		all = append(all, codeAction{Title: "nginx-ws-lint: apply all safe fixes in this file", Kind: kindFixAll, Data: &actionData{URI: d.uri, What: "file"}})
	}
	if wanted(kindFixTree) && (explicit || len(all) > 0) && c.fixable("") {
		all = append(all, codeAction{Title: "nginx-ws-lint: apply all safe fixes in the configuration", Kind: kindFixTree, Data: &actionData{URI: d.uri, What: "tree"}})
	}
	return s.ready(ctx, c, all)
}

// rank orders actions: safe fixes, unsafe ones, comments.
func (a codeAction) rank() int {
	switch {
	case a.Preferred:
		return 0
	case a.Data.What == "fix":
		return 1
	}
	return 2
}

// actionsFor returns the actions for one finding.
func (c *checked) actionsFor(d *document, f rules.Finding) (all []codeAction) {
	about := actionData{URI: d.uri, What: "fix", Rule: f.Rule.Name, Start: f.Span.Start}
	found := []diagnostic{c.diagnosticOf(f)}
	if len(f.Fixes) > 0 && f.Fixes[0].Safety > fixer.Shown && !f.Fixes[0].Refused {
		fix, title := f.Fixes[0], ""
		if fix.Safety == fixer.Unsafe {
			title = " (unsafe: " + fix.Reason + ")"
		}
		title = strings.Join(strings.Fields(fix.Message), " ") + title
		all = append(all, codeAction{Title: title, Kind: kindQuickFix, Diagnostics: found, Preferred: fix.Safety == fixer.Safe, Data: &about})
	}
	if f.Rule != rules.UnusedIgnore && !f.Span.File.Foreign() && c.Judged(f.Span.File) {
		ignore := about
		ignore.What = "ignore"
		all = append(all, codeAction{Title: "ignore " + f.Rule.Name + " here, with a reason", Kind: kindQuickFix, Diagnostics: found, Data: &ignore})
	}
	return all
}

// fixable reports whether a file, or the tree, has a safe fix.
func (c *checked) fixable(name string) bool {
	return slices.ContainsFunc(c.Findings, func(f rules.Finding) bool {
		return (name == "" || f.Span.File.Name == name) && len(f.Fixes) > 0 && f.Fixes[0].Safety == fixer.Safe
	})
}

// ready works out the edits of actions, unless the client asks for each of them when
// it is chosen. An action that the proof refuses is left out.
func (s *server) ready(ctx context.Context, c *checked, all []codeAction) (any, error) {
	can := s.client.TextDocument.CodeAction
	if can.DataSupport && can.ResolveSupport != nil && slices.Contains(can.ResolveSupport.Properties, "edit") {
		return slices.Concat([]codeAction{}, all), nil
	}
	worked := []codeAction{}
	for _, a := range all {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		edit, err := c.work(*a.Data)
		if err == nil && edit != nil {
			a.Edit, a.Data = edit, nil
			worked = append(worked, a)
		}
	}
	return worked, nil
}

// resolve works out the edit of an action.
func (s *server) resolve(ctx context.Context, params json.RawMessage) (any, error) {
	a, err := decode[codeAction](params)
	if err != nil {
		return nil, err
	}
	if a.Data == nil {
		return a, nil
	}
	c, _, err := s.asked(ctx, a.Data.URI)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, failed(invalidParams, "the document is not open")
	}
	if a.Edit, err = c.work(*a.Data); err != nil {
		return nil, failed(internalFailure, "%v", err)
	}
	return a, nil
}

// work works out the edit of an action. It is nil if nothing would change.
func (c *checked) work(a actionData) (*workspaceEdit, error) {
	c.fixes.Lock()
	defer c.fixes.Unlock()
	patches, err := c.patches(a)
	if err != nil || len(patches) == 0 {
		return nil, err
	}
	edit := c.editOf(patches)
	if edit == nil {
		return nil, failed(internalFailure, "the file is not UTF-8, which the protocol demands; use nginx-ws-lint --fix")
	}
	return edit, nil
}

// patches returns the patches of an action.
func (c *checked) patches(a actionData) ([]fixer.Patch, error) {
	name := ""
	if d := c.document(a.URI); d != nil {
		name = d.name
	}
	var res *lint.Result
	var err error
	switch a.What {
	case "tree":
		res, err = c.FixIn("", fixer.Safe)
	case "file":
		res, err = c.FixIn(name, fixer.Safe)
	default:
		i := slices.IndexFunc(c.Findings, func(f rules.Finding) bool {
			return f.Rule.Name == a.Rule && f.Span.Start == a.Start && f.Span.File.Name == name
		})
		if i < 0 {
			return nil, failed(invalidParams, "the finding does not exist any more")
		}
		if a.What == "ignore" {
			patches, left := c.IgnorePatches(c.Findings[i:i+1], lint.IgnoreReason)
			if len(left) > 0 {
				return nil, failed(invalidParams, "a comment cannot go there")
			}
			return patches, nil
		}
		res, err = c.FixOne(c.Findings[i])
	}
	if err != nil {
		return nil, err
	}
	return res.Patches, nil
}
