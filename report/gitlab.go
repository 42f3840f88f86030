package report

import (
	"io"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
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

// The same as in ESLint's and ruff's reports for GitLab; critical and blocker are
// reserved for harm.
var gitlabSeverity = map[rules.Severity]string{rules.Error: "major", rules.Warning: "minor", rules.Info: "info"}

// GitLab writes a GitLab Code Quality report.
func GitLab(w io.Writer, res *lint.Result, opt Options) error {
	issues := []gitlabIssue{}
	seen := make(map[lint.Fingerprint]int)
	for _, f := range res.Findings {
		path, lines := opt.Shown(f.Span.File.Name), byteRegion(f.Span)
		issues = append(issues, gitlabIssue{
			Description: Clean(f.Message), CheckName: f.Rule.Name, Fingerprint: fingerprint(lint.Identify(f, path), seen),
			Severity: gitlabSeverity[f.Severity], Location: gitlabLocation{path, gitlabLines{lines.StartLine, lines.EndLine}},
		})
	}
	return writeJSON(w, issues)
}

// fingerprint stays the same when a finding's line moves. Equal fingerprints are
// numbered, because GitLab drops duplicates.
func fingerprint(p lint.Fingerprint, seen map[lint.Fingerprint]int) string {
	seen[p]++
	return p.Hash(seen[p])
}
