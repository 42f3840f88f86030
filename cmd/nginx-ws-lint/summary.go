package main

import (
	"fmt"
	"strings"

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

// printHeld prints the fixes that the proof refused.
func (c *command) printHeld(res *lint.Result) {
	for _, h := range res.Held {
		if strings.HasPrefix(h.Reason, "not proven") {
			s := h.Finding.Span
			c.say("note: %s:%s: fix not applied, %s\n", report.Clean(c.disk.shown(s.File.Name)), s.File.Position(s.Start), report.Clean(h.Reason))
		}
	}
}

func (c *command) summary(res *lint.Result, findings []rules.Finding) {
	c.say("%s\n", report.Summary(res, findings, c.disk.chosen))
	if advice := c.advice(res, findings); advice != "" {
		c.say("%s\n", advice)
	}
}
