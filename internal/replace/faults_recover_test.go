//go:build unix

package replace

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// The same of putting back what --verify refused.
func TestEachCallOfUndoFails(t *testing.T) {
	undo := func(dir string) error {
		tx, err := Begin(killedWrites(dir))
		if err == nil {
			err = tx.Replace()
		}
		if err == nil {
			err = tx.Undo()
		}
		return err
	}
	eachFault(t, func(string) {}, undo, func(dir, what string, err error) {
		stuck := make(map[string]bool)
		var failed *WriteError
		if errors.As(err, &failed) {
			checkStuck(t, what, failed, stuck)
		}
		if got := stateOf(t, dir, what, stuck); got != "old" && len(stuck) < 3 {
			t.Errorf("%s: the files are %s: %v", what, got, err)
		}
		if len(stuck) == 0 {
			recoverTree(t, dir, 0)
			stateOf(t, dir, what, nil)
			nothingLeft(t, dir, what)
		}
	})
}

// The same of ending what was interrupted: in the middle of replacing, and where
// all was written. A recovery that fails can be tried again, and one that a fix
// meets does not lose what it needs.
func TestEachCallOfRecoverFails(t *testing.T) {
	for want, interrupt := range map[string]func(dir string){
		"old": func(dir string) {
			tx, err := Begin(killedWrites(dir))
			must(t, err)
			must(t, tx.staged[0].replace())
			must(t, tx.staged[1].replace())
			abandon(tx)
		},
		"new": func(dir string) {
			tx, err := Begin(killedWrites(dir))
			must(t, err)
			must(t, tx.Replace())
			must(t, tx.journals[0].write(keptLine{true}))
			abandon(tx)
		},
	} {
		end := func(dir string) error { _, err := recoverIn(dir, filepath.Join(dir, "d")); return err }
		eachFault(t, interrupt, end, func(dir, what string, err error) {
			var failed *WriteError
			stuck := make(map[string]bool)
			if errors.As(err, &failed) {
				checkStuck(t, what, failed, stuck)
			}
			recoverTree(t, dir, 0)
			if got := stateOf(t, dir, want+": "+what, stuck); got != want && len(stuck) < 3 {
				t.Errorf("%s: %s: recovered, the files are %s", want, what, got)
			}
			if len(stuck) == 0 {
				nothingLeft(t, dir, want+": "+what)
			}
		})
		begin := func(dir string) error {
			_, err := Begin(killedWrites(dir))
			if errors.Is(err, ErrInterrupted) {
				err = nil
			}
			return err
		}
		eachFault(t, interrupt, begin, func(dir, what string, _ error) {
			recoverTree(t, dir, 1)
			if got := stateOf(t, dir, what, nil); got != want {
				t.Errorf("%s: begun at %s: recovered, the files are %s", want, what, got)
			}
			nothingLeft(t, dir, want+": begun at "+what)
		})
	}
}

// abandon leaves a transaction as a process that is killed does.
func abandon(tx *Transaction) {
	for _, j := range tx.journals {
		j.lock.Close()
	}
}

// A lock that is a link, or no file, is not followed, opened or waited for.
func TestOddLock(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"a link":           func(path string) error { return os.Symlink("../victim", path) },
		"a link to a file": func(path string) error { return os.Symlink("a", path) },
		"a directory":      func(path string) error { return os.Mkdir(path, 0o755) },
		"a pipe":           func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		dir := tree(t, map[string]string{"a": "a", "d/b": "b"})
		lock := filepath.Join(dir, "d", lockName)
		must(t, make(lock))
		err := writeAll([]FileWrite{write(dir, "d/b", "b", "B")})
		if name != "a pipe" {
			wantError(t, err, "d/b: cannot create a file next to it: ", "; nothing was written")
			must(t, os.Remove(lock))
			wantTree(t, dir, map[string]string{"a": "a", "d/b": "b"})
		}
	}
}

// Clocks that jump and wrong file times do not matter: only the content of a file
// does.
func TestTimesJump(t *testing.T) {
	dir := killTree(t)
	tx, err := Begin(killedWrites(dir))
	must(t, err)
	future := time.Date(2107, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, w := range killedWrites(dir) {
		must(t, os.Chtimes(w.Path, future, future))
	}
	must(t, tx.Replace())
	must(t, tx.Undo())
	for _, w := range killedWrites(dir) {
		if info, err := os.Stat(w.Path); err != nil || !info.ModTime().Equal(future) {
			t.Errorf("%s has the time %v, %v", w.Path, info.ModTime(), err)
		}
	}
	must(t, writeAll(killedWrites(dir)))
}
