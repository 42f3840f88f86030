package replace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Interrupted reports whether a transaction was interrupted in a directory. One
// that is under way, in this process or another, is not.
func Interrupted(dir string) bool {
	if _, err := lstat(filepath.Join(dir, journalName)); err != nil {
		return false
	}
	lock, err := lockDir(dir, false)
	if err == nil {
		lock.Close()
	}
	return !errors.Is(err, ErrBusy)
}

// A Recovery is what Recover found and did.
type Recovery struct {
	Kept  bool     // every new file had been written: they stay; else the old ones are back
	Files []string // those that were replaced
}

// Recover ends a transaction that was interrupted, in all its directories, from
// what its journals say. Where there is none it does nothing. ErrBusy: it is not
// over, another process is at it. A *WriteError: a file could not be put back.
func Recover(dir string) (Recovery, error) {
	if _, err := lstat(filepath.Join(dir, journalName)); errors.Is(err, os.ErrNotExist) {
		return Recovery{}, nil
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return Recovery{}, err
	}
	r := recovery{failed: &WriteError{}}
	defer r.release()
	if err := r.gather(dir); err != nil {
		return Recovery{}, fmt.Errorf("%s: %w", dir, err)
	}
	if err := r.run(); err != nil {
		return r.done, fmt.Errorf("%s: not all could be ended: %w", dir, reason(err))
	}
	return r.done, r.failed.orNil()
}

// A recovery is the work of Recover.
type recovery struct {
	journals []*journal // locked; the first one decides
	failed   *WriteError
	done     Recovery
}

// gather reads and locks the journals of a transaction that has one in dir.
func (r *recovery) gather(dir string) error {
	here, err := r.take(dir, "")
	if err != nil {
		return err
	}
	if here.ID == "" { // killed before a word was written: nothing else was done
		return nil
	}
	decides := here
	if here.Decides != dir {
		if decides, err = r.take(here.Decides, here.ID); err != nil {
			return fmt.Errorf("the fix that was interrupted is told of in %s, which cannot be read: %w", filepath.Join(here.Decides, journalName), err)
		}
	}
	for _, other := range decides.Dirs {
		if other == dir || other == decides.dir {
			continue
		}
		// One that is gone, or is another's, has nothing left to be done.
		if _, err := r.take(other, here.ID); err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, errOther) {
			return err
		}
	}
	i := slices.Index(r.journals, decides)
	r.journals[0], r.journals[i] = r.journals[i], r.journals[0]
	return nil
}

// take reads the journal of a directory and locks it, if it is of that ID. It
// makes no file: the lock's is there while the journal is.
func (r *recovery) take(dir, id string) (*journal, error) {
	if _, err := readOwn(dir, id); err != nil {
		return nil, err
	}
	lock, err := lockDir(dir, false)
	if err != nil {
		return nil, err
	}
	j, err := readOwn(dir, id) // as it was left
	if err != nil {
		lock.Close()
		return nil, err
	}
	j.lock = lock
	r.journals = append(r.journals, j)
	return j, nil
}

// errOther is the error for a journal of another transaction.
var errOther = errors.New("it tells of another fix")

// readOwn reads the journal of a directory, which has to be of that ID if one is
// given.
func readOwn(dir, id string) (*journal, error) {
	j, err := readJournal(dir)
	if err == nil && id != "" && j.ID != id {
		err = errOther
	}
	return j, err
}

// run does what is left to be done. What cannot be removed leaves the journals
// where they are, for another try.
func (r *recovery) run() error {
	if len(r.journals) == 0 {
		return nil
	}
	r.done.Kept = r.journals[0].kept
	var failed error
	for _, j := range r.journals {
		for _, e := range j.files {
			failed = errors.Join(failed, r.file(j, e))
		}
		failed = errors.Join(failed, j.sweep())
	}
	failed = closeAll(r.journals, failed)
	r.journals = nil
	return failed
}

// file puts one file back, or leaves it. One that cannot be put back is stuck;
// the error is about what has to be tried again.
func (r *recovery) file(j *journal, e entry) error {
	real, backup := filepath.Join(j.dir, e.Name), filepath.Join(j.dir, e.Backup)
	info, err := lstat(backup)
	if errors.Is(err, os.ErrNotExist) {
		return nil // it was not replaced yet, or is done with
	} else if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	now, err := readRegular(real)
	switch {
	case r.done.Kept || err == nil && digest(now) == e.Old:
		if r.done.Kept {
			r.done.Files = append(r.done.Files, real)
		}
		return remove(backup)
	case err == nil:
		err = restore(backup, real, e.New)
	}
	if err != nil {
		r.failed.Stuck = append(r.failed.Stuck, Stuck{real, backup, reason(err)})
		return nil
	}
	r.done.Files = append(r.done.Files, real)
	return nil
}

// readRegular reads a file that a journal names. One that comes with a pull
// request may name a pipe, or a link to a device.
func readRegular(name string) ([]byte, error) {
	info, err := lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return readFile(name)
}

// sweep removes the new files that never got into their places.
func (j *journal) sweep() error {
	names, err := readDir(j.dir)
	if err != nil || j.ID == "" {
		return err
	}
	for _, n := range names {
		if strings.HasPrefix(n.Name(), j.prefix()) && strings.HasSuffix(n.Name(), ".tmp") {
			err = errors.Join(err, remove(filepath.Join(j.dir, n.Name())))
		}
	}
	return err
}

// release gives free what an error left locked.
func (r *recovery) release() {
	for _, j := range r.journals {
		j.lock.Close()
	}
}
