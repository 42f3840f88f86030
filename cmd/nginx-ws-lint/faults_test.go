//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/urfave/cli/v2"
)

// A faulty run is one of the command in a tree whose fix --verify refuses.
type faultyRun struct {
	program, dir string
}

func newFaultyRun(t *testing.T) faultyRun {
	r := faultyRun{build(t), t.TempDir()}
	if err := os.WriteFile(filepath.Join(r.dir, "nginx.conf"), []byte(signalled), 0o644); err != nil {
		t.Fatal(err)
	}
	return r
}

// run runs the command and returns its exit code and standard error, unless the
// set-up uses that.
func (r faultyRun) run(t *testing.T, setUp func(*exec.Cmd), args ...string) (code int, said string) {
	t.Helper()
	cmd := exec.Command(r.program, args...)
	var errs bytes.Buffer
	cmd.Dir, cmd.Stderr = r.dir, &errs
	setUp(cmd)
	_ = cmd.Run()
	if said = errs.String(); strings.Contains(said, "panic") || strings.Contains(said, "goroutine") {
		t.Errorf("%v: %s", args, said)
	}
	return cmd.ProcessState.ExitCode(), said
}

// closedPipe is the end of a pipe that no one reads.
func closedPipe(t *testing.T) *os.File {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	t.Cleanup(func() { write.Close() })
	return write
}

// If standard output cannot be written, that is an error and is reported, except for
// a closed pipe.
func TestStandardOutputFails(t *testing.T) {
	r := newFaultyRun(t)
	commands := []string{
		"nginx.conf", "--format json nginx.conf", "--format sarif nginx.conf", "--format github nginx.conf", "--format junit nginx.conf", "--format checkstyle nginx.conf",
		"--format gitlab nginx.conf", "--format rdjson nginx.conf", "--diff nginx.conf", "--help", "--version", "version", "rules", "rules --format json",
		"explain missing-upgrade-headers", "explain --help", "inventory nginx.conf", "inventory --format json nginx.conf", "--fix --stdin-filename nginx.conf -",
	}
	for _, command := range commands {
		args := strings.Fields(command)
		stdin := func(cmd *exec.Cmd) { cmd.Stdin = strings.NewReader(signalled) }
		code, said := r.run(t, func(cmd *exec.Cmd) { stdin(cmd); cmd.Stdout = closedPipe(t) }, args...)
		if code != exitTrouble || strings.Contains(said, "cannot write") {
			t.Errorf("%s, no one reads: exit %d, %s", command, code, said)
		}
		if runtime.GOOS != "linux" {
			continue
		}
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		code, said = r.run(t, func(cmd *exec.Cmd) { stdin(cmd); cmd.Stdout = full }, args...)
		if code != exitTrouble || !strings.HasSuffix(said, "nginx-ws-lint: cannot write to standard output: no space left on device\n") {
			t.Errorf("%s, full: exit %d, %s", command, code, said)
		}
		full.Close()
	}
	wantOld(t, r.dir)
}

// If they are closed, standard output and standard error become /dev/null, as in
// Rust. The exit code still says what was found.
func TestClosedOutputs(t *testing.T) {
	r := newFaultyRun(t)
	for _, closed := range []string{">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"} {
		for args, want := range map[string]int{"nginx.conf": exitFindings, "--fail-on never nginx.conf": exitClean, "none.conf": exitTrouble, "--fix --verify false nginx.conf": exitTrouble} {
			cmd := exec.Command("/bin/sh", "-c", "exec "+r.program+" "+args+" "+closed)
			cmd.Dir = r.dir
			_ = cmd.Run()
			if got := cmd.ProcessState.ExitCode(); got != want {
				t.Errorf("%s %s: exit %d, want %d", args, closed, got, want)
			}
		}
	}
	wantOld(t, r.dir)
}

