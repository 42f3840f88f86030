//go:build linux || darwin

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/rivo/uniseg"
)

// A screen is the command on a terminal of 80 columns.
type screen struct {
	t    *testing.T
	cmd  *exec.Cmd
	file *os.File
	seen []byte
}

func onTerminal(t *testing.T, dir string, env []string, args ...string) *screen {
	t.Helper()
	cmd := exec.Command("nginx-ws-lint", args...) // of TestMain
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 25, Cols: 80})
	if err != nil {
		t.Skipf("no terminal: %v", err)
	}
	stuck := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() }) // what is waited for does not come
	t.Cleanup(func() { stuck.Stop(); _ = cmd.Process.Kill(); f.Close() })
	return &screen{t: t, cmd: cmd, file: f}
}

// until reads what is printed up to a text, or all of it, and returns what has
// been read so far.
func (s *screen) until(text string) string {
	s.t.Helper()
	buf := make([]byte, 4096)
	for text == "" || !bytes.Contains(s.seen, []byte(text)) {
		n, err := s.file.Read(buf)
		s.seen = append(s.seen, buf[:n]...)
		if text == "" && (errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO)) { // Linux says EIO at the end
			break
		}
		if err != nil {
			s.t.Fatalf("waiting for %q: %v after %q", text, err, s.seen)
		}
	}
	return strings.ReplaceAll(string(s.seen), "\r\n", "\n")
}

func (s *screen) exit(code int) {
	s.t.Helper()
	_ = s.cmd.Wait()
	if got := s.cmd.ProcessState.ExitCode(); got != code {
		s.t.Errorf("exit %d, want %d", got, code)
	}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*[a-zA-Z]|\x1b]8;;[^\x1b]*\x1b\\\\")

// tree is a directory with a configuration whose texts are hard to align.
func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := "events {}\nhttp {\n\tserver {\n\t\tlisten 8080;\n\t\tlocation /ws/日本 { # \x1b]0;evil\x07 \u202e\n" +
		"\t\t\tset $a 日本;\tproxy_pass http://127.0.0.1:3000/" + strings.Repeat("long/", 30) + ";\n\t\t}\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// On a terminal: colour, frames, nothing wider than it, and nothing that a
