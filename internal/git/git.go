// Package git reads a revision of a git repository as a file system, by running git.
// It checks nothing out and changes neither the working tree nor the index. harden.go
// lists what git is not allowed to do.
package git

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// resolve returns the name of the object that a revision denotes. A revision must not
// look like an option.
func (r *Repository) resolve(rev string) (string, error) {
	if rev == "" || rev[0] == '-' || strings.ContainsAny(rev, "\x00\n") {
		return "", fmt.Errorf("%q is not a valid revision", rev)
	}
	oid, err := run(r.command("rev-parse", "--verify", "--quiet", rev))
	if err == nil {
		return oid, nil
	}
	var failed *failure
	if !errors.As(err, &failed) {
		return "", err
	}
	if shallow, err := run(r.command("rev-parse", "--is-shallow-repository")); err == nil && shallow == "true" {
		return "", fmt.Errorf("git does not know the revision %s: this is a shallow clone without it (git fetch --unshallow fetches everything, and so does fetch-depth: 0 in a GitHub Action)", rev)
	}
	return "", fmt.Errorf("git does not know the revision %s", rev)
}

// A failure is an error message of git.
type failure struct{ message string }

func (f *failure) Error() string { return "git: " + f.message }

// run runs git and returns its output without the last line feed.
func run(cmd *exec.Cmd, err error) (string, error) {
	if err != nil {
		return "", err
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(errs.String()), "fatal: "), "\n")
		if first == "" {
			first = err.Error()
		}
		return "", &failure{first}
	}
	return strings.TrimSuffix(strings.TrimSuffix(out.String(), "\n"), "\r"), nil
}
