// Package git reads a revision of a git repository as a file system, by asking
// git: nothing is checked out, and neither the working tree nor the index is
// touched.
package git

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Root returns the top directory of the working tree that a directory lies in.
func Root(dir string) (string, error) {
	out, err := run(dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return "", err
	}
	return filepath.FromSlash(out), nil
}

// resolve returns the name of the object that a revision stands for. It must not
// be taken for an option.
func resolve(root, rev string) (string, error) {
	if rev == "" || rev[0] == '-' || strings.ContainsAny(rev, "\x00\n") {
		return "", fmt.Errorf("%q cannot be a revision", rev)
	}
	oid, err := run(root, "rev-parse", "--verify", "--quiet", rev)
	if err == nil {
		return oid, nil
	}
	var failed *failure
	if !errors.As(err, &failed) {
		return "", err
	}
	if shallow, err := run(root, "rev-parse", "--is-shallow-repository"); err == nil && shallow == "true" {
		return "", fmt.Errorf("git knows no revision %s: this is a shallow clone, without it (git fetch --unshallow brings all, as does fetch-depth: 0 in a GitHub Action)", rev)
	}
	return "", fmt.Errorf("git knows no revision %s", rev)
}

// A failure is what git says where it fails.
type failure struct{ message string }

func (f *failure) Error() string { return "git: " + f.message }

// run runs git in a directory and returns what it prints, without the last line
// feed.
func run(dir string, args ...string) (string, error) {
	cmd, err := command(dir, args...)
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

// ofHook are the variables by which git tells a hook which repository it runs
// for: they would outrank the directory.
var ofHook = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"}

// command is git in a directory, in English.
func command(dir string, args ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath("git")
	if err != nil {
		return nil, errors.New("git is needed for it, and is not installed")
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); !slices.Contains(ofHook, name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	return cmd, nil
}
