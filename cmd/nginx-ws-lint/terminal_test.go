package main

import (
	"bytes"
	"os"
	"testing"
	"time"
)

// Links appear only in terminals that are known to support them.
func TestTakesLinks(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, false},
		{map[string]string{"TERM": "xterm-256color"}, false},
		{map[string]string{"TERM": "linux"}, false},
		{map[string]string{"TERM": "xterm-kitty"}, true},
		{map[string]string{"TERM": "alacritty"}, true},
		{map[string]string{"TERM_PROGRAM": "vscode"}, true},
		{map[string]string{"TERM_PROGRAM": "Apple_Terminal"}, false},
		{map[string]string{"VTE_VERSION": "7200"}, true},
		{map[string]string{"VTE_VERSION": "4600"}, false},
		{map[string]string{"VTE_VERSION": "7200", "TMUX": "/run/tmux"}, false},
		{map[string]string{"KONSOLE_VERSION": "220401", "STY": "1.tty"}, false},
		{map[string]string{"VTE_VERSION": "7200", "FORCE_HYPERLINK": "0"}, false},
		{map[string]string{"TERM": "xterm", "TMUX": "/run/tmux", "FORCE_HYPERLINK": "1"}, true},
	} {
		for _, name := range []string{"TERM", "TERM_PROGRAM", "VTE_VERSION", "TMUX", "STY", "KONSOLE_VERSION", "WT_SESSION", "FORCE_HYPERLINK"} {
			unsetenv(t, name)
		}
		for name, value := range c.env {
			t.Setenv(name, value)
		}
		if got := supportsLinks(); got != c.want {
			t.Errorf("%v: %v", c.env, got)
		}
	}
}

// The line is rewritten at each tick and cleared at the end. A run that ends before
// the first tick writes nothing.
func TestProgress(t *testing.T) {
	for ticks, want := range map[int]string{
		0: "", 2: wipeLine + "checking: 10 files read" + wipeLine + "checking: 20 files read" + wipeLine,
	} {
		ticker, ended, done := make(chan time.Time), make(chan struct{}), make(chan struct{})
		var b bytes.Buffer
		files := 0
		go func() {
			defer close(done)
			showProgress(&b, func() int { files += 10; return files }, ticker, ended)
		}()
		for range ticks {
			ticker <- time.Time{}
		}
		close(ended)
		<-done
		if b.String() != want {
			t.Errorf("%d ticks: %q, want %q", ticks, b.String(), want)
		}
	}
}

func unsetenv(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // puts it back afterwards
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}
