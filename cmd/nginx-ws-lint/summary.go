package main

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// say writes to standard error, unless --quiet.
func (c *command) say(format string, args ...any) {
	if !c.Bool("quiet") {
		fmt.Fprintf(c.App.ErrWriter, format, args...)
	}
}

// notes says what was not read, and what is in the baseline for nothing.
func (c *command) notes(res *lint.Result) {
	c.staleNote(res)
	for _, n := range res.Notes {
		text := report.Note(n, report.Options{Shown: c.disk.shown})
		if n.Trouble {
			fmt.Fprintf(c.App.ErrWriter, "nginx-ws-lint: %s\n", text)
		} else {
			c.say("note: %s\n", text)
		}
	}
}

// held says which fixes were not made, and why: each that the proof refused, and
// of others how many for each reason.
func (c *command) held(res *lint.Result) {
	var reasons []string
	byReason := make(map[string][]lint.Held)
	for _, h := range res.Held {
		if h.Fix.Refused {
			c.notMade(h, "fix")
			continue
		}
		if byReason[h.Reason] == nil {
			reasons = append(reasons, h.Reason)
		}
		byReason[h.Reason] = append(byReason[h.Reason], h)
	}
	for i, reason := range reasons {
		if i == maxReasons {
			c.say("note: fixes were not made for %d more reasons: --format json has them all\n", len(reasons)-i)
			break
		}
		what := "fix"
		if n := len(byReason[reason]); n > 1 {
			what = fmt.Sprintf("this and %d more fixes", n-1)
		}
		c.notMade(byReason[reason][0], what)
	}
}

// maxReasons bounds how many reasons are printed.
const maxReasons = 10

func (c *command) notMade(h lint.Held, what string) {
	s := h.Finding.Span
	c.say("note: %s:%s: %s not made: %s\n", report.Clean(c.disk.shown(s.File.Name)), s.File.Position(s.Start), what, report.Clean(h.Reason))
}

func (c *command) summary(res *lint.Result, findings []rules.Finding) {
	c.say("%s\n", report.Summary(res, findings, c.disk.chosen))
	if advice := c.advice(res, findings); advice != "" {
		c.say("%s\n", advice)
	}
}
