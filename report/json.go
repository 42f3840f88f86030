package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// The document that JSON writes. Its structure is a contract.
type (
	jsonDocument struct {
		Version      int           `json:"version"`
		Tool         jsonTool      `json:"tool"`
		NginxVersion *string       `json:"nginx_version"`
		Dialect      *string       `json:"dialect"`
		DialectOwn   *string       `json:"dialect_version"`
		Files        []string      `json:"files"`
		Findings     []jsonFinding `json:"findings"`
		Summary      jsonSummary   `json:"summary"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonFinding struct {
		Rule           string        `json:"rule"`
		Severity       string        `json:"severity"`
		SeverityReason string        `json:"severity_reason"`
		Message        string        `json:"message"`
		URL            string        `json:"url"`
		File           string        `json:"file"`
		Start          jsonPosition  `json:"start"`
		End            jsonPosition  `json:"end"`
		Intent         *jsonIntent   `json:"intent"`
		Related        []jsonRelated `json:"related"`
		Fixes          []jsonFix     `json:"fixes"`
	}
	jsonPosition struct {
		Line   int `json:"line"`
		Column int `json:"column"`
		Offset int `json:"offset"`
	}
	jsonIntent struct {
		Level   string   `json:"level"`
		Score   int      `json:"score"`
		Reasons []string `json:"reasons"`
	}
	jsonRelated struct {
		Message string       `json:"message"`
		File    string       `json:"file"`
		Start   jsonPosition `json:"start"`
		End     jsonPosition `json:"end"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Safety  string     `json:"safety"`
		Reason  string     `json:"reason"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File  string `json:"file"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		Text  string `json:"text"`
	}
	jsonSummary struct {
		Errors     int `json:"errors"`
		Warnings   int `json:"warnings"`
		Infos      int `json:"infos"`
		Fixable    int `json:"fixable"`
		Suppressed int `json:"suppressed"`
	}
)

// JSON writes one document. Lines and columns count from 1, columns and offsets count
// bytes, ends are exclusive.
func JSON(w io.Writer, res *lint.Result, opt Options) error {
	c := Count(res.Findings)
	doc := jsonDocument{
		Version: 1, Tool: jsonTool{"nginx-ws-lint", opt.Version}, Files: []string{}, Findings: []jsonFinding{},
		Summary: jsonSummary{Errors: c.Errors, Warnings: c.Warnings, Infos: c.Infos, Fixable: c.Fixable, Suppressed: len(res.Suppressed)},
	}
	doc.NginxVersion, doc.Dialect, doc.DialectOwn = versionsOf(res.Versions)
	for _, f := range res.Files {
		doc.Files = append(doc.Files, opt.Shown(f.Name))
	}
	for _, f := range res.Findings {
		doc.Findings = append(doc.Findings, jsonOf(f, opt))
	}
	return writeJSON(w, doc)
}

// versionsOf returns the version of nginx that was checked for, the dialect and its
// version, each nil if unknown. For a relative the version of nginx is its base.
func versionsOf(v parser.Versions) (nginx, dialect, own *string) {
	known := func(s string) *string { return &s }
	if v.Single() {
		nginx, own = known(v.Min.Base()), known(v.Min.Number())
	}
	if !v.Open {
		dialect = known(v.Min.Dialect.String())
	}
	return nginx, dialect, own
}

// writeJSON writes a document. Hidden characters, and one character of what a CI
// system would interpret as a command, are written as escapes. Printing the document
// is then harmless, and readers get the same strings.
func writeJSON(w io.Writer, doc any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, escapeJSON(b.String()))
	return err
}

func escapeJSON(document string) string {
	broken := commands(document) // only strings can contain one
	if len(broken) == 0 && !strings.ContainsFunc(document, hiddenInJSON) {
		return document
	}
	var b strings.Builder
	for i, r := range document {
		command := len(broken) > 0 && broken[0] == i
		if command {
			broken = broken[1:]
		}
		if !command && !hiddenInJSON(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// hiddenInJSON excludes what encoding/json escapes, and its own line feeds.
func hiddenInJSON(r rune) bool { return r >= 0x7f && hidden(r) }

func jsonOf(f rules.Finding, opt Options) jsonFinding {
	start, end := positions(f.Span)
	j := jsonFinding{
		Rule: f.Rule.Name, Severity: f.Severity.String(), SeverityReason: f.SeverityReason, Message: f.Message, URL: opt.url(f.Rule), File: opt.Shown(f.Span.File.Name),
		Start: start, End: end, Related: []jsonRelated{}, Fixes: []jsonFix{},
	}
	if f.Intent != nil {
		j.Intent = intentOf(*f.Intent)
	}
	for _, r := range f.Related {
		start, end := positions(r.Span)
		j.Related = append(j.Related, jsonRelated{r.Message, opt.Shown(r.Span.File.Name), start, end})
	}
	for _, fix := range f.Fixes {
		jf := jsonFix{Message: fix.Message, Safety: fix.Safety.String(), Reason: fix.Reason, Edits: []jsonEdit{}}
		for _, e := range fix.Edits {
			jf.Edits = append(jf.Edits, jsonEdit{opt.Shown(e.Span.File.Name), e.Span.Start, e.Span.End, e.New})
		}
		j.Fixes = append(j.Fixes, jf)
	}
	return j
}

func intentOf(s intent.Score) *jsonIntent {
	j := &jsonIntent{Level: s.Level.String(), Score: s.Points, Reasons: []string{}}
	j.Reasons = append(j.Reasons, s.Reasons...)
	return j
}

func positions(s parser.Span) (start, end jsonPosition) {
	at := func(offset int) jsonPosition {
		p := s.File.Position(offset)
		return jsonPosition{p.Line, p.Column, offset}
	}
	return at(s.Start), at(s.End)
}
