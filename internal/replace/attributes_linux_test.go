package replace

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/descriptor"
)

func TestWriteKeepsAttributes(t *testing.T) {
	dir := tree(t, map[string]string{"a": "old"})
	path := filepath.Join(dir, "a")
	if err := syscall.Setxattr(path, "user.origin", []byte("ansible"), 0); err != nil {
		t.Skip(err)
	}
	must(t, syscall.Setxattr(path, "user.empty", nil, 0))
	must(t, writeOne(path, []byte("old"), []byte("new")))
	got := attributesOf(t, path)
	if empty, ok := got["user.empty"]; len(got) < 2 || string(got["user.origin"]) != "ansible" || !ok || len(empty) > 0 {
		t.Errorf("got %q", got)
	}
}

// A new file inherits its directory's default access control list, which the older
// file does not have.
func TestWriteKeepsOffDefaultList(t *testing.T) {
	dir := tree(t, map[string]string{"a": "old"})
	path := filepath.Join(dir, "a")
	must(t, os.Chmod(path, 0o640))
	// Version 2; owner rwx, user 12345 rwx, group r-x, mask rwx, other ---.
	list := []byte("\x02\x00\x00\x00" +
		"\x01\x00\x07\x00\xff\xff\xff\xff" + "\x02\x00\x07\x00\x39\x30\x00\x00" + "\x04\x00\x05\x00\xff\xff\xff\xff" +
		"\x10\x00\x07\x00\xff\xff\xff\xff" + "\x20\x00\x00\x00\xff\xff\xff\xff")
	if err := syscall.Setxattr(dir, "system.posix_acl_default", list, 0); err != nil {
		t.Skip(err)
	}
	must(t, writeOne(path, []byte("old"), []byte("new")))
	if got := attributesOf(t, path); got["system.posix_acl_access"] != nil {
		t.Errorf("got %q", got)
	}
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode() != 0o640 {
		t.Errorf("mode %v", info.Mode())
	}
	must(t, syscall.Setxattr(path, "system.posix_acl_access", list, 0))
	must(t, writeOne(path, []byte("new"), []byte("newer")))
	if got := attributesOf(t, path)["system.posix_acl_access"]; string(got) != string(list) {
		t.Errorf("got %q", got)
	}
}

func attributesOf(t *testing.T, path string) map[string][]byte {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	return descriptor.Attributes(f)
}

// setAttribute gives a file an attribute that would be seen on another.
func setAttribute(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Setxattr(path, "user.origin", []byte("ansible"), 0); err != nil {
		t.Log(err)
	}
}
