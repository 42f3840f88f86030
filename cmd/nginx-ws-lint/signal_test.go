//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// build builds the command.
func build(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "nginx-ws-lint")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

const signalled = "events {}\nhttp {\n    server {\n        listen 8080;\n        location /ws { proxy_pass http://127.0.0.1:3000; }\n    }\n}\n"

// startVerifying starts a fix whose --verify waits, and returns when the new text is
// in place.
func startVerifying(t *testing.T, program, dir string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(signalled), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--fix", "--verify", "touch verifying; sleep 60", "nginx.conf")
	var errs bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if _, err := os.Stat(filepath.Join(dir, "verifying")); err == nil {
			if text, _ := os.ReadFile(path); !bytes.Contains(text, []byte("Upgrade")) {
				t.Fatalf("verified is\n%s", text)
			}
			return cmd, &errs
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the command of --verify did not start")
	return nil, nil
}

func wantOld(t *testing.T, dir string) {
	t.Helper()
	if text, err := os.ReadFile(filepath.Join(dir, "nginx.conf")); err != nil || string(text) != signalled {
		t.Errorf("the file holds %q, %v", text, err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".nginx-ws-lint*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A signal while --verify runs puts every file back, and ends what was started.
func TestSignal(t *testing.T) {
	program := build(t)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		dir := t.TempDir()
		cmd, errs := startVerifying(t, program, dir)
		start := time.Now()
		_ = cmd.Process.Signal(signal)
		if err := cmd.Wait(); cmd.ProcessState.ExitCode() != exitTrouble {
			t.Errorf("%v: %v", signal, err)
		}
		if time.Since(start) > 30*time.Second {
			t.Errorf("%v: the command was waited for", signal)
		}
		if !strings.Contains(errs.String(), "interrupted; 1 file restored") {
			t.Errorf("%v: it said %q", signal, errs)
		}
		wantOld(t, dir)
	}
}

// Killed while --verify runs, a check says so, and the next --fix begins by
// putting the file back.
func TestKill(t *testing.T) {
	program, dir := build(t), t.TempDir()
	cmd, _ := startVerifying(t, program, dir)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	run := func(args ...string) (string, int) {
		cmd := exec.Command(program, args...)
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	if out, code := run("nginx.conf"); code != exitTrouble || !strings.Contains(out, "interrupted here; nginx-ws-lint --fix finishes or undoes it") {
		t.Errorf("a check: exit %d, %s", code, out)
	}
	out, code := run("--fix", "--verify", "false", "nginx.conf")
	if code != exitTrouble || !strings.Contains(out, "an earlier fix was interrupted and has now been undone: 1 file") {
		t.Errorf("--fix: exit %d, %s", code, out)
	}
	wantOld(t, dir)
	if out, code := run("--fix", "nginx.conf"); code != exitClean || !strings.Contains(out, "fixed nginx.conf") {
		t.Errorf("--fix: exit %d, %s", code, out)
	}
}
