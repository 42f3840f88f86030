//go:build unix

package replace

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"
)

// wantTree checks that the directory has exactly these files.
func wantTree(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	var names []string
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		names = append(names, name)
		text, err := os.ReadFile(path)
		if string(text) != want[name] {
			t.Errorf("%s: got %q, want %q", name, text, want[name])
		}
		return err
	}))
	sort.Strings(names)
	if len(names) != len(want) {
		t.Errorf("files: %q", names)
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	var w *WriteError
	if !errors.As(err, &w) {
		t.Fatalf("got %v, want a WriteError", err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
	if strings.Contains(err.Error(), ".nginx-ws-lint-") != (len(w.Stuck) > 0) {
		t.Errorf("error %q names a temporary file, or does not name a backup", err)
	}
}

func write(dir, name, old, new string) FileWrite {
	return FileWrite{filepath.Join(dir, name), []byte(old), []byte(new)}
}

// writeAll replaces all the files or none.
func writeAll(writes []FileWrite) error {
	t, err := Begin(writes)
	if err != nil {
		return err
	}
	if err := t.Replace(); err != nil {
		return err
	}
	return t.Keep()
}

func writeOne(path string, old, new []byte) error {
	return writeAll([]FileWrite{{path, old, new}})
}

func TestWrite(t *testing.T) {
	dir := tree(t, map[string]string{"a": "old"})
	must(t, writeOne(filepath.Join(dir, "a"), []byte("old"), []byte("new\r\n\xe9\x00")))
	wantTree(t, dir, map[string]string{"a": "new\r\n\xe9\x00"})
}

func TestWriteKeepsModeAndOwner(t *testing.T) {
	for _, mode := range []os.FileMode{0o600, 0o664, 0o200, 0o777, 0o640 | os.ModeSetgid, 0o755 | os.ModeSetuid | os.ModeSticky} {
		dir := tree(t, map[string]string{"a": "old"})
		path := filepath.Join(dir, "a")
		uid, gid := os.Getuid(), os.Getgid()
		if uid != 0 && mode == 0o200 {
			continue // only root can read it
		}
		if uid == 0 {
			uid, gid = 12345, 54321
			must(t, os.Chown(path, uid, gid))
		}
		must(t, os.Chmod(path, mode))
		must(t, writeOne(path, []byte("old"), []byte("new")))
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode() != mode || ownerOf(info) != (owner{uid, gid}) {
			t.Errorf("mode %v: got %v %v", mode, info.Mode(), ownerOf(info))
		}
		wantTree(t, dir, map[string]string{"a": "new"})
	}
}

// A link in the path is new since the file was read: neither the link nor its target
// is replaced, even if that has the same text.
func TestWriteThroughSymlinks(t *testing.T) {
	dir := tree(t, map[string]string{"available/a": "old", "enabled/x": "x"})
	must(t, os.Symlink("../available/a", filepath.Join(dir, "enabled/a")))
	must(t, os.Symlink("available", filepath.Join(dir, "d")))
	for name, want := range map[string]string{"enabled/a": "enabled/a: not a regular file", "d/a": "d/a: cannot open its directory: its path now contains a symbolic link"} {
		wantError(t, writeOne(filepath.Join(dir, name), []byte("old"), []byte("new")), want, "nothing was written")
	}
	must(t, os.Remove(filepath.Join(dir, "d")))
	wantTree(t, dir, map[string]string{"available/a": "old", "enabled/a": "old", "enabled/x": "x"})
}

// Every case leaves the tree a, b, d/c as it was.
func TestWriteAllRefuses(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(dir string) error
		second  FileWrite // comes after a good one of a
		want    []string
	}{
		{"changed", nil, write("", "b", "what it was", "new"), []string{"b: the file has changed", "nothing was written"}},
		{"gone", nil, write("", "gone", "", "new"), []string{"gone: no such file"}},
		{"a directory", nil, write("", "d", "", "new"), []string{"d: not a regular file"}},
		{"a directory of that name gone", nil, write("", "e/c", "c", "new"), []string{"e/c: cannot open its directory: no such file"}},
		{"a fifo", func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "e"), 0o600) },
			write("", "e", "", "new"), []string{"e: not a regular file"}},
		{"a dangling symlink", func(dir string) error { return os.Symlink("nowhere", filepath.Join(dir, "e")) },
			write("", "e", "", "new"), []string{"e: not a regular file"}},
		{"twice", nil, write("", "a", "a", "newer"), []string{"a: it is the same file as", "nothing was written"}},
		{"twice by a symlink", func(dir string) error { return os.Symlink("a", filepath.Join(dir, "e")) },
			write("", "e", "a", "newer"), []string{"e: not a regular file"}},
		{"read-only", func(dir string) error { return os.Chmod(filepath.Join(dir, "b"), 0o444) },
			write("", "b", "b", "new"), []string{"b: the file is read-only; nothing was written"}},
		{"hard links", func(dir string) error { return os.Link(filepath.Join(dir, "b"), filepath.Join(dir, "e")) },
			write("", "b", "b", "new"), []string{"b: the file has 2 hard links"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := tree(t, map[string]string{"a": "a", "b": "b", "d/c": "c"})
			if test.prepare != nil {
				must(t, test.prepare(dir))
			}
			test.second.Path = filepath.Join(dir, test.second.Path)
			wantError(t, writeAll([]FileWrite{write(dir, "a", "a", "new"), test.second}), test.want...)
			os.Remove(filepath.Join(dir, "e"))
			wantTree(t, dir, map[string]string{"a": "a", "b": "b", "d/c": "c"})
		})
	}
}

