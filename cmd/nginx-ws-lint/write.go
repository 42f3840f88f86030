package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/replace"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// write writes all patches or none of them, and names each file that was written. If
// --verify fails or a signal arrives, every file is restored.
func (c *command) write(patches []fixer.Patch, done string) error {
	var writes []replace.FileWrite
	for _, p := range patches {
		writes = append(writes, replace.FileWrite{Path: c.disk.path(p.File.Name), Old: p.File.Src, New: p.New})
	}
	if len(writes) == 0 {
		return nil
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	t, err := replace.Begin(writes)
	if err != nil {
		return withAdvice(err)
	}
	if err := t.Replace(); err != nil {
		return err
	}
	if err := c.verify(ctx); err != nil {
		if undoing := t.Undo(); undoing != nil {
			return fmt.Errorf("%w; and %w", err, undoing)
		}
		return fmt.Errorf("%w; %s restored%s", err, report.Plural(len(writes), "file"), c.failedBefore(ctx))
	}
	if err := t.Keep(); err != nil {
		return err
	}
	if err := t.Untidy(); err != nil {
		fmt.Fprintf(c.App.ErrWriter, "nginx-ws-lint: all files were written, but their backups next to them cannot be removed: %s; the next --fix removes them\n", report.Clean(err.Error()))
	}
	for _, p := range patches {
		c.say("%s %s\n", done, report.Clean(c.disk.shown(p.File.Name)))
	}
	return nil
}

// failedBefore says whether the --verify command also fails on the original files.
// Then the fixes are not the reason.
func (c *command) failedBefore(ctx context.Context) string {
	if c.verifier == "" || ctx.Err() != nil {
		return ""
	}
	_, err := runShell(ctx, c.verifier)
	switch {
	case ctx.Err() != nil:
		return ""
	case err != nil:
		return "; the command fails on the restored files as well"
	}
	return "; the command succeeds on the restored files"
}

// printLeftErrors prints, if --verify failed, the errors that had no fix. They may be the
// reason.
func (c *command) printLeftErrors(res *lint.Result) {
	for _, f := range res.Left {
		if f.Severity == rules.Error {
			fmt.Fprintf(c.App.ErrWriter, "not fixed: %s:%s: %s [%s]\n", report.Clean(c.disk.shown(f.Span.File.Name)), f.Span.File.Position(f.Span.Start), report.Clean(f.Message), f.Rule.Name)
		}
	}
}

// withAdvice adds advice to the error of a write that was refused.
func withAdvice(err error) error {
	if errors.Is(err, replace.ErrInterrupted) {
		return fmt.Errorf("%w; run nginx-ws-lint --fix on that directory first", err)
	}
	return err
}

// verify runs the --verify command and prints its output if it fails. A signal is an
// error as well.
func (c *command) verify(ctx context.Context) error {
	if name := c.verifier; name != "" && ctx.Err() == nil {
		output, err := runShell(ctx, name)
		if err != nil && ctx.Err() == nil {
			if output != "" {
				for _, line := range report.CleanLines(output) {
					fmt.Fprintf(c.App.ErrWriter, "  | %s\n", line)
				}
			}
			return fmt.Errorf("--verify: %s: %w", name, err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return nil
}

// recoverInterrupted finishes or undoes, with --fix, the interrupted fixes in the
// directories that were read. It reports whether there were any.
func (c *command) recoverInterrupted(opt lint.Options, res *lint.Result) (ended bool, err error) {
	seen := make(map[string]bool)
	for _, f := range res.Files {
		dir := filepath.Dir(c.disk.path(f.Name))
		if seen[dir] {
			continue
		}
		seen[dir] = true
		err := replace.Interrupted(dir)
		switch shown := c.disk.shown(path.Dir(f.Name)); {
		case err == nil:
			continue
		case !errors.Is(err, replace.ErrInterrupted):
			return false, fmt.Errorf("%s: a fix is under way or was interrupted here: %w", shown, err)
		case !c.Bool("fix"):
			return false, fmt.Errorf("%s: %w; nginx-ws-lint --fix finishes or undoes it", shown, err)
		}
		done, err := replace.Recover(dir, c.disk.given(opt.Paths))
		if err != nil {
			return false, fmt.Errorf("an earlier fix was interrupted: %w", err)
		}
		what := "undone"
		if done.Kept {
			what = "finished"
		}
		c.say("an earlier fix was interrupted and has now been %s: %s\n", what, report.Plural(len(done.Files), "file"))
		ended = true
	}
	return ended, nil
}

// given returns a function that reports whether a directory, by its real path, was
// named, contains a named file, or lies below one of these.
func (d disk) given(names []string) func(dir string) bool {
	var roots []string
	for _, name := range names {
		root, err := filepath.EvalSymlinks(d.path(name))
		if err != nil {
			continue // a path that cannot be read was not given
		}
		if info, err := os.Stat(root); err != nil || !info.IsDir() {
			root = filepath.Dir(root)
		}
		roots = append(roots, root)
	}
	return func(dir string) bool {
		return slices.ContainsFunc(roots, func(root string) bool { return within(dir, root) })
	}
}
