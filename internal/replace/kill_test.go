//go:build unix

package replace

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// killed is what a process of this test does until it is killed, by name.
var killed = map[string]func(t *testing.T, dir string){
	"keep": func(t *testing.T, dir string) { must(t, writeAll(killedWrites(dir))) },
	"undo": func(t *testing.T, dir string) {
		tx, err := Begin(killedWrites(dir))
		must(t, err)
		must(t, tx.Replace())
		must(t, tx.Undo())
	},
	"recover": func(t *testing.T, dir string) {
		_, err := recoverIn(dir, filepath.Join(dir, "d"))
		must(t, err)
	},
}

func killedWrites(dir string) []FileWrite {
	return []FileWrite{write(dir, "d/b", "old b", "new b"), write(dir, "a", "old a", "new a"), write(dir, "d/c", "old c", "new c")}
}

// TestMain runs a part of the test that is killed at a step.
func TestMain(m *testing.M) {
	if step, err := strconv.Atoi(os.Getenv("KILL_AT_STEP")); err == nil {
		calling = func(call, _ string) error {
			if changing(call) {
				step--
			}
			if step == 0 {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {} // until it comes
			}
			return nil
		}
	}
	os.Exit(m.Run())
}

// changing reports whether a call changes something: killed before any other,
// nothing is different from being killed before the next of these.
func changing(call string) bool {
	return call != "lstat" && call != "read" && call != "readdir" && call != "opendir" && call != "close"
}

func TestKilledPart(t *testing.T) {
	if part := killed[os.Getenv("KILL_PART")]; part != nil {
		part(t, os.Getenv("KILL_DIR"))
	}
}

// runKilled runs a part in a process that is killed at a step. It reports
// whether there was such a step.
func runKilled(t *testing.T, part, dir string, step int) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledPart$")
	cmd.Env = append(os.Environ(), "KILL_PART="+part, "KILL_DIR="+dir, "KILL_AT_STEP="+strconv.Itoa(step))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false
	case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL:
		return true
	}
	t.Fatalf("%s, step %d: %v\n%s", part, step, err, out)
	return false
}

var longAgo = time.Date(2020, 2, 3, 4, 5, 6, 7000, time.UTC)

func killTree(t *testing.T) string {
	dir := tree(t, map[string]string{"a": "old a", "d/b": "old b", "d/c": "old c"})
	for _, w := range killedWrites(dir) {
		must(t, os.Chmod(w.Path, 0o640))
		must(t, os.Chtimes(w.Path, longAgo, longAgo))
	}
	return dir
}

// Killed at any step, every file is the old one or the new one, whole; the next
// run makes all of them the one or the other, and leaves nothing behind.
func TestKilledAtEachStep(t *testing.T) {
	for part, want := range map[string][]string{"keep": {"old", "new"}, "undo": {"old"}} {
		steps := 0
		for dir := killTree(t); runKilled(t, part, dir, steps+1); dir = killTree(t) {
			steps++
			for _, w := range killedWrites(dir) {
				if text, err := os.ReadFile(w.Path); err != nil || string(text) != string(w.Old) && string(text) != string(w.New) {
					t.Errorf("%s, step %d: %s holds %q, %v", part, steps, w.Path, text, err)
				}
			}
			// A new write is refused in every directory until the old one is
			// recovered.
			if Interrupted(dir) != nil {
				_, err := Begin(killedWrites(dir))
				if !errors.Is(err, ErrInterrupted) {
					t.Errorf("%s, step %d: begun again: %v", part, steps, err)
				}
			}
			recoverTree(t, dir, steps)
			wantOneOf(t, dir, part, steps, want)
		}
		if steps < 20 {
			t.Errorf("%s has %d steps", part, steps)
		}
	}
}

// recoverIn recovers a directory of a run that was given a tree.
func recoverIn(tree, dir string) (Recovery, error) {
	tree, err := filepath.EvalSymlinks(tree)
	if err != nil {
		return Recovery{}, err
	}
	return Recover(dir, func(dir string) bool { return dir == tree || strings.HasPrefix(dir, tree+"/") })
}

func recoverTree(t *testing.T, dir string, steps int) {
	t.Helper()
	dirs := []string{dir, filepath.Join(dir, "d")}
	if steps%2 == 1 {
		dirs[0], dirs[1] = dirs[1], dirs[0]
	}
	for _, d := range dirs {
		if _, err := recoverIn(dir, d); err != nil {
			t.Errorf("step %d: Recover: %v", steps, err)
		}
	}
}

