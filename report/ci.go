package report

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// CI systems that interpret lines of a log as commands.
const (
	GitHubActions = "GitHub Actions" // actions/runner, src/Runner.Common/ActionCommand.cs
	AzurePipeline = "Azure Pipelines"
	TeamCity      = "TeamCity"
	GitLabCI      = "GitLab CI" // sections
	Buildkite     = "Buildkite" // groups
)

// command matches what one of the systems could interpret as the start of a command,
// anywhere in a line, because reports and other programs wrap lines. The group is the
// character to escape. Of :: only that before a letter counts: every command has a
// letter there, and addresses such as [::]:80 stay unchanged.
var command = lazyregexp.New(`:(:)[A-Za-z]|#(#)[A-Za-z]*\[|section_(?:start|end)(:)|(?:^|[\s"])(?:-(-)-|\+(\+)\+|~(~)~|\^(\^)\^)(?:[\s"\\]|$)`)

// commands returns the offsets of the characters to escape, in order.
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

// HasCommands reports whether a CI system would execute a line of a text.
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
