package fixer

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

// A Stuck file was replaced and could not be put back. Its old self is Backup.
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
		fmt.Fprintf(&s, " %s, which holds its new text (%v); its old one is %s", x.Path, x.Err, x.Backup)
	}
	return s.String()
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
// where it has several names (hard links), it refuses. The error is a
// *WriteError. No temporary file stays behind, save the backups
// that the error names.
//
// It is not safe against the machine's stopping between two files: then some
// hold the new text and some the old.
func WriteAll(writes []FileWrite) error {
	staged, err := stageAll(writes)
	defer discard(staged)
	if err != nil {
		return err
	}
	for _, s := range staged {
		if err := s.verify(); err != nil {
			return &WriteError{Path: s.path, Err: err}
		}
	}
	return replaceAll(staged)
}

func stageAll(writes []FileWrite) (all []*staged, err error) {
	for _, w := range writes {
		s, err := stage(w)
		if err == nil {
			err = distinct(all, s)
			all = append(all, s)
		}
		if err != nil {
			return all, &WriteError{Path: w.Path, Err: err}
		}
	}
	return all, nil
}

func distinct(all []*staged, s *staged) error {
	for _, other := range all {
		if os.SameFile(other.info, s.info) {
			return fmt.Errorf("it is the same file as %s", other.path)
		}
	}
	return nil
}

// replaceAll puts every new file in the place of the old one. If one cannot
// be, those before it are put back.
func replaceAll(all []*staged) error {
	defer syncDirs(all)
	for i, s := range all {
		if err := s.replace(i < len(all)-1); err != nil {
			return putBack(all[:i], &WriteError{Path: s.path, Err: err})
		}
	}
	return nil
}

// putBack restores files that were replaced, and adds to the error which of
// them could not be.
func putBack(replaced []*staged, failed *WriteError) *WriteError {
	for _, s := range replaced {
		if err := s.restore(); err != nil {
			failed.Stuck = append(failed.Stuck, Stuck{s.path, s.backup, err})
			s.backup = "" // the only copy of the old text: discard must not take it
		}
	}
	return failed
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
		if dir, err := os.Open(name); err == nil {
			_ = dir.Sync()
			dir.Close()
		}
	}
}

func discard(all []*staged) {
	for _, s := range all {
		s.discard()
	}
}
