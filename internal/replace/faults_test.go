//go:build unix

package replace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// failOn has calls to the system fail until the test ends.
func failOn(t *testing.T, f func(call, path string) error) {
	calling = f
	t.Cleanup(wellAgain)
}

func wellAgain() { calling = func(string, string) error { return nil } }

// A fault is a call that fails: the n-th, and all that come after it if it lasts.
type fault struct {
	n     int
	err   error
	lasts bool
	at    string // what it was, once it came
}

func (f *fault) call(call, path string) error {
	if f.n--; f.n == 0 || f.n < 0 && f.lasts {
		if f.at == "" {
			f.at = call + " " + filepath.Base(path)
		}
		return f.err
	}
	return nil
}

// eachFault runs something with a fault at each of its calls, each time in a new
// tree, and then checks the result with a working disk.
func eachFault(t *testing.T, prepare func(dir string), run func(dir string) error, check func(dir, what string, err error)) {
	kinds := []fault{{err: syscall.ENOSPC}, {err: syscall.EROFS, lasts: true}, {err: syscall.EIO}}
	if testing.Short() {
		kinds = kinds[:2]
	}
	for _, kind := range kinds {
		n := 1
		for ; ; n++ {
			dir := killTree(t)
			prepare(dir)
			f := kind
			f.n = n
			calling = f.call
			err := run(dir)
			wellAgain()
			if f.at == "" {
				break
			}
			what := fmt.Sprintf("call %d (%s: %v, lasts %v)", n, f.at, f.err, f.lasts)
			if err != nil && !strings.Contains(err.Error(), f.err.Error()) {
				t.Errorf("%s: the reason is not said: %v", what, err)
			}
			check(dir, what, err)
		}
		if n < 3 {
			t.Errorf("there are %d calls only", n)
		}
	}
}

// stateOf is "old" or "new", where all files are the one or the other.
func stateOf(t *testing.T, dir, what string, stuck map[string]bool) string {
	t.Helper()
	state := ""
	for _, w := range killedWrites(dir) {
		text, err := os.ReadFile(w.Path)
		now, _, _ := strings.Cut(string(text), " ")
		if err != nil || string(text) != string(w.Old) && string(text) != string(w.New) {
			t.Errorf("%s: %s holds %q, %v", what, w.Path, text, err)
		}
		if stuck[w.Path] {
			continue
		}
		if state != "" && state != now {
			t.Errorf("%s: some are %s and some %s", what, state, now)
		}
		state = now
	}
	return state
}

// If any call of a write fails, once or always, every file is unchanged or is stuck
// according to the error, with its old text where the error says. Without an error
// all files are new. The next run removes what could not be removed.
func TestEachCallFails(t *testing.T) {
	var untidy error
	run := func(dir string) error {
		tx, err := Begin(killedWrites(dir))
		if err == nil {
			err = tx.Replace()
		}
		if err == nil {
			err = tx.Keep()
			untidy = tx.Untidy()
		}
		return err
	}
	eachFault(t, func(string) {}, run, func(dir, what string, err error) {
		stuck := make(map[string]bool)
		var failed *WriteError
		if err != nil && !errors.As(err, &failed) {
			t.Fatalf("%s: %v", what, err)
		}
		if failed != nil {
			checkStuck(t, what, failed, stuck)
		}
		want := "new"
		if err != nil {
			want = "old"
		}
		if got := stateOf(t, dir, what, stuck); got != want && len(stuck) < 3 {
			t.Errorf("%s: the files are %s, but %v", what, got, err)
		}
		if err == nil && (Interrupted(dir) != nil || Interrupted(filepath.Join(dir, "d")) != nil) != (untidy != nil) {
			t.Errorf("%s: untidy is %v", what, untidy)
		}
		if err == nil && !tolerable(what) {
			t.Errorf("%s: no error", what)
		}
		if len(stuck) > 0 {
			return
		}
		recoverTree(t, dir, 0)
		if got := stateOf(t, dir, what+", then recovered", nil); got != want {
			t.Errorf("%s: recovered, the files are %s, but %v", what, got, err)
		}
		nothingLeft(t, dir, what)
	})
}

// tolerable reports whether a write may go on after a call that failed: what
// cannot be removed is for the next run, a copy serves for a link, and some file
// systems cannot sync a directory.
func tolerable(what string) bool {
	ours := strings.Contains(what, " .nginx-ws-lint") || strings.Contains(what, " a:") || strings.Contains(what, " b:") || strings.Contains(what, " c:")
	return !ours || strings.Contains(what, "(remove ") || strings.Contains(what, "(link ")
}

// checkStuck: where the error says so, there is the old text.
func checkStuck(t *testing.T, what string, failed *WriteError, stuck map[string]bool) {
	t.Helper()
	for _, s := range failed.Stuck {
		stuck[s.Path] = true
		text, err := os.ReadFile(s.Backup)
		if err != nil || !strings.HasPrefix(string(text), "old ") || !strings.Contains(failed.Error(), s.Backup) {
			t.Errorf("%s: the backup %s holds %q, %v", what, s.Backup, text, err)
		}
	}
}

// nothingLeft checks that no file of ours is left, except a lock.
func nothingLeft(t *testing.T, dir, what string) {
	t.Helper()
	for _, pattern := range []string{".nginx-ws-lint*", "d/.nginx-ws-lint*"} {
		left, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, name := range left {
			if filepath.Base(name) != lockName {
				t.Errorf("%s: %s is left", what, name)
			}
		}
	}
}
