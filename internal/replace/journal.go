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

// journalName is the file in which a transaction records what it does in a directory.
// The leading dot excludes it from nginx's include conf.d/*.
const journalName = ".nginx-ws-lint.journal"

// The limits of a journal. This program does not write a larger one.
const (
	maxJournal     = 16 << 20 // bytes
	maxDirectories = 10_000
)

// ErrInterrupted is the reason if an earlier run was killed, and Recover has to
// restore its files first.
var ErrInterrupted = errors.New("an earlier fix was interrupted here")

// A journal says what a transaction does in one directory. It is a file of JSON
// lines: first a head; after everything is staged, the files; and last, in the
// leading journal, that the new files are kept. An incomplete line does not count.
type journal struct {
	dir  *directory
	lock *flock.Flock
	file *file // open for appending during the transaction; nil for a journal that was read
	head
	files []entry
	kept  bool
}

type head struct {
	ID      string   `json:"id"`
	Decides string   `json:"decides"`        // the directory of the leading journal, which says how the transaction ended
	Dirs    []string `json:"dirs,omitempty"` // in the leading journal: all directories with a journal
}

// An entry is a file of the journal's directory. Old and New are the SHA-256 of its
// texts.
type entry struct {
	Name, Temp, Backup, Old, New string
}

func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see its documentation
	return hex.EncodeToString(b[:])
}

// release unlocks the directory. It leaves nothing behind, except a lock that cannot
// be removed and does no harm.
func (j *journal) release() {
	_ = j.dir.remove(lockName)
	j.lock.Close()
}

// openJournal locks a directory and begins its journal.
func openJournal(dir *directory, h head) (*journal, error) {
	lock, err := dir.lock(true)
	if err != nil {
		return nil, err
	}
	j := &journal{dir: dir, lock: lock, head: h}
	f, err := dir.open(journalName, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND)
	switch {
	case errors.Is(err, os.ErrExist):
		lock.Close()
		return nil, ErrInterrupted
	case err != nil:
		// An existing journal belongs to another transaction, and recovering it needs
		// the lock.
		if _, exists := dir.lstat(journalName); errors.Is(exists, os.ErrNotExist) {
			j.release()
		}
		lock.Close()
	default:
		j.file = f
		if err = j.write(h); err == nil {
			return j, nil
		}
		closeAll([]*journal{j}, nil)
	}
	return nil, cannotCreate(err)
}

func (j *journal) path() string { return j.dir.join(journalName) }

// write appends a line and syncs it to disk. It does not open the journal by its name
// again, which another user may have given to another file.
func (j *journal) write(line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if len(text) > maxJournal/2 {
		return errors.New("too many files for one fix")
	}
	if _, err = j.file.Write(append(text, '\n')); err == nil {
		err = j.file.Sync()
	}
	return err
}

// closeAll removes journals whose work is done. The leading one goes last. If
// something failed that Recover must repeat, the journals stay, and if one cannot be
// removed, the leading journal stays as well.
func closeAll(journals []*journal, failed error) error {
	for _, j := range slices.Backward(journals) {
		if j.file != nil {
			j.file.File.Close() // what was written is on the disk
		}
		if failed == nil {
			failed = j.dir.remove(journalName)
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
func readJournal(dir *directory) (*journal, error) {
	text, err := readOurs(dir, journalName)
	if err != nil {
		return nil, err
	}
	j := &journal{dir: dir}
	lines := bytes.SplitAfterN(text, []byte{'\n'}, 4)
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

// readOurs reads a file that nobody else may have written, up to the size limit of a
// journal.
func readOurs(dir *directory, name string) ([]byte, error) {
	info, err := dir.lstat(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir.join(name), reason(err))
	}
	if err := ours(info); err != nil { // reported before a missing right to read it
		return nil, fmt.Errorf("%s is ignored: %w", dir.join(name), err)
	}
	f, info, err := dir.openRegular(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir.join(name), reason(err))
	}
	defer f.Close()
	if err := ours(info); err != nil {
		return nil, fmt.Errorf("%s is ignored: %w", dir.join(name), err)
	}
	text, err := readAtMost(f, maxJournal)
	if err == nil && len(text) > maxJournal {
		err = errors.New("too large for a journal")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir.join(name), reason(err))
	}
	return text, nil
}

// check refuses a journal that this program did not write. It can come with a pull
// request, and must not make us touch anything outside the files of its directory.
func (j *journal) check() error {
	if len(j.Dirs) > maxDirectories {
		return fmt.Errorf("%s is not a valid journal: it names %d directories", j.path(), len(j.Dirs))
	}
	for _, dir := range append(j.Dirs, j.Decides) {
		if j.ID != "" && (!filepath.IsAbs(dir) || filepath.Clean(dir) != dir) {
			return fmt.Errorf("%s is not a valid journal: it names the directory %q", j.path(), dir)
		}
	}
	for _, e := range j.files {
		for _, name := range []string{e.Temp, e.Backup} {
			if !strings.HasPrefix(name, j.prefix()) {
				return fmt.Errorf("%s is not a valid journal: it names %q", j.path(), name)
			}
		}
		for _, name := range []string{e.Name, e.Temp, e.Backup} {
			if name == "" || name == "." || name == ".." || filepath.Base(name) != name {
				return fmt.Errorf("%s is not a valid journal: it names %q", j.path(), name)
			}
		}
		if strings.HasPrefix(e.Name, ".nginx-ws-lint") {
			return fmt.Errorf("%s is not a valid journal: it names %q", j.path(), e.Name)
		}
	}
	return nil
}

// prefix begins the names of the transaction's own files.
func (j *journal) prefix() string { return ".nginx-ws-lint-" + j.ID + "-" }

// decidedBy returns an error unless other, the journal of the directory that this one
// names as leading, names this directory and leads itself.
func (j *journal) decidedBy(other *journal) error {
	switch {
	case other.ID != j.ID:
		return errOther
	case other.Decides != other.dir.path:
		return fmt.Errorf("%s is not in the directory that leads the fix, %s; was it moved or copied?", other.path(), other.Decides)
	case !slices.Contains(other.Dirs, j.dir.path):
		return fmt.Errorf("%s does not name the directory %s", other.path(), j.dir.path)
	}
	return nil
}

// errOther is the error for a journal of another transaction.
var errOther = errors.New("it belongs to another fix")

// missing reports whether an error says that a file does not exist.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
