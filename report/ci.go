package report

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// Systems of continuous integration that take lines of a log for commands.
const (
	GitHubActions = "GitHub Actions" // actions/runner, src/Runner.Common/ActionCommand.cs
	AzurePipeline = "Azure Pipelines"
	TeamCity      = "TeamCity"
	GitLabCI      = "GitLab CI" // sections
	Buildkite     = "Buildkite" // groups
)

// command finds what one of the systems could take for the beginning of a command,
// wherever it stands: a report may wrap its lines, and whoever prints it may too.
// The group is the character that is written as an escape, so that nothing is
// taken. Of :: only that before a letter is meant: no command has another, and
// addresses such as [::]:80 stay as they are.
var command = lazyregexp.New(`:(:)[A-Za-z]|#(#)[A-Za-z]*\[|section_(?:start|end)(:)|(?:^|[\s"])(?:-(-)-|\+(\+)\+|~(~)~|\^(\^)\^)(?:[\s"\\]|$)`)

// commands are the offsets in a text of the characters to be escaped, in order.
func commands(s string) []int {
	if !strings.Contains(s, "::") && !strings.Contains(s, "##") && !strings.Contains(s, "section_") &&
		!strings.Contains(s, "---") && !strings.Contains(s, "+++") && !strings.Contains(s, "~~~") && !strings.Contains(s, "^^^") {
		return nil
	}
	var all []int
	for at := 0; ; {
		m := command().FindStringSubmatchIndex(s[at:])
		if m == nil {
			return all
		}
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				all = append(all, at+m[i])
				at += m[i] + 1
				break
			}
		}
	}
}

var commandOf = map[string]func() *regexp.Regexp{
	AzurePipeline: lazyregexp.New(`##(?i:vso)?\[`),
	TeamCity:      lazyregexp.New(`##(?i:teamcity)\[`),
	GitLabCI:      lazyregexp.New(`section_(?:start|end):`),
	Buildkite:     lazyregexp.New(`(?m)^(?:---|\+\+\+|~~~|\^\^\^)(?:\s|$)`),
}

// HasCommands reports whether a line of a text is one that a system would carry
// out.
func HasCommands(text, system string) bool {
	if system != GitHubActions {
		return commandOf[system]().MatchString(text)
	}
	if strings.Contains(text, "##[") {
		return true
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
			return true
		}
	}
	return false
}
