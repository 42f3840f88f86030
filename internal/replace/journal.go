package replace

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

// The names of what a transaction keeps in a directory while it is under way.
// The leading dot keeps them out of nginx's include conf.d/*.
const (
	lockName    = ".nginx-ws-lint.lock"
	journalName = ".nginx-ws-lint.journal"
)

// ErrBusy is the reason where another process is writing in a directory.
var ErrBusy = errors.New("another nginx-ws-lint is writing in this directory")

// ErrInterrupted is the reason where an earlier run was killed, and Recover has
// to put its files back first.
var ErrInterrupted = errors.New("an earlier fix was interrupted here")

// A journal says of one directory what a transaction does there. It is a file of
// lines of JSON: first a head; once everything is staged, the files; and in the
// journal that decides, last, that the new files are kept. A line that is not
// whole does not count.
type journal struct {
	dir  string
	lock *flock.Flock
	head
	files []entry
	kept  bool
}

type head struct {
	ID      string   `json:"id"`
	Decides string   `json:"decides"`        // the directory whose journal tells how it ended
	Dirs    []string `json:"dirs,omitempty"` // in that journal: all that have one
}

// An entry is a file of the journal's directory. New is the SHA-256 of its new
// text.
type entry struct {
	Name, Temp, Backup, Old, New string
}

func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see its documentation
	return hex.EncodeToString(b[:])
}

// lockDir takes a directory, which no other process has then. With create it
// makes the lock's file, else that has to be there.
func lockDir(dir string, create bool) (*flock.Flock, error) {
	path, flag := filepath.Join(dir, lockName), os.O_RDWR|noFollow
	if create {
		flag |= os.O_CREATE
	}
	if err := calling("lock", path); err != nil {
		return nil, fmt.Errorf("cannot make a file beside it: %w", err)
	}
	lock := flock.New(path, flock.SetFlag(flag), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	var opening *fs.PathError
	switch {
	case errors.As(err, &opening):
		return nil, fmt.Errorf("cannot make a file beside it: %w", reason(err))
	case err != nil: // a file system without locks: no one else has one
		if create {
			_ = remove(path)
		}
		return nil, fmt.Errorf("cannot lock its directory: %w", reason(err))
	case !ok:
		return nil, ErrBusy
	}
	// Whoever had the lock may have removed its file before we got it.
	mine, err := lock.Stat()
	if err == nil {
		if now, statErr := os.Lstat(path); statErr != nil || !os.SameFile(mine, now) {
			err = ErrBusy
		}
	}
	if err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

// release gives the directory free; nothing of ours is left there, save a lock
// that cannot be removed and that does no harm.
func (j *journal) release() {
	_ = remove(filepath.Join(j.dir, lockName))
	j.lock.Close()
}

// openJournal takes a directory and begins its journal.
func openJournal(dir string, h head) (*journal, error) {
	lock, err := lockDir(dir, true)
	if err != nil {
		return nil, err
	}
	j := &journal{dir: dir, lock: lock, head: h}
	f, err := openFile(j.path(), os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	switch {
	case errors.Is(err, os.ErrExist):
		lock.Close()
		return nil, ErrInterrupted
	case err != nil:
		// A journal that is there is another's, and needs the lock to be ended.
		if _, there := lstat(j.path()); errors.Is(there, os.ErrNotExist) {
			j.release()
		}
		lock.Close()
	default:
		if err = errors.Join(f.Close(), j.write(h)); err == nil {
			return j, nil
		}
		closeAll([]*journal{j}, nil)
	}
	return nil, fmt.Errorf("cannot make a file beside it: %w", reason(err))
}

func (j *journal) path() string { return filepath.Join(j.dir, journalName) }

// write appends a line and sees it to the disk.
func (j *journal) write(line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	f, err := openFile(j.path(), os.O_APPEND|os.O_WRONLY)
	if err != nil {
		return err
	}
	if _, err = f.Write(append(text, '\n')); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// closeAll removes journals: what they tell of is done. The first one, which
// decides, goes last. Where something failed that Recover has to do again they
// stay, and where one cannot be removed those that decide for it stay too.
func closeAll(journals []*journal, failed error) error {
	for _, j := range slices.Backward(journals) {
		if failed == nil {
			failed = remove(j.path())
		}
		if failed != nil {
			j.lock.Close()
			continue
		}
		j.release()
	}
	return failed
}

type filesLine struct {
	Files []entry `json:"files"`
}

type keptLine struct {
	Keep bool `json:"keep"`
}

// readJournal reads the journal of a directory, as far as it was written.
func readJournal(dir string) (*journal, error) {
	j := &journal{dir: dir}
	info, err := lstat(j.path())
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > 1<<24 {
		return nil, fmt.Errorf("%s is no journal", j.path())
	}
	text, err := readFile(j.path())
	if err != nil {
		return nil, err
	}
	lines := bytes.SplitAfter(text, []byte{'\n'})
	targets := []any{&j.head, &filesLine{}, &keptLine{}}
	for i, target := range targets {
		if i >= len(lines) || !bytes.HasSuffix(lines[i], []byte{'\n'}) {
			break
		}
		if err := json.Unmarshal(lines[i], target); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", j.path(), i+1, err)
		}
	}
	j.files, j.kept = targets[1].(*filesLine).Files, targets[2].(*keptLine).Keep
	return j, j.check()
}

// check refuses a journal that this program did not write: it may come with a
// pull request, and must not have us touch anything but its own directory's
// files.
func (j *journal) check() error {
	for _, e := range j.files {
		for _, name := range []string{e.Temp, e.Backup} {
			if !strings.HasPrefix(name, j.prefix()) {
				return fmt.Errorf("%s names %q", j.path(), name)
			}
		}
		for _, name := range []string{e.Name, e.Temp, e.Backup} {
			if name == "" || name == "." || name == ".." || filepath.Base(name) != name {
				return fmt.Errorf("%s names %q", j.path(), name)
			}
		}
	}
	return nil
}

// prefix begins the names of the transaction's own files.
func (j *journal) prefix() string { return ".nginx-ws-lint-" + j.ID + "-" }
