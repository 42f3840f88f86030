package main

import (
	"crypto/rand"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// shownDiff is a diff as it is written: every byte as it is, for git apply and
// patch. But a terminal gets no escape sequences; and where the log of a GitHub
// Action may get lines that its runner would carry out, it is told to carry out
// none up to a token that no one can know. git apply and patch pass over both
// lines.
func (c *command) shownDiff(diff string) string {
	f, file := c.App.Writer.(*os.File)
	switch {
	case c.patch != "":
	case file && term.IsTerminal(int(f.Fd())):
		return cleanDiff(diff)
	case os.Getenv(inAction) == "true" && report.HasCommands(diff):
		token := rand.Text()
		return "::stop-commands::" + token + "\n" + diff + "::" + token + "::\n"
	}
	return diff
}

// cleanDiff is a diff for the eye.
func cleanDiff(diff string) string {
	var b strings.Builder
	for line := range strings.Lines(diff) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for i, part := range parts {
			parts[i] = report.Clean(part)
		}
		b.WriteString(strings.Join(parts, "\t") + "\n")
	}
	return b.String()
}
