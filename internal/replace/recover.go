package replace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Interrupted returns ErrInterrupted if a transaction was interrupted in a directory,
// and nil if there is none or one is in progress in any process. Another error says
// why that is unknown. The path is absolute and without links.
func Interrupted(path string) error {
	if err := calling("lstat", path); err != nil {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(path, journalName)); err != nil {
		return nil
	}
	dir, err := openDirectory(path)
	if err != nil {
		return reason(err)
	}
	defer dir.close()
	lock, err := dir.lock(false)
	switch {
	case err == nil:
		lock.Close()
		return ErrInterrupted
	case errors.Is(err, ErrBusy):
		return nil
	}
	return err
}

// A Recovery is what Recover found and did.
type Recovery struct {
	Kept  bool     // every new file had been written, so they stay; else the old ones are back
	Files []string // the files that had been replaced
}

// Recover ends an interrupted transaction in all its directories, according to its
// journals, or does nothing if there is none. The path is absolute and without links.
// It only touches a directory that was given: others in a journal are an error.
// ErrBusy means that the transaction is still in progress in another process. A
// *WriteError means that a file could not be restored.
func Recover(path string, given func(dir string) bool) (Recovery, error) {
	if err := calling("lstat", path); err != nil {
		return Recovery{}, err
	}
	if _, err := os.Lstat(filepath.Join(path, journalName)); missing(err) {
		return Recovery{}, nil
	}
	r := recovery{given: given, failed: &WriteError{}}
	defer r.release()
	if err := r.gather(path); err != nil {
		return Recovery{}, fmt.Errorf("%s: %w", path, err)
	}
	if err := r.run(); err != nil {
		return r.done, fmt.Errorf("%s: could not fully recover from an interrupted fix: %w", path, reason(err))
	}
	return r.done, r.failed.orNil()
}

// A recovery is the work of Recover.
type recovery struct {
	given    func(dir string) bool
	dirs     []*directory
	journals []*journal // locked; the first one leads
	failed   *WriteError
	done     Recovery
}

// gather reads and locks the journals of a transaction that has one in a directory.
// The leading journal and the others must name each other.
func (r *recovery) gather(path string) error {
	here, err := r.read(path, "")
	if err != nil {
		return err
	}
	if here.ID == "" { // killed before it was written: nothing else was done
		return nil
	}
	decides := here
	if here.Decides != path {
		if decides, err = r.read(here.Decides, here.ID); err != nil {
			return fmt.Errorf("cannot read the journal of the interrupted fix, %s: %w", filepath.Join(here.Decides, journalName), err)
		}
	}
	if err := here.decidedBy(decides); err != nil {
		return err
	}
	for _, other := range decides.Dirs {
		if r.has(other) {
			continue
		}
		// A journal that is missing, or is another's, has no work left.
		j, err := r.read(other, here.ID)
		if err != nil && !missing(err) && !errors.Is(err, errOther) {
			return err
		}
		if err == nil && j.Decides != decides.dir.path {
			return fmt.Errorf("%s does not name the directory %s", j.path(), decides.dir.path)
		}
	}
	i := slices.Index(r.journals, decides)
	r.journals[0], r.journals[i] = r.journals[i], r.journals[0]
	return nil
}

// has reports whether the journal of a directory was read.
func (r *recovery) has(path string) bool {
	return slices.ContainsFunc(r.journals, func(j *journal) bool { return j.dir.path == path })
}

// read reads the journal of a directory and locks it, if it has that ID. It creates
// no file: the lock's file exists while the journal does.
func (r *recovery) read(path, id string) (*journal, error) {
	if !r.given(path) {
		return nil, fmt.Errorf("the interrupted fix also changed files in %s, which this run does not check; name that directory as well", path)
	}
	dir, err := openDirectory(path)
	if err != nil {
		return nil, err
	}
	r.dirs = append(r.dirs, dir)
	if _, err := readOf(dir, id); err != nil {
		return nil, err
	}
	lock, err := dir.lock(false)
	if err != nil {
		return nil, err
	}
	j, err := readOf(dir, id) // as it was left
	if err != nil {
		lock.Close()
		return nil, err
	}
	j.lock = lock
	r.journals = append(r.journals, j)
	return j, nil
}

// readOf reads the journal of a directory, which must have that ID if one is given.
func readOf(dir *directory, id string) (*journal, error) {
	j, err := readJournal(dir)
	if err == nil && id != "" && j.ID != id {
		err = errOther
	}
	return j, err
}

// run does the remaining work. If something cannot be removed, the journals stay for
// another try.
func (r *recovery) run() error {
	if len(r.journals) == 0 {
		return nil
	}
	r.done.Kept = r.journals[0].kept
	var failed error
	for _, j := range r.journals {
		for _, e := range j.files {
			failed = errors.Join(failed, r.file(j.dir, e))
		}
		failed = errors.Join(failed, j.sweep())
	}
	failed = closeAll(r.journals, failed)
	r.journals = nil
	return failed
}

// file restores one file, or leaves it. A file that cannot be restored is stuck. The
// error is about what must be tried again.
func (r *recovery) file(dir *directory, e entry) error {
	info, err := dir.lstat(e.Backup)
	if missing(err) {
		return nil // it was not replaced yet, or is done
	} else if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	now, err := dir.digest(e.Name)
	switch {
	case r.done.Kept || err == nil && now == e.Old:
		if r.done.Kept {
			r.done.Files = append(r.done.Files, dir.join(e.Name))
		}
		return dir.remove(e.Backup)
	case err == nil && now != e.New:
		err = ErrChanged
	case err == nil:
		err = dir.putBack(e)
	}
	if err != nil {
		r.failed.Stuck = append(r.failed.Stuck, Stuck{dir.join(e.Name), dir.join(e.Backup), reason(err)})
		return nil
	}
	r.done.Files = append(r.done.Files, dir.join(e.Name))
	return nil
}

// sweep removes the new files that were not put in place.
func (j *journal) sweep() error {
	names, err := j.dir.list()
	if err != nil || j.ID == "" {
		return err
	}
	for _, n := range names {
		if strings.HasPrefix(n.Name(), j.prefix()) && strings.HasSuffix(n.Name(), ".tmp") {
			err = errors.Join(err, j.dir.remove(n.Name()))
		}
	}
	return err
}

// release unlocks what an error left locked.
func (r *recovery) release() {
	for _, j := range r.journals {
		j.lock.Close()
	}
	for _, dir := range r.dirs {
		dir.close()
	}
}