// wantOneOf checks that all files are old or all are new, and that an old one
// is what it was.
func wantOneOf(t *testing.T, dir, part string, steps int, want []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "a"))
	must(t, err)
	state, _, _ := strings.Cut(string(text), " ")
	found := false
	for _, w := range want {
		found = found || w == state
	}
	if !found {
		t.Errorf("%s, step %d: the files are %s", part, steps, state)
	}
	os.Remove(filepath.Join(dir, lockName)) // may stay, and does not matter
	os.Remove(filepath.Join(dir, "d", lockName))
	wantTree(t, dir, map[string]string{"a": state + " a", "d/b": state + " b", "d/c": state + " c"})
	for _, w := range killedWrites(dir) {
		info, err := os.Stat(w.Path)
		must(t, err)
		if info.Mode() != 0o640 || state == "old" && !info.ModTime().Equal(longAgo) {
			t.Errorf("%s, step %d: %s has %v %v", part, steps, w.Path, info.Mode(), info.ModTime())
		}
	}
}

// A recovery may be killed as well.
func TestRecoveryKilledAtEachStep(t *testing.T) {
	for first := 1; ; first += 3 {
		dir := killTree(t)
		if !runKilled(t, "keep", dir, first) {
			return
		}
		for step := 1; runKilled(t, "recover", dir, step) && step < 50; step++ {
		}
		recoverTree(t, dir, first)
		wantOneOf(t, dir, "recover", first, []string{"old", "new"})
	}
}

// While a transaction is under way, another process leaves its files alone.
func TestTwoAtOnce(t *testing.T) {
	dir, tx := begun(t)
	must(t, tx.Replace())
	if _, err := recoverIn(dir, dir); !errors.Is(err, ErrBusy) {
		t.Errorf("Recover: %v", err)
	}
	_, err := Begin([]FileWrite{write(dir, "a", "A", "newer")})
	if !errors.Is(err, ErrBusy) {
		t.Errorf("Begin: %v", err)
	}
	must(t, tx.Keep())
	wantTree(t, dir, map[string]string{"a": "A", "b": "B", "c": "C"})
	must(t, writeOne(filepath.Join(dir, "a"), []byte("A"), []byte("newer")))
}

// A journal from a pull request touches only files next to it.
func TestHostileJournal(t *testing.T) {
	outside := tree(t, map[string]string{"secret": "s", ".nginx-ws-lint-x-0.old": "t"})
	for name, text := range map[string]string{
		"another directory": `{"id":"x","decides":"DIR"}` + "\n" + `{"files":[{"Name":"../` + filepath.Base(outside) + `/secret","Temp":".nginx-ws-lint-x-0.tmp","Backup":".nginx-ws-lint-x-0.old","New":"` + digest([]byte("s")) + `"}]}` + "\n",
		"any backup":        `{"id":"x","decides":"DIR"}` + "\n" + `{"files":[{"Name":"a","Temp":".nginx-ws-lint-x-0.tmp","Backup":"b"}]}` + "\n",
		"a way up":          `{"id":"x/../..","decides":"DIR"}` + "\n" + `{"files":[{"Name":"a","Temp":".nginx-ws-lint-x/../..-0.tmp","Backup":".nginx-ws-lint-x/../..-0.old"}]}` + "\n",
		"told of elsewhere": `{"id":"x","decides":"` + outside + `"}` + "\n" + `{"files":[]}` + "\n",
		"dirs":              `{"id":"x","decides":"DIR","dirs":["` + outside + `"]}` + "\n" + `{"files":[]}` + "\n",
		"not JSON":          "hello\n",
		"not lines":         "hello",
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{"a": "a", "b": "b", lockName: "", ".nginx-ws-lint-x-0.old": "evil"})
			must(t, os.WriteFile(filepath.Join(dir, journalName), []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600))
			_, _ = recoverIn(dir, dir)
			os.Remove(filepath.Join(dir, journalName))
			os.Remove(filepath.Join(dir, lockName))
			os.Remove(filepath.Join(dir, ".nginx-ws-lint-x-0.old"))
			wantTree(t, dir, map[string]string{"a": "a", "b": "b"})
			wantTree(t, outside, map[string]string{"secret": "s", ".nginx-ws-lint-x-0.old": "t"})
		})
	}
}
