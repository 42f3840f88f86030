package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// On a read-only file system a check works as usual. --fix and reports into files are
// errors, and nothing is changed.
func TestReadOnlyFileSystem(t *testing.T) {
	r := newFaultyRun(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	r.dir = disk
	if err := os.WriteFile(filepath.Join(disk, "nginx.conf"), []byte(signalled), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]struct {
		code int
		said string
	}{
		"nginx.conf":                                                  {exitFindings, "1 warning"},
		"--diff nginx.conf":                                           {exitFindings, "1 warning"},
		"--fix nginx.conf":                                            {exitTrouble, "nginx.conf: cannot create a file next to it: read-only file system; nothing was written"},
		"--fix --verify false nginx.conf":                             {exitTrouble, "read-only file system; nothing was written"},
		"--output report nginx.conf":                                  {exitTrouble, "--output report: read-only file system"},
		"--diff --output report nginx.conf":                           {exitTrouble, "--output report: read-only file system"},
		"--output nginx.conf nginx.conf":                              {exitTrouble, "--output nginx.conf: would overwrite a file that is checked"},
		"--format json --output report --format text nginx.conf":      {exitTrouble, "--output report: read-only file system"},
		"--format json --output /dev/full --fail-on never nginx.conf": {exitTrouble, "--output /dev/full: no space left on device"},
	} {
		if code, said := r.run(t, func(*exec.Cmd) {}, strings.Fields(args)...); code != want.code || !strings.Contains(said, want.said) {
			t.Errorf("%s: exit %d, %s", args, code, said)
		}
	}
	wantOld(t, disk)
}