// configuration wants it to do.
func TestTerminal(t *testing.T) {
	dir := tree(t)
	s := onTerminal(t, dir, []string{"TERM=xterm-256color"}, "nginx.conf")
	got := s.until("")
	s.exit(exitFindings)
	if !strings.Contains(got, "\x1b[1;33mwarning:") || strings.Contains(got, "\x1b]") || strings.Contains(got, "\u202e") {
		t.Errorf("it printed %q", got)
	}
	plain := escapes.ReplaceAllString(got, "")
	for _, line := range strings.Split(plain, "\n") {
		if n := uniseg.StringWidth(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	const frame = "    6 | set $a 日本; proxy_pass http://127.0.0.1:3000/long/long/long/long/lon...\n      |              ^~~~~"
	if !strings.Contains(plain, frame) {
		t.Errorf("no frame in\n%s", plain)
	}
	for _, want := range []string{"nginx.conf:6:19: warning: ", "[missing-upgrade-headers]\n", "  fix (safe): send Upgrade"} {
		if !strings.Contains(plain, want) {
			t.Errorf("no %q in\n%s", want, plain)
		}
	}
}

// A diff on a terminal has no escape sequences.
func TestTerminalDiff(t *testing.T) {
	s := onTerminal(t, tree(t), []string{"TERM=xterm"}, "--diff", "nginx.conf")
	got := s.until("")
	s.exit(exitFindings)
	if !strings.Contains(got, "\x1b[1m--- a/nginx.conf\x1b[0m\n") || !strings.Contains(got, "\x1b[32m+\tmap ") || strings.Contains(got, "\x1b]") {
		t.Errorf("in colour it printed %q", got)
	}
	s = onTerminal(t, tree(t), []string{"TERM=xterm", "NO_COLOR=1"}, "--diff", "nginx.conf")
	got = s.until("")
	s.exit(exitFindings)
	if !strings.Contains(got, "--- a/nginx.conf\n+++ b/nginx.conf\n@@ ") || strings.Contains(got, "\x1b]") || strings.Contains(got, "\u202e") {
		t.Errorf("it printed %q", got)
	}
}

// A report on logs is no wider than the terminal.
func TestTerminalLogs(t *testing.T) {
	dir := t.TempDir()
	line := `2026/11/21 12:18:15 [info] 1#1: *1 upstream timed out (110: Connection timed out) while proxying upgraded connection, client: 192.0.2.1, server: a, request: "GET /ws HTTP/1.1", host: "a"`
	if err := os.WriteFile(filepath.Join(dir, "error.log"), []byte(line+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := onTerminal(t, dir, []string{"TERM=dumb"}, "logs", "error.log")
	got := s.until("")
	s.exit(exitFindings)
	for line := range strings.Lines(got) {
		if n := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.Count(got, "\n") < 10 {
		t.Errorf("it printed %q", got)
	}
}

// The environment and the flag decide on colour and links.
func TestTerminalColor(t *testing.T) {
	dir := tree(t)
	for _, c := range []struct {
		env          []string
		flag         string
		color, links bool
	}{
		{[]string{"TERM=xterm"}, "auto", true, false},
		{[]string{"TERM=xterm-kitty"}, "auto", true, true},
		{[]string{"TERM=xterm-kitty"}, "never", false, false},
		{[]string{"TERM=xterm-kitty", "NO_COLOR=1"}, "auto", false, false},
		{[]string{"TERM=xterm", "NO_COLOR="}, "auto", true, false},
		{[]string{"TERM=xterm", "NO_COLOR=1"}, "always", true, false},
		{[]string{"TERM=dumb"}, "auto", false, false},
	} {
		s := onTerminal(t, dir, c.env, "--color", c.flag, "nginx.conf")
		got := s.until("")
		s.exit(exitFindings)
		if strings.Contains(got, "\x1b[") != c.color || strings.Contains(got, "\x1b]8;;https://") != c.links {
			t.Errorf("%v, --color %s: %q", c.env, c.flag, got)
		}
		if !strings.Contains(got, "      |") {
			t.Errorf("%v: no frame: %q", c.env, got)
		}
	}
}

// Progress is shown while a run takes long, here waiting for git, and then cleared.
func TestTerminalProgress(t *testing.T) {
	dir, bin := tree(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	git := "#!/bin/sh\nwhile ! test -e '" + bin + "/go'; do sleep 0.05; done\necho no >&2; exit 1\n"
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte(git), 0o755); err != nil {
		t.Fatal(err)
	}
	s := onTerminal(t, dir, []string{"TERM=xterm", "PATH=" + bin + ":" + os.Getenv("PATH")}, "--new-from-rev", "HEAD", "nginx.conf")
	s.until("checking: ")
	if err := os.WriteFile(filepath.Join(bin, "go"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	got := s.until("")
	s.exit(exitTrouble)
	if !regexp.MustCompile(`files read\r\x1b\[Knginx-ws-lint: --new-from-rev`).MatchString(got) {
		t.Errorf("it printed %q", got)
	}
}

// --watch clears the terminal before it checks again. Ctrl-C ends it by the signal,
// which shells report as 130.
func TestTerminalWatch(t *testing.T) {
	dir, old := tree(t), time.Now().Add(-time.Hour)    // what is as new as the run counts as a change
	git := os.Mkdir(filepath.Join(dir, ".git"), 0o755) // nothing above it is looked at
	if err := errors.Join(git, os.Chtimes(filepath.Join(dir, "nginx.conf"), old, old), os.Chtimes(dir, old, old)); err != nil {
		t.Fatal(err)
	}
	s := onTerminal(t, dir, []string{"TERM=xterm"}, "--watch", "nginx.conf")
	if got := s.until("press Ctrl-C to stop"); strings.Contains(got, "\x1b[2J") {
		t.Errorf("cleared at first: %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte("events {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.until("\x1b[H\x1b[2J")
	s.until("nothing found in 1 file")
	s.until("nothing found in 1 file\r\nwatching for changes; press Ctrl-C to stop")
	if _, err := s.file.Write([]byte{3}); err != nil { // ctrl-C
		t.Fatal(err)
	}
	_ = s.cmd.Wait()
	if status := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("it ended by %v", s.cmd.ProcessState)
	}
}
