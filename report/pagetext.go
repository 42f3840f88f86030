package report

import (
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// pageWidth is the maximum width of a page, except for its examples.
const pageWidth = 80

var fenceMarks = lazyregexp.New("(?m)^(```[a-z]+) .*$")

// PageText returns a rule's page in Markdown, without the test claims in its fences
// and no wider than most terminals.
func PageText(r *rules.Rule) string {
	var b strings.Builder
	var paragraph []string
	flush := func() {
		for _, line := range refilled(paragraph) {
			b.WriteString(line + "\n")
		}
		paragraph = nil
	}
	fenced := false
	for line := range strings.SplitSeq(strings.TrimSuffix(fenceMarks().ReplaceAllString(r.Page(), "$1"), "\n"), "\n") {
		fence := strings.HasPrefix(line, "```")
		if fence {
			fenced = !fenced
		}
		if fenced || fence || line == "" || strings.HasPrefix(line, "|") || strings.HasPrefix(line, "#") {
			flush()
			b.WriteString(line + "\n")
			continue
		}
		if strings.HasPrefix(line, "- ") {
			flush()
		}
		paragraph = append(paragraph, line)
	}
	flush()
	return b.String()
}

// refilled wraps the lines of a paragraph or list item again if one is too wide.
func refilled(lines []string) []string {
	wide := false
	for _, line := range lines {
		wide = wide || width(line) > pageWidth
	}
	if !wide {
		return lines
	}
	first, rest := "", ""
	text := strings.Join(lines, " ")
	if item, ok := strings.CutPrefix(text, "- "); ok {
		first, rest, text = "- ", "  ", item
	}
	var all []string
	for _, line := range Wrap(strings.Join(strings.Fields(text), " "), pageWidth-len(rest)) {
		all = append(all, first+line)
		first = rest
	}
	return all
}

// RuleURL returns the address of a rule's page for a version of nginx-ws-lint.
func RuleURL(r *rules.Rule, version string) string {
	if m := releaseVersion().FindStringSubmatch(version); m != nil {
		return strings.Replace(r.URL(), "/blob/main/", "/blob/v"+m[1]+"/", 1)
	}
	return r.URL()
}

func (o Options) url(r *rules.Rule) string { return RuleURL(r, o.Version) }

// PageJSON writes a rule and its page for programs.
func PageJSON(w io.Writer, r *rules.Rule, opt Options) error {
	return writeJSON(w, map[string]any{
		"version": 1, "name": r.Name, "group": r.Group, "severity": r.Severity.String(), "pedantic": r.Pedantic,
		"summary": r.Summary, "url": opt.url(r), "page": PageText(r),
	})
}
