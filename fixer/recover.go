package fixer

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
	if _, err := os.Lstat(filepath.Join(dir, journalName)); err != nil {
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
	if _, err := os.Lstat(filepath.Join(dir, journalName)); errors.Is(err, os.ErrNotExist) {
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
	r.run()
	return r.done, r.failed.orNil()
}

// A recovery is the work of Recover.
type recovery struct {
	journals []*journal // locked; the last one decides
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
		if _, err := r.take(other, here.ID); errors.Is(err, ErrBusy) {
			return err
		}
	}
	i := slices.Index(r.journals, decides)
	r.journals = append(slices.Delete(r.journals, i, i+1), decides)
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

// readOwn reads the journal of a directory, which has to be of that ID if one is
// given.
func readOwn(dir, id string) (*journal, error) {
	j, err := readJournal(dir)
	if err == nil && id != "" && j.ID != id {
		err = errors.New("it tells of another fix")
	}
	return j, err
}

func (r *recovery) run() {
	if len(r.journals) == 0 {
		return
	}
	r.done.Kept = r.journals[len(r.journals)-1].kept
	for _, j := range r.journals {
		for _, e := range j.files {
			r.file(j, e)
		}
		j.sweep()
		atStep()
	}
	for _, j := range r.journals {
		j.close()
		atStep()
	}
	r.journals = nil
}

// file puts one file back, or leaves it.
func (r *recovery) file(j *journal, e entry) {
	real, backup := filepath.Join(j.dir, e.Name), filepath.Join(j.dir, e.Backup)
	info, err := os.Lstat(backup)
	if err != nil || !info.Mode().IsRegular() {
		return // it was not replaced yet, or is done with
	}
	atStep()
	now, err := readRegular(real)
	switch {
	case r.done.Kept || err == nil && digest(now) == e.Old:
		if r.done.Kept {
			r.done.Files = append(r.done.Files, real)
		}
		os.Remove(backup)
		return
	case err == nil:
		err = restore(backup, real, e.New)
	}
	if err != nil {
		r.failed.Stuck = append(r.failed.Stuck, Stuck{real, backup, reason(err)})
		return
	}
	r.done.Files = append(r.done.Files, real)
}

// readRegular reads a file that a journal names. One that comes with a pull
// request may name a pipe, or a link to a device.
func readRegular(name string) ([]byte, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return os.ReadFile(name)
}

// sweep removes the new files that never got into their places.
func (j *journal) sweep() {
	names, err := os.ReadDir(j.dir)
	if err != nil || j.ID == "" {
		return
	}
	for _, n := range names {
		if strings.HasPrefix(n.Name(), j.prefix()) && strings.HasSuffix(n.Name(), ".tmp") {
			os.Remove(filepath.Join(j.dir, n.Name()))
		}
	}
}

// release gives free what an error left locked.
func (r *recovery) release() {
	for _, j := range r.journals {
		j.lock.Close()
	}
}
