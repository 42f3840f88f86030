package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A command is one run of check.
type command struct {
	*cli.Context
	disk    disk
	reports []destination
	patch   string // the file for the patch of --diff; "" for standard output
	failOn  rules.Severity
	stdin   bool

	verifier string         // the command of --verify, or of the settings
	settings *config.Config // the settings; Path is "" if there is no file
	old      oldFindings
}

func checkAction(ctx *cli.Context) error {
	if ctx.Bool("watch") {
		return watchAction(ctx)
	}
	c := &command{Context: ctx}
	return c.do(func() error { return nil })
}

// do carries out the command. It calls read after all files are read and before
// anything is printed.
func (c *command) do(read func() error) error {
	opt, err := c.options()
	if err != nil {
		return err
	}
	res, err := c.run(opt)
	if failed := read(); err == nil {
		err = failed
	}
	if err == nil {
		c.noteForeignSettings(res)
		c.nestedNotes(res)
		err = c.checkOverwrites(res)
	}
	if err == nil && c.old.write {
		err = c.writeBaseline(res)
	}
	if err != nil {
		return err
	}
	switch {
	case c.Bool("show-files"), c.Bool("show-settings"):
		return c.show(res)
	case c.Bool("add-ignore"):
		return c.addIgnores(res)
	case c.Bool("diff"):
		err = c.diff(res)
	case c.Bool("fix"):
		err = c.fix(res)
	default:
		err = c.check(res)
	}
	if err != nil {
		return err
	}
	return c.verdict(res)
}

// run lints. If an earlier fix was interrupted, --fix ends it first. Without --fix
// that is an error, because the disk has half of a patch.
func (c *command) run(opt lint.Options) (*lint.Result, error) {
	res, err := c.judge(opt)
	if err != nil || c.stdin {
		return res, err
	}
	ended, err := c.recoverInterrupted(opt, res)
	if err == nil && ended {
		res, err = c.judge(opt)
	}
	return res, err
}

// judge lints the files, and before that the revision to compare with.
func (c *command) judge(opt lint.Options) (*lint.Result, error) {
	defer c.progress()()
	if rev := c.String("new-from-rev"); c.IsSet("new-from-rev") {
		r, err := openRevision(c.disk, rev, opt)
		if err != nil {
			return nil, fmt.Errorf("--new-from-rev: %w", c.disk.withShownPath(err))
		}
		defer r.tree.Close()
		known, err := r.oldFindings(opt)
		if err != nil {
			return nil, fmt.Errorf("--new-from-rev %s: %w", rev, err)
		}
		opt.Old = append(opt.Old, known)
	}
	res, err := lint.Run(opt)
	if err != nil {
		return nil, c.suggest(c.disk.withShownPath(err))
	}
	return res, nil
}

// check prints the findings.
func (c *command) check(res *lint.Result) error {
	if err := c.report(res, c.App.Writer); err != nil {
		return err
	}
	c.printNotes(res)
	c.summary(res, res.Findings)
	return nil
}

// diff prints the patches.
func (c *command) diff(res *lint.Result) error {
	err := c.printDiff(res.Patches)
	if err == nil {
		err = c.report(res, c.App.Writer)
	}
	if err != nil {
		return err
	}
	c.printNotes(res)
	c.printHeld(res)
	if len(res.Patches) > 0 {
		c.say("the patch fixes %d of %s\n", fixed(res), report.Plural(len(res.Findings), "finding"))
	}
	c.summary(res, res.Findings)
	return nil
}

// fixed counts the findings that the patches fix.
func fixed(res *lint.Result) int {
	left := make(map[lint.Fingerprint]int)
	for _, f := range res.Left {
		left[lint.Identify(f, f.Span.File.Name)]++
	}
	n := 0
	for _, f := range res.Findings {
		p := lint.Identify(f, f.Span.File.Name)
		if left[p]--; left[p] < 0 {
			n++
		}
	}
	return n
}

// fix writes the patches, or prints the fixed text of standard input, and reports the
// findings that are left.
func (c *command) fix(res *lint.Result) error {
	left := *res
	left.Findings = res.Left
	out := c.App.Writer
	if c.stdin {
		out = c.App.ErrWriter
		if err := c.printFixed(res); err != nil {
			return err
		}
	} else {
		if err := c.write(res.Patches, "fixed"); err != nil {
			if c.verifier != "" {
				c.printLeftErrors(res)
			}
			return err
		}
	}
	if err := c.report(&left, out); err != nil {
		return err
	}
	c.printNotes(res)
	c.printHeld(res)
	if len(res.Patches) > 0 {
		c.say("%d fixed, %d left\n", fixed(res), len(left.Findings))
	}
	c.summary(&left, left.Findings)
	return nil
}

// accepted reports whether a finding that is left does not count toward the exit
// code. That holds if the --verify command accepted the files and no requested fix is
// left for the finding. An explicit --fail-on overrules this.
func (c *command) accepted(f rules.Finding) bool {
	if !c.Bool("fix") || c.stdin || c.verifier == "" || c.IsSet("fail-on") || c.settings.FailOn != "" {
		return false
	}
	least := fixer.Safe
	if c.Bool("unsafe-fixes") {
		least = fixer.Unsafe
	}
	return !slices.ContainsFunc(f.Fixes, func(fix fixer.Fix) bool { return fix.Safety >= least })
}

// unread returns an error if a file that the user named could not be read.
func unread(notes []lint.Note, user int) error {
	trouble, denied := false, false
	for _, n := range notes {
		trouble = trouble || n.Trouble
		denied = denied || n.Trouble && strings.Contains(n.Message, "permission denied")
	}
	switch {
	case denied && user > 0:
		return errors.New("some files could not be read (see above); only root may read them, so try sudo")
	case trouble:
		return errors.New("some files could not be read (see above)")
	}
	return nil
}

// verdict returns the error that decides the exit code.
func (c *command) verdict(res *lint.Result) error {
	if err := unread(res.Notes, os.Geteuid()); err != nil {
		return err
	}
	findings := res.Findings
	if c.Bool("fix") {
		findings = res.Left
	}
	for _, f := range findings {
		if f.Severity >= c.failOn && !c.accepted(f) {
			return errFindings
		}
	}
	if c.Bool("diff") && len(res.Patches) > 0 {
		return errFindings
	}
	return nil
}
