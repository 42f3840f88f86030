package replace

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// A Transaction replaces files in a way that can be undone until it is kept,
// also by a later process if this one is killed: see Recover. In every directory
// of its files it has a lock, a journal, the new files, and the old ones under a
// second name.
type Transaction struct {
	dirs     []*directory
	staged   []*staged
	journals []*journal // the first one decides
	untidy   error      // why something could not be removed at the end
}

// A target is where a file to be replaced lies.
type target struct {
	dir  *directory
	name string
}

// Begin prepares everything and changes nothing yet. A reader will see the old
// text or the new one, never a part. Mode, owner and, on Linux, extended
// attributes are kept. Begin refuses a file where they cannot be kept, one that is
// no longer what was read, and one that is read-only or has several hard links. It
// also refuses where another transaction is under way in one of the directories
// (ErrBusy) or was interrupted (ErrInterrupted). The error is a *WriteError.
func Begin(writes []FileWrite) (*Transaction, error) {
	t := &Transaction{}
	targets, err := t.open(writes)
	if err == nil {
		err = t.begin(writes, targets)
	}
	if err == nil {
		err = t.stage(writes, targets)
	}
	if err != nil {
		t.end()
		return nil, err
	}
	return t, nil
}

// open opens the directories of the files, each once.
func (t *Transaction) open(writes []FileWrite) ([]target, error) {
	byPath := make(map[string]*directory)
	var targets []target
	for _, w := range writes {
		path, err := filepath.Abs(w.Path)
		dir := byPath[filepath.Dir(path)]
		if dir == nil {
			if err == nil {
				dir, err = openDirectory(filepath.Dir(path))
			}
			if err != nil {
				return nil, &WriteError{Path: w.Path, Err: fmt.Errorf("cannot open its directory: %w", reason(err))}
			}
			byPath[dir.path] = dir
			t.dirs = append(t.dirs, dir)
		}
		targets = append(targets, target{dir, filepath.Base(path)})
	}
	if len(t.dirs) > maxDirectories {
		return nil, &WriteError{Path: writes[0].Path, Err: fmt.Errorf("one fix cannot change files in more than %d directories", maxDirectories)}
	}
	return targets, nil
}

// begin opens a journal in every directory, in the order of names.
func (t *Transaction) begin(writes []FileWrite, targets []target) error {
	var paths []string
	for _, dir := range t.dirs {
		paths = append(paths, dir.path)
	}
	slices.Sort(paths)
	id := newID()
	for i, path := range paths {
		first := slices.IndexFunc(targets, func(at target) bool { return at.dir.path == path })
		h := head{ID: id, Decides: paths[0]}
		if i == 0 {
			h.Dirs = paths
		}
		j, err := openJournal(targets[first].dir, h)
		if err != nil {
			return &WriteError{Path: writes[first].Path, Err: err}
		}
		t.journals = append(t.journals, j)
	}
	return nil
}

// stage creates the new files, and writes into the journals what they are.
func (t *Transaction) stage(writes []FileWrite, targets []target) error {
	for i, w := range writes {
		s, err := stage(w, targets[i], t.journals[0].prefix()+fmt.Sprint(i))
		if err == nil {
			err = distinct(t.staged, s)
		}
		if s != nil {
			t.staged = append(t.staged, s)
		}
		if err != nil {
			return &WriteError{Path: w.Path, Err: err}
		}
		j := t.journal(s.dir)
		j.files = append(j.files, entry{s.name, s.temp, s.backupName(), digest(w.Old), digest(w.New)})
	}
	for _, j := range t.journals {
		if err := j.write(filesLine{j.files}); err != nil {
			return &WriteError{Path: j.path(), Err: reason(err)}
		}
	}
	for _, s := range t.staged {
		if err := s.verify(); err != nil {
			return &WriteError{Path: s.path, Err: err}
		}
	}
	return nil
}

func (t *Transaction) journal(dir *directory) *journal {
	i := slices.IndexFunc(t.journals, func(j *journal) bool { return j.dir == dir })
	return t.journals[i]
}

// Replace puts every new file in the place of the old one. Where one cannot be,
// everything is put back and the transaction has ended.
func (t *Transaction) Replace() error {
	for _, s := range t.staged {
		if err := s.replace(); err != nil {
			return t.undo(&WriteError{Path: s.path, Err: err})
		}
	}
	t.sync()
	return nil
}

// Keep ends the transaction: the new files stay. Where that cannot be written to
// the journal, they are put back.
func (t *Transaction) Keep() error {
	if len(t.journals) > 0 {
		if err := t.journals[0].write(keptLine{true}); err != nil {
			return t.undo(&WriteError{Path: t.journals[0].path(), Err: reason(err)})
		}
	}
	t.end()
	return nil
}

// Undo ends the transaction: every file is what it was, times included. Where
// one cannot be put back the error, a *WriteError, says where its old text is.
func (t *Transaction) Undo() error {
	return t.undo(&WriteError{}).orNil()
}

// undo puts back what was replaced, and adds to the error what could not be.
func (t *Transaction) undo(failed *WriteError) *WriteError {
	for _, s := range t.staged {
		if !s.replaced() {
			continue
		}
		if err := s.restore(); err != nil {
			failed.Stuck = append(failed.Stuck, Stuck{s.path, s.dir.join(s.backup), err})
			s.backup = "" // the only copy of the old text: discard must not remove it
		}
	}
	t.sync()
	t.end()
	return failed
}

// Untidy returns, for a transaction that has ended, why something of ours could
// not be removed, or nil. Recover removes it.
func (t *Transaction) Untidy() error { return reason(t.untidy) }

// end removes what is not in use any more; the journal that decides goes last.
// Where something cannot be removed the journals stay, and Recover does the rest.
func (t *Transaction) end() {
	var failed error
	for _, s := range t.staged {
		failed = errors.Join(failed, s.discard())
	}
	t.untidy = closeAll(t.journals, failed)
	for _, dir := range t.dirs {
		dir.close()
	}
	t.staged, t.journals, t.dirs = nil, nil, nil
}

// sync makes the renames last.
func (t *Transaction) sync() {
	for _, dir := range t.dirs {
		dir.sync()
	}
}
