package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// printDiff prints patches as --diff does.
func (c *command) printDiff(patches []fixer.Patch) error {
	var diff strings.Builder
	root := c.disk.patchRoot(patches)
	for _, p := range patches {
		name := root.name(p.File.Name)
		diff.WriteString(p.Diff("a/"+name, "b/"+name))
	}
	text, err := c.shownDiff(diff.String())
	if err == nil {
		err = output(c.patch, c.App.Writer, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
	}
	if how := root.howToApply(); how != "" && err == nil {
		c.say("note: %s\n", report.Clean(how))
	}
	return err
}

// shownDiff returns the diff as it is written. For git apply and patch every byte
// stays as it is. A terminal gets no escape sequences. The log of a GitHub Action may
// get lines that the runner would execute as commands: then a first line stops
// commands until a random token, which the last line repeats. git apply and patch
// ignore both lines. No other CI system has such a command, so there the diff can
// only go to a file.
func (c *command) shownDiff(diff string) (string, error) {
	if c.patch != "" {
		return diff, nil
	}
	if f, ok := terminal(c.App.Writer); ok {
		if term.IsTerminal(int(f.Fd())) {
			opt, err := reportOptions(c.Context, c.disk, true)
			return report.Diff(report.CleanDiff(diff), opt), err
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
			return "", fmt.Errorf("--diff: the diff has lines that %s would run as commands; write it to a file with --output FILE", s.name)
		}
	}
	return diff, nil
}

// A patchRoot is the directory that the paths in a diff are relative to.
type patchRoot struct {
	disk
	dir string // as a path; "" for the current directory
}

// patchRoot returns the directory that the paths of patches are relative to: the
// current directory if all files lie below it, else the root of the repository that
// contains them all, else the root of the file system. All names in a diff are
// relative to one directory, because git and patch apply it in one.
func (d disk) patchRoot(patches []fixer.Patch) patchRoot {
	all := func(dir string) bool {
		for _, p := range patches {
			if !within(d.path(p.File.Name), dir) {
				return false
			}
		}
		return true
	}
	switch {
	case len(patches) == 0 || d.current == ".":
		return patchRoot{disk: d}
	case d.current == "": // of a dump
		return patchRoot{d, d.root}
	case all(d.current):
		return patchRoot{disk: d}
	}
	d.current = filepath.Dir(d.path(patches[0].File.Name))
	if d = d.inRepository(); isRepository(d.current) && all(d.current) {
		return patchRoot{d, d.current}
	}
	d.current = d.root
	return patchRoot{d, d.root}
}

// name is a file's name in the diff.
func (r patchRoot) name(name string) string { return strings.TrimPrefix(r.shown(name), "/") }

// howToApply returns the command that applies the diff if it must not run in the
// current directory, else "".
func (r patchRoot) howToApply() string {
	switch {
	case r.dir == "":
		return ""
	case isRepository(r.dir):
		return fmt.Sprintf("the paths in the patch are relative to %s; apply it with git -C %[1]s apply, or patch -p1 -d %[1]s", shellWord(r.dir))
	}
	return fmt.Sprintf("the paths in the patch are relative to %s; apply it with patch -p1 -d %[1]s", shellWord(r.dir))
}

// shellWord quotes a path for a shell.
func shellWord(path string) string {
	if strings.Trim(path, plainInShell) == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