func TestWriteWithoutRights(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := tree(t, map[string]string{"a": "a", "d/c": "c"})
	must(t, os.Chmod(filepath.Join(dir, "d"), 0o555))
	defer os.Chmod(filepath.Join(dir, "d"), 0o755)
	err := writeAll([]FileWrite{write(dir, "a", "a", "new"), write(dir, "d/c", "c", "new")})
	wantError(t, err, "d/c: cannot create a file next to it: permission denied; nothing was written")
	wantTree(t, dir, map[string]string{"a": "a", "d/c": "c"})
}

func TestWriteAll(t *testing.T) {
	dir := tree(t, map[string]string{"a": "a", "d/b": "b", "d/c": "c", "d/d": "d"})
	must(t, writeAll(nil))
	must(t, writeAll([]FileWrite{write(dir, "d/b", "b", "B"), write(dir, "a", "a", "A"), write(dir, "d/c", "c", "C")}))
	wantTree(t, dir, map[string]string{"a": "A", "d/b": "B", "d/c": "C", "d/d": "d"})
}

// What happens between staging and renaming, which no caller can time.
func begun(t *testing.T) (dir string, tx *Transaction) {
	dir = tree(t, map[string]string{"a": "a", "b": "b", "c": "c"})
	tx, err := Begin([]FileWrite{write(dir, "a", "a", "A"), write(dir, "b", "b", "B"), write(dir, "c", "c", "C")})
	must(t, err)
	return dir, tx
}

func TestChangedWhileStaging(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"text": func(path string) error { return os.WriteFile(path, []byte("other"), 0o644) },
		"file": func(path string) error {
			if err := os.Rename(path, path+".away"); err != nil { // lest its inode be used again
				return err
			}
			defer os.Remove(path + ".away")
			return os.WriteFile(path, []byte("b"), 0o644)
		},
		"mode": func(path string) error { return os.Chmod(path, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir, tx := begun(t)
			path := filepath.Join(dir, "b")
			must(t, change(path))
			text, err := os.ReadFile(path)
			must(t, err)
			err = tx.Replace()
			wantError(t, err, path+": the file has changed since it was read; nothing was written")
			if !errors.Is(err, ErrChanged) {
				t.Errorf("got %v", err)
			}
			wantTree(t, dir, map[string]string{"a": "a", "b": string(text), "c": "c"})
		})
	}
}

func TestReplaceFails(t *testing.T) {
	dir, tx := begun(t)
	before, err := os.Stat(filepath.Join(dir, "a"))
	must(t, err)
	must(t, os.Remove(filepath.Join(dir, "c")))
	must(t, os.Mkdir(filepath.Join(dir, "c"), 0o755))
	wantError(t, tx.Replace(), filepath.Join(dir, "c")+": ", "; nothing was written")
	wantTree(t, dir, map[string]string{"a": "a", "b": "b"})
	if after, err := os.Stat(filepath.Join(dir, "a")); err != nil || !os.SameFile(before, after) {
		t.Error("a is not the file that it was")
	}
}

func TestUndo(t *testing.T) {
	dir, tx := begun(t)
	before, err := os.Stat(filepath.Join(dir, "a"))
	must(t, err)
	must(t, tx.Replace())
	if text, err := os.ReadFile(filepath.Join(dir, "a")); err != nil || string(text) != "A" {
		t.Fatalf("a holds %q, %v", text, err)
	}
	must(t, tx.Undo())
	wantTree(t, dir, map[string]string{"a": "a", "b": "b", "c": "c"})
	after, err := os.Stat(filepath.Join(dir, "a"))
	if err != nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("a is not the file that it was")
	}
}

// Someone edits a file after it was replaced: his text is not lost, nor is the
// old one.
func TestUndoOfWhatWasChanged(t *testing.T) {
	dir, tx := begun(t)
	must(t, tx.Replace())
	must(t, os.WriteFile(filepath.Join(dir, "b"), []byte("his"), 0o644))
	err := tx.Undo()
	wantError(t, err, "everything was restored except", filepath.Join(dir, "b"), "the file has changed")
	var failed *WriteError
	errors.As(err, &failed)
	if len(failed.Stuck) != 1 {
		t.Fatalf("stuck: %v", failed.Stuck)
	}
	text, err := os.ReadFile(failed.Stuck[0].Backup)
	if err != nil || string(text) != "b" {
		t.Errorf("the backup holds %q, %v", text, err)
	}
	must(t, os.Remove(failed.Stuck[0].Backup))
	wantTree(t, dir, map[string]string{"a": "a", "b": "his", "c": "c"})
}

// A file system without hard links.
func TestBackupIsCopied(t *testing.T) {
	dir, tx := begun(t)
	s := tx.staged[0]
	old := time.Date(2020, 1, 2, 3, 4, 5, 6000, time.UTC)
	must(t, os.Chtimes(s.dir.join(s.name), old, old))
	must(t, s.verify()) // sees the time
	failOn(t, func(call, _ string) error {
		if call == "link" {
			return errors.ErrUnsupported
		}
		return nil
	})
	must(t, tx.Replace())
	if text, err := os.ReadFile(s.dir.join(s.name)); err != nil || string(text) != "A" {
		t.Errorf("a holds %q, %v", text, err)
	}
	must(t, tx.Undo())
	wantTree(t, dir, map[string]string{"a": "a", "b": "b", "c": "c"})
	if info, err := os.Stat(s.dir.join(s.name)); err != nil || !info.ModTime().Equal(old) {
		t.Errorf("the time is %v, %v", info.ModTime(), err)
	}
}
