//go:build unix

package replace

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const stranger = 12345

// interrupted makes a tree in which a fix was interrupted after two of its three
// files were replaced.
func interrupted(t *testing.T) string {
	dir := killTree(t)
	tx, err := Begin(killedWrites(dir))
	must(t, err)
	must(t, tx.staged[0].replace())
	must(t, tx.staged[1].replace())
	abandon(tx)
	return dir
}

func edit(t *testing.T, path, old, new string) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s holds no %s: %s", path, old, text)
	}
	must(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(text), old, new)), 0o600))
}

// TestJournalsOfOthers: a journal that someone else may have written, or that does
// not name the directories that name it, does not count: recovery says why, and
// touches no file. TestKilledAtEachStep shows that it counts otherwise.
func TestJournalsOfOthers(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, dir string)
		want   string
		root   bool
	}{
		"the journal of another user":          {func(t *testing.T, dir string) { must(t, os.Chown(filepath.Join(dir, journalName), stranger, 0)) }, "is ignored: it belongs to the user with the ID 12345", true},
		"the other journal is a user's":        {func(t *testing.T, dir string) { must(t, os.Chown(filepath.Join(dir, "d", journalName), stranger, 0)) }, "is ignored: it belongs to the user with the ID 12345", true},
		"the lock of another user":             {func(t *testing.T, dir string) { must(t, os.Chown(filepath.Join(dir, lockName), stranger, 0)) }, lockName + " is ignored: it belongs to the user with the ID 12345; it is ", true},
		"a journal that others may write":      {func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, journalName), 0o602)) }, "is ignored: others can write to it (mode -rw-----w-)", false},
		"a journal that the group may write":   {func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, journalName), 0o620)) }, "is ignored: others can write to it (mode -rw--w----)", false},
		"a lock that others may write":         {func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "d", lockName), 0o666)) }, lockName + " is ignored: others can write to it", false},
		"a journal that is a link":             {journalIsLink, "not a regular file", false},
		"a journal that is too large":          {func(t *testing.T, dir string) { must(t, os.Truncate(filepath.Join(dir, journalName), maxJournal+1)) }, "too large for a journal", false},
		"the one that decides names no others": {func(t *testing.T, dir string) { edit(t, filepath.Join(dir, journalName), `/d"]`, `/e"]`) }, "does not name the directory DIR/d", false},
		"the one that decides names another": {func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, journalName), `"decides":"`+dir+`"`, `"decides":"`+dir+`/d"`)
		}, "is not in the directory that leads the fix", false},
		"the other one names another": {func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, "d", journalName), `"decides":"`+dir+`"`, `"decides":"`+dir+`/d"`)
		}, "", false},
		"a way that is not clean": {func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, journalName), `"decides":"`+dir+`"`, `"decides":"`+dir+`/../`+filepath.Base(dir)+`"`)
		}, "names the directory", false},
	} {
		t.Run(name, func(t *testing.T) {
			if test.root && os.Getuid() != 0 {
				t.Skip("only root can give files away")
			}
			dir, err := filepath.EvalSymlinks(interrupted(t))
			must(t, err)
			test.change(t, dir)
			before := listing(t, dir)
			from := []string{filepath.Join(dir, "d"), dir}
			if strings.Contains(name, "names no others") {
				from = from[:1] // for the other directory it is in order
			}
			for _, d := range from {
				_, err := recoverIn(dir, d)
				if want := strings.ReplaceAll(test.want, "DIR", dir); err == nil || d != dir && !strings.Contains(err.Error(), want) {
					t.Errorf("%s: got %v, want %q", d, err, want)
				}
				if after := listing(t, dir); after != before {
					t.Errorf("%s: before\n%safter\n%s", d, before, after)
				}
			}
		})
	}
}

func journalIsLink(t *testing.T, dir string) {
	must(t, os.Rename(filepath.Join(dir, journalName), filepath.Join(dir, "elsewhere")))
	must(t, os.Symlink("elsewhere", filepath.Join(dir, journalName)))
}

// listing is what is in a tree, with texts.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var s strings.Builder
	for _, pattern := range []string{"*", ".*", "d/*", "d/.*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		must(t, err)
		for _, name := range names {
			text, _ := os.ReadFile(name)
			s.WriteString(name + " " + string(text[:min(len(text), 600)]) + "\n")
		}
	}
	return s.String()
}

