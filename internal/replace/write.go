package replace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A FileWrite asks that the file at Path, which held Old when it was read,
// hold New. Path may be a symlink: the file it leads to is replaced.
type FileWrite struct {
	Path     string
	Old, New []byte
}

// A WriteError says which file stopped a write, and why. Unless Stuck says
// otherwise, every file holds what it held before.
type WriteError struct {
	Path  string
	Err   error
	Stuck []Stuck
}

// A Stuck file was replaced and could not be put back, or has been changed by
// someone since. Its old self is Backup.
type Stuck struct {
	Path, Backup string
	Err          error
}

func (e *WriteError) Error() string {
	if len(e.Stuck) == 0 {
		return fmt.Sprintf("%s: %v; nothing was written", e.Path, e.Err)
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %v; all was put back except", e.Path, e.Err)
	for i, x := range e.Stuck {
		if i > 0 {
			s.WriteString(" and")
		}
		fmt.Fprintf(&s, " %s (%v), whose old text is in %s", x.Path, x.Err, x.Backup)
	}
	return s.String()
}

// orNil is the error of putting files back: about the first that is stuck, or nil
// where none is.
func (e *WriteError) orNil() error {
	if len(e.Stuck) == 0 {
		return nil
	}
	e.Path, e.Err = e.Stuck[0].Path, e.Stuck[0].Err
	return e
}

func (e *WriteError) Unwrap() error { return e.Err }

// ErrChanged is the reason for refusing a file that is no longer what was read.
var ErrChanged = errors.New("the file has changed since it was read")

// Write replaces one file. See WriteAll.
func Write(path string, old, new []byte) error {
	return WriteAll([]FileWrite{{path, old, new}})
}

// WriteAll replaces all the files or none; a reader sees the old text or the
// new one, never a part. Mode, owner and, on Linux, extended attributes are
// kept; where they cannot be, where a file is no longer what was read, and
// where it is read-only or has several names (hard links), it refuses. The error is a
// *WriteError. No temporary file stays behind, save the backups that the error
// names. Where the process is killed, Recover puts the files back, or keeps them
// where all were written.
func WriteAll(writes []FileWrite) error {
	t, err := Begin(writes)
	if err != nil {
		return err
	}
	if err := t.Replace(); err != nil {
		return err
	}
	return t.Keep()
}

func distinct(all []*staged, s *staged) error {
	for _, other := range all {
		if os.SameFile(other.info, s.info) {
			return fmt.Errorf("it is the same file as %s", other.path)
		}
	}
	return nil
}

// syncDirs makes the renames last. An error is not one for the user: the files
// are right, and some file systems cannot sync a directory.
func syncDirs(all []*staged) {
	synced := map[string]bool{}
	for _, s := range all {
		name := filepath.Dir(s.real)
		if synced[name] {
			continue
		}
		synced[name] = true
		if dir, err := openFile(name, os.O_RDONLY); err == nil {
			_ = dir.Sync()
			dir.Close()
		}
	}
}
