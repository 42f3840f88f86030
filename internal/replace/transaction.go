package replace

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// A Transaction replaces files. It can be undone until it is kept, also by a later
// process if this one is killed: see Recover. In every directory of its files it has
// a lock, a journal, the new files, and the old ones under a second name.
type Transaction struct {
	dirs     []*directory
	staged   []*staged
	journals []*journal // the first one leads
	untidy   error      // why something could not be removed at the end
}

// A target is the location of a file to replace.
type target struct {
	dir  *directory
	name string
}

// Begin prepares everything and changes nothing yet. Readers will see the old text or
// the new one, never a part. Mode, owner and, on Linux, extended attributes are kept.
// Begin refuses a file if they cannot be kept, if it has changed since it was read,
// is read-only or has several hard links. It also refuses if another transaction is
// in progress in one of the directories (ErrBusy) or was interrupted
// (ErrInterrupted). The error is a *WriteError.
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

// begin opens a journal in every directory, sorted by name.
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

// stage creates the new files and records them in the journals.
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

// Replace puts every new file in place of the old one. If one fails, everything is
// restored and the transaction has ended.
func (t *Transaction) Replace() error {
	for _, s := range t.staged {
		if err := s.replace(); err != nil {
			return t.undo(&WriteError{Path: s.path, Err: err})
		}
	}
	t.sync()
	return nil
}

// Keep ends the transaction: the new files stay. If that cannot be written to the
// journal, the old files are restored.
func (t *Transaction) Keep() error {
	if len(t.journals) > 0 {
		if err := t.journals[0].write(keptLine{true}); err != nil {
			return t.undo(&WriteError{Path: t.journals[0].path(), Err: reason(err)})
		}
	}
	t.end()
	return nil
}

// Undo ends the transaction and restores every file, including its time. If one
// cannot be restored, the error, a *WriteError, says where its old text is.
func (t *Transaction) Undo() error {
	return t.undo(&WriteError{}).orNil()
}

// undo restores what was replaced, and adds to the error what could not be restored.
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

// Untidy returns why some of our files could not be removed after a transaction, or
// nil. Recover removes them.
func (t *Transaction) Untidy() error { return reason(t.untidy) }

// end removes what is no longer in use; the leading journal goes last. If something
// cannot be removed, the journals stay, and Recover does the rest.
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

// sync makes the renames durable.
func (t *Transaction) sync() {
	for _, dir := range t.dirs {
		dir.sync()
	}
}