// TestNotGiven: a recovery does not touch a directory that the run was not given.
func TestNotGiven(t *testing.T) {
	dir, err := filepath.EvalSymlinks(interrupted(t))
	must(t, err)
	before := listing(t, dir)
	for _, given := range []string{dir, filepath.Join(dir, "d"), "/nowhere"} {
		for _, at := range []string{dir, filepath.Join(dir, "d")} {
			_, err := Recover(at, func(dir string) bool { return dir == given })
			if err == nil || !strings.Contains(err.Error(), "which this run does not check") {
				t.Errorf("%s with %s: %v", at, given, err)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("%s with %s: before\n%safter\n%s", at, given, before, after)
			}
		}
	}
	recoverTree(t, dir, 0)
	wantOneOf(t, dir, "not given", 0, []string{"old"})
}

// TestOldFileOfOthers: what is put back is the file that was replaced, not one that
// someone put in its place: it has that text, that owner and that mode.
func TestOldFileOfOthers(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"text":  func(path string) error { return os.WriteFile(path, []byte("old c"), 0o640) },
		"mode":  func(path string) error { return os.Chmod(path, 0o4755) },
		"owner": func(path string) error { return os.Chown(path, stranger, 0) },
	} {
		if name == "owner" && os.Getuid() != 0 {
			continue
		}
		dir := interrupted(t)
		backups, err := filepath.Glob(filepath.Join(dir, ".nginx-ws-lint-*.old"))
		if err != nil || len(backups) != 1 {
			t.Fatal(backups, err)
		}
		must(t, change(backups[0]))
		_, err = recoverIn(dir, dir)
		var failed *WriteError
		if !errors.As(err, &failed) || len(failed.Stuck) != 1 || !strings.Contains(err.Error(), "not the file that was replaced") {
			t.Errorf("%s: got %v", name, err)
		}
		if text, err := os.ReadFile(filepath.Join(dir, "a")); string(text) != "new a" {
			t.Errorf("%s: a holds %q, %v", name, text, err)
		}
		if text, err := os.ReadFile(filepath.Join(dir, "d/b")); string(text) != "old b" {
			t.Errorf("%s: b holds %q, %v", name, text, err)
		}
	}
}

// TestLockOfOthers: another user's lock is refused, held or not, and the error names
// the owner and the age.
func TestLockOfOthers(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir, tx := begun(t)
	lock := filepath.Join(dir, lockName)
	hourAgo := time.Now().Add(-time.Hour)
	must(t, errors.Join(os.Chown(lock, stranger, 0), os.Chtimes(lock, hourAgo, hourAgo)))
	_, err := Begin([]FileWrite{write(dir, "a", "a", "newer")})
	wantError(t, err, "another nginx-ws-lint is writing in this directory; "+lockName+" belongs to the user with the ID 12345 and is 1h0m")
	if !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	must(t, tx.Undo())
	must(t, os.WriteFile(lock, nil, 0o600))
	must(t, errors.Join(os.Chown(lock, stranger, 0), os.Chtimes(lock, hourAgo, hourAgo)))
	wantError(t, writeOne(filepath.Join(dir, "a"), []byte("a"), []byte("A")), "it belongs to the user with the ID 12345; it is 1h0m", "nothing was written")
}

// TestDirectoryOfOthers: in a directory of another user, also one that all may
// write, root's fix gives no file to root, and leaves nothing behind.
func TestDirectoryOfOthers(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give files away")
	}
	for _, mode := range []os.FileMode{0o755, 0o775, 0o777, 0o777 | os.ModeSticky, 0o777 | os.ModeSetgid} {
		dir := tree(t, map[string]string{"a": "a"})
		must(t, errors.Join(os.Chown(filepath.Join(dir, "a"), stranger, stranger), os.Chown(dir, stranger, stranger), os.Chmod(dir, mode)))
		must(t, writeOne(filepath.Join(dir, "a"), []byte("a"), []byte("A")))
		wantTree(t, dir, map[string]string{"a": "A"})
		info, err := os.Stat(filepath.Join(dir, "a"))
		must(t, err)
		if ownerOf(info) != (owner{stranger, stranger}) {
			t.Errorf("%v: owner %v", mode, ownerOf(info))
		}
	}
}
