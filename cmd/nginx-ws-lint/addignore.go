package main

import (
	"errors"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// checkAddIgnore checks the flags that are combined with --add-ignore.
func (c *command) checkAddIgnore() error {
	switch {
	case !c.Bool("add-ignore"):
		if c.IsSet("reason") {
			return errors.New("--reason needs --add-ignore")
		}
		return nil
	case c.Bool("fix"), c.Bool("unsafe-fixes"), c.IsSet("write-baseline"), c.Bool("watch"):
		return errors.New("--add-ignore cannot be combined with --fix, --unsafe-fixes, --write-baseline or --watch")
	}
	if reason := strings.TrimSpace(c.String("reason")); c.IsSet("reason") && (reason == "" || !plainText(reason)) {
		return errors.New("--reason: must be one line of text")
	}
	return nil
}

// addIgnores writes a comment above each finding, or with --diff prints the patch.
func (c *command) addIgnores(res *lint.Result) error {
	reason := lint.IgnoreReason
	if c.IsSet("reason") {
		reason = strings.TrimSpace(c.String("reason"))
	}
	patches, left := res.IgnorePatches(res.Findings, reason)
	ignored := len(res.Findings) - len(left)
	switch {
	case c.Bool("diff"):
		if err := c.printDiff(patches); err != nil {
			return err
		}
	case c.stdin:
		res.Patches = patches
		if err := c.printFixed(res); err != nil {
			return err
		}
	default:
		if err := c.write(patches, "wrote"); err != nil {
			return err
		}
	}
	for _, f := range left {
		s := f.Span
		c.say("note: %s:%s: no comment added for %s: a comment cannot go there\n", report.Clean(c.disk.shown(s.File.Name)), s.File.Position(s.Start), f.Rule.Name)
	}
	c.printNotes(res)
	c.say("%s ignored by comments, %d left\n", report.Plural(ignored, "finding"), len(left))
	if c.Bool("diff") && len(patches) > 0 || len(left) > 0 {
		return errFindings
	}
	return c.verdict(&lint.Result{Notes: res.Notes})
}
