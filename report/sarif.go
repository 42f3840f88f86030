package report

import (
	"io"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// homepage is the address of the project.
const homepage = "https://github.com/nginx-ws-lint/nginx-ws-lint"

var sarifLevel = map[rules.Severity]string{rules.Error: "error", rules.Warning: "warning", rules.Info: "note"}

// SARIF writes a SARIF 2.1.0 log with everything that GitHub's code scanning
// supports.
//
// It has no automationDetails: with one, GitHub's upload would ignore the category
// that the user gives.
func SARIF(w io.Writer, res *lint.Result, opt Options) error {
	s := &sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "nginx-ws-lint", Version: opt.Version, InformationURI: homepage, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: true, Notifications: []sarifNotification{}}},
		ColumnKind:  "utf16CodeUnits", Results: []sarifResult{}, opt: opt, hashes: make(map[*parser.File][]string),
	}
	if m := releaseVersion().FindStringSubmatch(opt.Version); m != nil {
		s.Tool.Driver.SemanticVersion = m[1]
	}
	for _, n := range res.Notes {
		s.note(n)
	}
	s.rules(res)
	s.compared(res)
	for _, sup := range suppressed(res, opt) {
		if sup.By == lint.ByRevision {
			continue
		}
		r := s.result(sup.Finding)
		r.Suppressions = []sarifSuppression{{Kind: "inSource", Justification: Clean(sup.Reason)}}
		if sup.By != lint.ByComment {
			r.Suppressions[0].Kind = "external"
		}
		s.Results = append(s.Results, r)
	}
	return writeJSON(w, sarifLog{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "2.1.0", []*sarifRun{s}})
}

// compared adds all findings, also old ones. Code scanning compares runs itself and
// would close the alerts that a run leaves out.
func (s *sarifRun) compared(res *lint.Result) {
	old := atRevision(res)
	for _, f := range res.Findings {
		r := s.result(f)
		if len(old) > 0 {
			r.BaselineState = "new"
		}
		s.Results = append(s.Results, r)
	}
	for _, f := range old {
		r := s.result(f)
		r.BaselineState = "unchanged"
		s.Results = append(s.Results, r)
	}
}

// atRevision returns the findings that are not new since a revision.
func atRevision(res *lint.Result) []rules.Finding {
	var old []rules.Finding
	for _, sup := range res.Suppressed {
		if sup.By == lint.ByRevision {
			old = append(old, sup.Finding)
		}
	}
	return old
}

var releaseVersion = lazyregexp.New(`^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$`)

// note reports what was not read. A run that did not read a named file is not
// successful: GitHub then keeps the alerts that it did not find again.
func (s *sarifRun) note(n lint.Note) {
	inv := &s.Invocations[0]
	note := sarifNotification{Level: "note", Message: sarifText(n.Message)}
	if n.Trouble {
		note.Level, inv.ExecutionSuccessful = "error", false
	}
	if name := noteName(n, s.opt); name != "" {
		at := sarifPhysical{ArtifactLocation: sarifArtifactOf(name)}
		if n.Name == "" && n.Span.File != nil {
			r := utf16Region(n.Span)
			at.Region = &r
		}
		note.Locations = []sarifLocation{{PhysicalLocation: at}}
	}
	inv.Notifications = append(inv.Notifications, note)
}

// rules describes the rules that are used, sorted by name.
func (s *sarifRun) rules(res *lint.Result) {
	needed := make(map[*rules.Rule]bool)
	for _, f := range res.Findings {
		needed[f.Rule] = true
	}
	for _, f := range atRevision(res) {
		needed[f.Rule] = true
	}
	for _, sup := range suppressed(res, s.opt) {
		needed[sup.Finding.Rule] = true
	}
	for _, r := range rules.All {
		if needed[r] {
			s.Tool.Driver.Rules = append(s.Tool.Driver.Rules, sarifRuleOf(r, s.opt))
		}
	}
}

