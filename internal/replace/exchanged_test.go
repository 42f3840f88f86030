//go:build unix

package replace

import (
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
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil || !strings.HasPrefix(name, ".nginx-ws-lint-") && name != "b" {
			return err
		}
		_ = os.Remove(filepath.Join(dir, name))
		return os.Symlink(filepath.Join(outside, "canary"), filepath.Join(dir, name))
	},
	"a directory for a link": func(dir, outside, _ string) error {
		_ = os.Rename(dir, dir+".away")
		return os.Symlink(outside, dir)
	},
}

// TestExchangedAtEachCall: before each call that is about a file in a directory that
// others may write, that file, or the directory, is exchanged with a link. Whatever
// becomes of the fix, nothing that the link leads to is touched.
func TestExchangedAtEachCall(t *testing.T) {
	for name, exchange := range exchanges {
		done, refused := 0, 0
		for n := 1; ; n++ {
			dir := killTree(t)
			for _, w := range killedWrites(dir) {
				setAttribute(t, w.Path)
			}
			outside, state := canaries(t)
			before, calls := state(), 0
			exchanged := ""
			calling = func(call, path string) error {
				if calls++; calls == n {
					exchanged = call + " " + filepath.Base(path)
					if filepath.Dir(path) == filepath.Join(dir, "d") {
						_ = exchange(filepath.Dir(path), outside, filepath.Base(path))
					}
				}
				return nil
			}
			tx, err := Begin(killedWrites(dir))
			if err == nil {
				err = tx.Replace()
			}
			if err == nil {
				err = tx.Keep()
			}
			wellAgain()
			if exchanged == "" {
				break
			}
			done++
			if err != nil {
				refused++
			}
			if after := state(); after != before {
				t.Errorf("%s at call %d, %s (%v): before\n%safter\n%s", name, n, exchanged, err, before, after)
			}
		}
		if done < 40 || refused == 0 {
			t.Errorf("%s: %d calls, %d refused", name, done, refused)
		}
	}
}

// TestRecoveryExchangedAtEachCall: the same for a recovery.
func TestRecoveryExchangedAtEachCall(t *testing.T) {
	for name, exchange := range exchanges {
		for n, exchanged := 1, "?"; exchanged != ""; n++ {
			dir := killTree(t)
			tx, err := Begin(killedWrites(dir))
			must(t, err)
			must(t, tx.staged[0].replace())
			abandon(tx)
			outside, state := canaries(t)
			before, calls := state(), 0
			exchanged = ""
			calling = func(call, path string) error {
				if calls++; calls == n {
					exchanged = call + " " + filepath.Base(path)
					if filepath.Dir(path) == filepath.Join(dir, "d") {
						_ = exchange(filepath.Dir(path), outside, filepath.Base(path))
					}
				}
				return nil
			}
			_, err = recoverIn(dir, dir)
			wellAgain()
			if after := state(); after != before {
				t.Errorf("%s at call %d, %s (%v): before\n%safter\n%s", name, n, exchanged, err, before, after)
			}
		}
	}
}
