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

// printNotes prints what was not read, and which findings of the baseline no longer occur.
func (c *command) printNotes(res *lint.Result) {
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

// printHeld says which fixes were not made, and why: each that the proof refused, and of
// the others the first one for each reason.
func (c *command) printHeld(res *lint.Result) {
	var first []lint.Held
	more := make(map[string]int)
	for _, h := range res.Held {
		if h.Fix.Refused {
			c.notMade(h, "")
			continue
		}
		if _, again := more[h.Reason]; again {
			more[h.Reason]++
			continue
		}
		more[h.Reason] = 0
		first = append(first, h)
	}
	for i, h := range first {
		if i == maxReasons {
			c.say("note: fixes were not made for %d more reasons: --format json has them all\n", len(first)-i)
			return
		}
		suffix := ""
		if n := more[h.Reason]; n > 0 {
			suffix = fmt.Sprintf(" (and %d more)", n)
		}
		c.notMade(h, suffix)
	}
}

// maxReasons bounds how many reasons are printed.
const maxReasons = 10

func (c *command) notMade(h lint.Held, suffix string) {
	s := h.Finding.Span
	c.say("note: %s:%s: fix not made: %s%s\n", report.Clean(c.disk.shown(s.File.Name)), s.File.Position(s.Start), report.Clean(h.Reason), suffix)
}

func (c *command) summary(res *lint.Result, findings []rules.Finding) {
	c.say("%s\n", report.Summary(res, findings, c.disk.chosen))
	if advice := c.advice(res, findings); advice != "" {
		c.say("%s\n", advice)
	}
}
