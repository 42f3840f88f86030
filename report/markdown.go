package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// maxRows limits the table: GitHub accepts a summary of 1 MiB, and nobody reads more.
const maxRows = 500

// Markdown writes a table for people, for example in the summary of a GitHub Action.
func Markdown(w io.Writer, res *lint.Result, opt Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### nginx-ws-lint: %s\n", inert(Summary(res, res.Findings, "")))
	if len(res.Findings) > 0 {
		b.WriteString("\n| | where | finding | rule |\n|---|---|---|---|\n")
	}
	for i, f := range res.Findings {
		if i == maxRows {
			fmt.Fprintf(&b, "\n%d more are not shown.\n", len(res.Findings)-maxRows)
			break
		}
		fmt.Fprintf(&b, "| %s | %s:%d | %s | [%s](%s) |\n", f.Severity, inert(opt.Shown(f.Span.File.Name)), byteRegion(f.Span).StartLine,
			inert(f.Message), f.Rule.Name, opt.url(f.Rule))
	}
	if len(res.Notes) > 0 {
		b.WriteByte('\n')
	}
	for _, n := range res.Notes {
		fmt.Fprintf(&b, "- %s\n", inert(Note(n, opt)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// inert escapes text so that Markdown shows it literally: every character that could
// begin a construct gets a backslash.
func inert(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(Clean(s)), " ") {
		if r > ' ' && r < 0x7f && !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
