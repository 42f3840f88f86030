//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A pipe that no one writes to must not be waited for, nor a large file read.
func TestReadRegular(t *testing.T) {
	dir := t.TempDir()
	d := disk{FS: os.DirFS("/"), root: "/", trace: newTrace()}
	for name, text := range map[string]string{"empty": "", "small": "a b;\n", "full": strings.Repeat("x", 64)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if src, err := d.ReadRegular(filepath.Join(dir, name)[1:], 64); err != nil || string(src) != text {
			t.Errorf("%s: %q, %v", name, src, err)
		}
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "large"), make([]byte, 65), 0o600), syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{
		"large": parser.ErrTooLarge, "pipe": parser.ErrNotRegular, ".": parser.ErrNotRegular, "none": fs.ErrNotExist, "small/x": syscall.ENOTDIR,
	} {
		if _, err := d.ReadRegular(filepath.Join(dir, name)[1:], 64); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	for _, name := range []string{"dev/zero", "dev/tty", "proc/self/fd"} {
		if _, err := d.ReadRegular(name, 64); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	// Its size is said to be 0.
	status := fmt.Sprintf("proc/%d/status", os.Getpid())
	if _, err := os.Stat("/" + status); err == nil {
		if src, err := d.ReadRegular(status, 1<<20); err != nil || len(src) < 100 {
			t.Errorf("%s: %d bytes, %v", status, len(src), err)
		}
	}
}
