package main

import (
	"crypto/rand"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// shownDiff is a diff as it is written: every byte as it is, for git apply and
// patch. But a terminal gets no escape sequences; and where the log of a GitHub
// Action may get lines that its runner would carry out, it is told to carry out
// none up to a token that no one can know. git apply and patch pass over both
// lines. No other system can be told so: there such a diff goes into a file only.
func (c *command) shownDiff(diff string) (string, error) {
	if c.patch != "" {
		return diff, nil
	}
	if f, ok := terminal(c.App.Writer); ok {
		if term.IsTerminal(int(f.Fd())) {
			return report.CleanDiff(diff), nil
		}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return diff, nil
		}
	}
	for _, s := range systems {
		switch {
		case os.Getenv(s.variable) == "" || !report.HasCommands(diff, s.name):
		case s.name == report.GitHubActions:
			token := rand.Text()
			return "::stop-commands::" + token + "\n" + diff + "::" + token + "::\n", nil
		default:
			return "", fmt.Errorf("--diff: the diff has lines that %s would take for commands; --output FILE writes it to a file", s.name)
		}
	}
	return diff, nil
}