func (s *sarifRun) result(f rules.Finding) sarifResult {
	index := slices.IndexFunc(s.Tool.Driver.Rules, func(r sarifRule) bool { return r.ID == f.Rule.Name })
	r := sarifResult{
		RuleID: f.Rule.Name, RuleIndex: index, Level: sarifLevel[f.Severity], Message: sarifText(f.Message),
		Locations: []sarifLocation{{PhysicalLocation: s.physical(f.Span)}},
	}
	if hash := s.hash(f.Span); hash != "" {
		r.PartialFingerprints = &sarifFingerprints{hash}
	}
	for i, rel := range f.Related {
		message := sarifText(rel.Message)
		r.Related = append(r.Related, sarifLocation{i + 1, s.physical(rel.Span), &message})
	}
	for _, fix := range f.Fixes {
		if files, ok := changes(fix); ok {
			r.Fixes = append(r.Fixes, s.fix(fix, files))
		}
	}
	return r
}

func (s *sarifRun) physical(span parser.Span) sarifPhysical {
	r := utf16Region(span)
	return sarifPhysical{s.artifact(span), &r}
}

func (s *sarifRun) artifact(span parser.Span) sarifArtifact {
	return sarifArtifactOf(s.opt.Shown(span.File.Name))
}

// sarifArtifactOf returns the location of a file. The base of relative paths is
// %SRCROOT%, as in CodeQL.
func sarifArtifactOf(name string) sarifArtifact {
	a := sarifArtifact{URI: uriOf(name)}
	if !strings.HasPrefix(a.URI, "file:") {
		a.URIBaseID = "%SRCROOT%"
	}
	return a
}

// hash returns GitHub's hash of the line in which a span begins.
func (s *sarifRun) hash(span parser.Span) string {
	hashes, ok := s.hashes[span.File]
	if !ok {
		hashes = lineHashes(span.File.Src)
		s.hashes[span.File] = hashes
	}
	if line := span.File.Position(span.Start).Line; line <= len(hashes) {
		return hashes[line-1]
	}
	return ""
}

func (s *sarifRun) fix(fix fixer.Fix, files [][]fixer.Edit) sarifFix {
	out := sarifFix{Description: sarifText(fix.Message), Properties: sarifSafety{fix.Safety.String(), Clean(fix.Reason)}}
	for _, edits := range files {
		change := sarifChange{ArtifactLocation: s.artifact(edits[0].Span)}
		for _, e := range edits {
			change.Replacements = append(change.Replacements, sarifReplacement{utf16Region(e.Span), sarifContent{e.New}})
		}
		out.Changes = append(out.Changes, change)
	}
	return out
}

// sarifText escapes a text so that it contains no link, because plain text in SARIF
// can contain links.
func sarifText(text string) sarifMessage {
	return sarifMessage{Text: strings.ReplaceAll(strings.Join(CleanLines(text), "\n"), "](", "] (")}
}

func sarifRuleOf(r *rules.Rule, opt Options) sarifRule {
	var help strings.Builder
	_ = Page(&help, r, Options{Width: 80, Version: opt.Version}) // a Builder does not fail
	severity := map[rules.Severity]string{rules.Error: "error", rules.Warning: "warning", rules.Info: "recommendation"}[r.Severity]
	return sarifRule{
		ID: r.Name, ShortDescription: sarifMessage{Text: r.Summary}, FullDescription: sarifMessage{Text: why(r)},
		Help: sarifMessage{help.String(), PageText(r)}, HelpURI: opt.url(r), Default: sarifDefault{sarifLevel[r.Severity]},
		Properties: sarifRuleProperties{Tags: []string{"nginx", "websocket", string(r.Group)}, Precision: "high", Severity: severity},
	}
}

// why returns the first paragraph of a rule's page that says why it matters.
func why(r *rules.Rule) string {
	_, page, _ := strings.Cut(r.Page(), "\n## Why it matters\n\n")
	paragraph, _, _ := strings.Cut(page, "\n\n")
	text := strings.Join(strings.Fields(plain(paragraph)), " ")
	if most := 1024; len(text) > most { // GitHub's limit
		text = strings.ToValidUTF8(text[:most-3], "") + "..."
	}
	return text
}
