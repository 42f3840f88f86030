//go:build unix

package replace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canaries makes a directory of files that nobody asked to change, with the names
// that a transaction of killTree uses, and returns it with what is in it.
func canaries(t *testing.T) (dir string, state func() string) {
	dir = tree(t, map[string]string{"canary": "canary", "a": "old a", "b": "old b", "c": "old c"})
	for _, name := range []string{"canary", "a", "b", "c"} {
		must(t, os.Chmod(filepath.Join(dir, name), 0o604))
	}
	return dir, func() string {
		var s strings.Builder
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			must(t, err)
			info, err := d.Info()
			must(t, err)
			text, _ := os.ReadFile(path)
			fmt.Fprintln(&s, d.Name(), info.Mode(), ownerOf(info), info.ModTime(), string(text))
			if d.IsDir() {
				return nil
			}
			for name, value := range attributesOf(t, path) {
				fmt.Fprintf(&s, "  %s %q\n", name, value)
			}
			return nil
		}))
		return s.String()
	}
}

// exchanges are what another process may do between two calls, by name.
var exchanges = map[string]func(dir, outside, name string) error{
	"a file for a link": func(dir, outside, name string) error {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			return err
		}
		_ = os.Remove(filepath.Join(dir, name))
		return os.Symlink(filepath.Join(outside, "canary"), filepath.Join(dir, name))
	},
	"a file for a hard link": func(dir, outside, name string) error {
		if !strings.HasPrefix(name, ".nginx-ws-lint") {
			return nil
		}
		_ = os.Remove(filepath.Join(dir, name))
		return os.Link(filepath.Join(outside, "canary"), filepath.Join(dir, name))
	},
	"a directory for a link": func(dir, outside, _ string) error {
		_ = os.Rename(dir, dir+".away")
		return os.Symlink(outside, dir)
	},
}

// step is 1, to try every call, or more in a short test.
func step() int {
	if testing.Short() {
		return 5
	}
	return 1
}

// TestExchangedAtEachCall: before each call that is about a file in a directory that
// others may write, that file, or the directory, is exchanged with a link. Whatever
// becomes of the fix, nothing that the link leads to is touched. Where the file system
// has no hard links, the old files are copied.
func TestExchangedAtEachCall(t *testing.T) {
	for name, exchange := range exchanges {
		for _, copies := range []bool{false, true} {
			done, refused := 0, 0
			for n := 1; ; n += step() {
				dir := killTree(t)
				for _, w := range killedWrites(dir) {
					setAttribute(t, w.Path)
				}
				outside, state := canaries(t)
				before := state()
				at := exchangeAt(n, filepath.Join(dir, "d"), outside, copies, exchange)
				err := writeAll(killedWrites(dir))
				wellAgain()
				if *at == "" {
					break
				}
				done++
				if err != nil {
					refused++
				}
				if after := state(); after != before {
					t.Errorf("%s at call %d, %s (%v): before\n%safter\n%s", name, n, *at, err, before, after)
				}
			}
			if done < 30/step() || refused == 0 && step() == 1 {
				t.Errorf("%s: %d calls, %d refused", name, done, refused)
			}
		}
	}
}

// exchangeAt exchanges before the n-th call what that is about, if it is a directory
// or in it. What is returned says which call it was, once it came.
func exchangeAt(n int, dir, outside string, copies bool, exchange func(dir, outside, name string) error) *string {
	calls, at := 0, new(string)
	calling = func(call, path string) error {
		if calls++; calls == n {
			*at = call + " " + filepath.Base(path)
			if path == dir || filepath.Dir(path) == dir {
				_ = exchange(dir, outside, filepath.Base(path))
			}
		}
		if copies && call == "link" {
			return errors.ErrUnsupported
		}
		return nil
	}
	return at
}

// TestOpenRegular: a link to another file of the directory is not followed, whenever
// it is put there.
func TestOpenRegular(t *testing.T) {
	path, err := filepath.EvalSymlinks(tree(t, map[string]string{"a": "a", "b": "b"}))
	must(t, err)
	dir, err := openDirectory(path)
	must(t, err)
	defer dir.close()
	failOn(t, func(call, name string) error {
		if call != "read" {
			return nil
		}
		return errors.Join(os.Remove(name), os.Symlink("b", name))
	})
	for _, want := range []error{ErrChanged, errNotRegular} {
		if _, _, err := dir.openRegular("a"); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

// TestRecoveryExchangedAtEachCall: the same for a recovery.
func TestRecoveryExchangedAtEachCall(t *testing.T) {
	for name, exchange := range exchanges {
		for n, exchanged := 1, "?"; exchanged != ""; n += step() {
			dir := killTree(t)
			tx, err := Begin(killedWrites(dir))
			must(t, err)
			must(t, tx.staged[0].replace())
			abandon(tx)
			outside, state := canaries(t)
			before := state()
			at := exchangeAt(n, filepath.Join(dir, "d"), outside, false, exchange)
			_, err = recoverIn(dir, dir)
			wellAgain()
			exchanged = *at
			if after := state(); after != before {
				t.Errorf("%s at call %d, %s (%v): before\n%safter\n%s", name, n, exchanged, err, before, after)
			}
		}
	}
}

// TestExchangedIsRefused: exchanges after which the fix must not go on, although
// what another process put there looks right at the next call.
func TestExchangedIsRefused(t *testing.T) {
	for name, exchange := range map[string]func(call, dir, outside string) error{
		// A link to a file with the same text, in the same directory.
		"the file by a link": func(call, dir, _ string) error {
			if call != "read b" {
				return nil
			}
			return errors.Join(os.Rename(dir+"/b", dir+"/other"), os.Symlink("other", dir+"/b"))
		},
		// Another file gets the name of the backup, then the right one is back.
		"the file for a moment": func(call, dir, _ string) error {
			if call == "link -1.old" {
				return errors.Join(os.Rename(dir+"/b", dir+"/aside"), os.WriteFile(dir+"/b", []byte("evil"), 0o640))
			}
			if call == "lstat -1.old" {
				return os.Rename(dir+"/aside", dir+"/b")
			}
			return nil
		},
		// The lock is opened by its path.
		"the directory of the lock": func(call, dir, outside string) error {
			if call != "lock "+lockName {
				return nil
			}
			return errors.Join(os.Rename(dir, dir+".away"), os.Symlink(outside, dir))
		},
		"the new file": func(call, dir, _ string) error {
			if call != "lstat -1.tmp" {
				return nil
			}
			temp, err := filepath.Glob(dir + "/.nginx-ws-lint-*-1.tmp")
			return errors.Join(err, os.Remove(temp[0]), os.WriteFile(temp[0], []byte("evil"), 0o640))
		},
	} {
		dir, outside := killTree(t), tree(t, map[string]string{lockName: ""})
		was := false
		calling = func(call, path string) error {
			base := filepath.Base(path)
			if strings.HasPrefix(base, ".nginx-ws-lint-") {
				base = base[strings.LastIndex(base, "-"):]
			}
			if filepath.Dir(path) == filepath.Join(dir, "d") {
				must(t, exchange(call+" "+base, filepath.Dir(path), outside))
				was = true
			}
			return nil
		}
		err := writeAll([]FileWrite{write(dir, "a", "old a", "new a"), write(dir, "d/b", "old b", "new b")})
		wellAgain()
		if err == nil || !was {
			t.Errorf("%s: not refused", name)
		}
		if text, err := os.ReadFile(filepath.Join(dir, "a")); string(text) != "old a" {
			t.Errorf("%s: a holds %q, %v", name, text, err)
		}
	}
}
