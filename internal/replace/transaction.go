package replace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// A Transaction replaces files in a way that can be undone until it is kept,
// also by a later process where this one is killed: see Recover. In every
// directory of its files it has a lock, a journal, the new files, and the old
// ones under a second name.
type Transaction struct {
	staged   []*staged
	journals []*journal // the first one decides
	untidy   error      // why something could not be removed at the end
}

// Begin makes everything ready and changes nothing yet. It refuses what WriteAll
// refuses, and where another transaction is under way in one of the directories
// (ErrBusy) or was interrupted (ErrInterrupted). The error is a *WriteError.
func Begin(writes []FileWrite) (*Transaction, error) {
	t := &Transaction{}
	err := t.take(writes)
	if err == nil {
		err = t.stage(writes)
	}
	if err != nil {
		t.end()
		return nil, err
	}
	return t, nil
}

// take opens a journal in every directory, in the order of names.
func (t *Transaction) take(writes []FileWrite) error {
	first := make(map[string]string) // by directory: a file to name in an error
	var dirs []string
	for _, w := range writes {
		real, err := filepath.EvalSymlinks(w.Path)
		if err == nil {
			real, err = filepath.Abs(real)
		}
		if err != nil {
			return &WriteError{Path: w.Path, Err: reason(err)}
		}
		if dir := filepath.Dir(real); first[dir] == "" {
			first[dir] = w.Path
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	id := newID()
	for i, dir := range dirs {
		h := head{ID: id, Decides: dirs[0]}
		if i == 0 {
			h.Dirs = dirs
		}
		j, err := openJournal(dir, h)
		if err != nil {
			return &WriteError{Path: first[dir], Err: err}
		}
		t.journals = append(t.journals, j)
	}
	return nil
}

// stage writes the new files, and into the journals what they are.
func (t *Transaction) stage(writes []FileWrite) error {
	for i, w := range writes {
		s, err := stage(w, t.journals[0].prefix()+fmt.Sprint(i))
		if err == nil {
			err = distinct(t.staged, s)
		}
		if s != nil {
			t.staged = append(t.staged, s)
		}
		if err != nil {
			return &WriteError{Path: w.Path, Err: err}
		}
		j := t.journal(filepath.Dir(s.real))
		j.files = append(j.files, entry{filepath.Base(s.real), filepath.Base(s.temp), filepath.Base(s.backupName()), digest(w.Old), digest(w.New)})
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

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (t *Transaction) journal(dir string) *journal {
	for _, j := range t.journals {
		if j.dir == dir {
			return j
		}
	}
	return t.journals[0] // the directory was moved meanwhile; verify will tell
}

// Replace puts every new file in the place of the old one. Where one cannot be,
// everything is put back and the transaction has ended.
func (t *Transaction) Replace() error {
	defer syncDirs(t.staged)
	for _, s := range t.staged {
		if err := s.replace(); err != nil {
			return t.undo(&WriteError{Path: s.path, Err: err})
		}
	}
	return nil
}

// Keep ends the transaction: the new files stay. Where that cannot be written
// down, they are put back.
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
// one cannot be put back the error, a *WriteError, says where its old self is.
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
			failed.Stuck = append(failed.Stuck, Stuck{s.path, s.backup, err})
			s.backup = "" // the only copy of the old text: discard must not take it
		}
	}
	syncDirs(t.staged)
	t.end()
	return failed
}

// Untidy returns, of a transaction that has ended, why something of ours could
// not be removed; nil where nothing is left. Recover removes it.
func (t *Transaction) Untidy() error { return reason(t.untidy) }

// end removes what is not in use any more; the journal that decides goes last.
// Where something cannot be removed the journals stay, and Recover does the
// rest.
func (t *Transaction) end() {
	var failed error
	for _, s := range t.staged {
		failed = errors.Join(failed, s.discard())
	}
	t.untidy = closeAll(t.journals, failed)
	t.staged, t.journals = nil, nil
}
