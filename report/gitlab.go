package report

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

type (
	gitlabIssue struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabLines struct {
		Begin int `json:"begin"`
		End   int `json:"end"`
	}
)

// As ESLint's and ruff's reports for GitLab have it; critical and blocker are
// left for what does harm.
var gitlabSeverity = map[rules.Severity]string{rules.Error: "major", rules.Warning: "minor", rules.Info: "info"}

// GitLab writes a report of GitLab's Code Quality.
func GitLab(w io.Writer, res *lint.Result, opt Options) error {
	issues := []gitlabIssue{}
	seen := make(map[string]int)
	for _, f := range res.Findings {
		path, lines := opt.Shown(f.Span.File.Name), byteRegion(f.Span)
		issues = append(issues, gitlabIssue{
			Description: Clean(f.Message), CheckName: f.Rule.Name, Fingerprint: fingerprint(f, path, seen),
			Severity: gitlabSeverity[f.Severity], Location: gitlabLocation{path, gitlabLines{lines.StartLine, lines.EndLine}},
		})
	}
	return writeJSON(w, issues)
}

// fingerprint stays the same when a finding's line moves: it is made of the
// rule, the file and the text of the line. Equal ones are numbered, for GitLab
// drops those that it has seen.
func fingerprint(f rules.Finding, path string, seen map[string]int) string {
	key := f.Rule.Name + "\x00" + path + "\x00" + strings.TrimSpace(lineText(f.Span))
	seen[key]++
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key])))[:32]
}

// lineText is the beginning of the line in which a span begins.
func lineText(s parser.Span) string {
	line := s.File.LineSpan(s.File.Position(s.Start).Line)
	line.End = min(line.End, line.Start+farColumn)
	return line.Text()
}