// A closed pipe does not kill a fix that has files to restore, but it can kill what
// --verify starts.
func TestNoOneListens(t *testing.T) {
	r := newFaultyRun(t)
	code, _ := r.run(t, func(cmd *exec.Cmd) { cmd.Stdout, cmd.Stderr = closedPipe(t), closedPipe(t) }, "--fix", "--verify", "echo refused; exit 1", "nginx.conf")
	if code != exitTrouble {
		t.Errorf("exit %d", code)
	}
	wantOld(t, r.dir)
	// A shell says 128 + SIGPIPE of a program that SIGPIPE killed.
	const killed = `{ yes; echo $? >status; } 2>errors | true; test "$(cat status)" = 141`
	if code, said := r.run(t, func(*exec.Cmd) {}, "--fix", "--verify", killed, "nginx.conf"); code != exitClean {
		t.Errorf("exit %d: %s", code, said)
	}
}

// Without a home, a PATH or anything else in the environment, all goes on.
func TestEmptyEnvironment(t *testing.T) {
	r := newFaultyRun(t)
	empty := func(cmd *exec.Cmd) { cmd.Env = []string{} }
	if code, said := r.run(t, empty, "nginx.conf"); code != exitFindings {
		t.Errorf("a check: exit %d: %s", code, said)
	}
	if code, said := r.run(t, empty, "--fix", "--verify", "test -f nginx.conf", "nginx.conf"); code != exitClean {
		t.Errorf("--fix: exit %d: %s", code, said)
	}
}

// A current directory that is gone is trouble, and one line says so.
func TestNoCurrentDirectory(t *testing.T) {
	r := newFaultyRun(t)
	for _, args := range []string{"../nginx.conf", "--no-config ../nginx.conf", ".", "inventory .", "-"} {
		cmd := exec.Command("/bin/sh", "-c", "mkdir gone && cd gone && rmdir ../gone && exec "+r.program+" "+args)
		cmd.Dir = r.dir
		said, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != exitTrouble || string(said) != "nginx-ws-lint: cannot determine the current directory: no such file or directory\n" {
			t.Errorf("%s: exit %d: %s", args, code, said)
		}
	}
}

// If a file has changed since it was read, neither it nor any other file is written.
func TestChangedBetweenReadingAndFixing(t *testing.T) {
	edit := func(path string) error { return os.WriteFile(path, []byte(signalled+"# mine\n"), 0o644) }
	for what, change := range map[string]func(path string) error{
		"edited":     edit,
		"cut":        func(path string) error { return os.Truncate(path, 5) },
		"gone":       os.Remove,
		"replaced":   func(path string) error { return errors.Join(os.Remove(path), edit(path)) },
		"unreadable": func(path string) error { return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600)) },
		"a directory": func(path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o755))
		},
		"a link": func(path string) error {
			return errors.Join(os.Rename(path, path+".real"), edit(path+".real"), os.Symlink(path+".real", path))
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{"a.conf", "b.conf"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Replace(signalled, "8080", "80"+name[:1], 1)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			before, _ := os.ReadFile(filepath.Join(dir, "a.conf"))
			var errs bytes.Buffer
			app := newApp(nil, io.Discard, &errs)
			app.Action = func(ctx *cli.Context) error {
				c := &command{Context: ctx}
				opt, err := c.options()
				if err != nil {
					return err
				}
				res, err := c.run(opt)
				if err != nil || len(res.Patches) != 2 {
					t.Fatalf("%d patches, %v", len(res.Patches), err)
				}
				if err := change(filepath.Join(dir, "b.conf")); err != nil {
					t.Fatal(err)
				}
				return c.fix(res)
			}
			err := app.Run([]string{"nginx-ws-lint", "--fix", dir})
			if err == nil || !strings.Contains(err.Error(), "b.conf: ") || !strings.HasSuffix(err.Error(), "; nothing was written") {
				t.Errorf("got %v", err)
			}
			if now, err := os.ReadFile(filepath.Join(dir, "a.conf")); err != nil || !bytes.Equal(now, before) {
				t.Errorf("a.conf holds %q, %v", now, err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, ".nginx*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
