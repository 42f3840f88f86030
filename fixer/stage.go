package fixer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// tempPattern names temporary files. The leading dot keeps them out of
// nginx's include conf.d/* while they are there.
const tempPattern = ".nginx-ws-lint-*.tmp"

// A staged file is a file to be replaced, with its new self ready beside it.
type staged struct {
	path   string      // as the caller named it
	real   string      // where its symlinks lead
	old    []byte      // what it must hold
	info   fs.FileInfo // of the file that was staged
	temp   string      // the new file; "" once it has become the real one
	backup string      // a second name of the old file; "" if there is none
}

// stage writes the new file beside the old one, complete and on disk.
func stage(w FileWrite) (*staged, error) {
	real, err := filepath.EvalSymlinks(w.Path)
	if err != nil {
		return nil, reason(err)
	}
	s := &staged{path: w.Path, real: real, old: w.Old}
	if err := s.verify(); err != nil {
		return nil, err
	}
	if n := links(s.info); n > 1 {
		// Renaming would leave the other names with the old text, and writing
		// into the file cannot be undone by a crash.
		return nil, fmt.Errorf("the file has %d names (hard links), and replacing it would part them", n)
	}
	if s.temp, err = s.create(w.New); err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

// verify reports an error unless the file is a regular one and holds what was
// read. What it saw last is in s.info.
func (s *staged) verify() error {
	info, err := os.Lstat(s.real)
	if err != nil {
		return reason(err)
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	now, err := os.ReadFile(s.real)
	if err != nil {
		return reason(err)
	}
	if !bytes.Equal(now, s.old) {
		return ErrChanged
	}
	if s.info != nil && (!os.SameFile(s.info, info) || s.info.Mode() != info.Mode()) {
		return ErrChanged // the new file was made like another one
	}
	s.info = info
	return nil
}

// create makes a file beside the real one that is like it in all but its text.
// It returns its name also when it fails after creating it.
func (s *staged) create(text []byte) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(s.real), tempPattern)
	if err != nil {
		return "", fmt.Errorf("cannot make a file beside it: %w", reason(err))
	}
	if _, err = f.Write(text); err == nil {
		err = keep(f, s.real, s.info)
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return f.Name(), reason(err)
}

// replace puts the new file in the place of the old one, which gets a second
// name first if it must be possible to restore it.
func (s *staged) replace(restorable bool) error {
	if restorable {
		if err := s.saveOld(); err != nil {
			return fmt.Errorf("cannot keep a backup: %w", reason(err))
		}
	}
	if err := os.Rename(s.temp, s.real); err != nil {
		return reason(err)
	}
	s.temp = ""
	return nil
}

// saveOld gives the old file a second name, or copies it where the file system
// or its owner allows no links.
func (s *staged) saveOld() error {
	backup := s.temp + ".old"
	err := os.Link(s.real, backup)
	if err == nil {
		s.backup = backup
		return nil
	}
	s.backup, err = s.create(s.old)
	return err
}

func (s *staged) restore() error {
	if err := os.Rename(s.backup, s.real); err != nil {
		return reason(err)
	}
	s.backup = ""
	return nil
}

// discard removes what was staged and is not in use.
func (s *staged) discard() {
	for _, name := range []string{s.temp, s.backup} {
		if name != "" {
			os.Remove(name)
		}
	}
	s.temp, s.backup = "", ""
}

// reason takes from an error the names of files, which are temporary ones or
// said by WriteError.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
