package replace

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A staged file is a file to be replaced, with its new self ready beside it.
type staged struct {
	path   string      // as the caller named it
	real   string      // where its symlinks lead
	old    []byte      // what it must hold
	text   []byte      // what it is to hold
	info   fs.FileInfo // of the file that was staged
	base   string      // of the names of temporary files, which lie beside the real one
	temp   string      // the new file; "" once it has become the real one
	backup string      // a second name of the old file; "" if there is none
}

// stage writes the new file beside the old one, complete and on disk. The base
// begins the names of its temporary files. What is returned beside an error has
// to be discarded, where it is not nil.
func stage(w FileWrite, base string) (*staged, error) {
	real, err := filepath.EvalSymlinks(w.Path)
	if err != nil {
		return nil, reason(err)
	}
	s := &staged{path: w.Path, real: real, old: w.Old, text: w.New, base: filepath.Join(filepath.Dir(real), base)}
	if err := s.verify(); err != nil {
		return nil, err
	}
	if s.info.Mode().Perm()&0o222 == 0 {
		return nil, errors.New("the file is read-only")
	}
	if n := links(s.info); n > 1 {
		// Renaming would leave the other names with the old text, and writing
		// into the file cannot be undone by a crash.
		return nil, fmt.Errorf("the file has %d names (hard links), and replacing it would part them", n)
	}
	s.temp = s.base + ".tmp"
	return s, s.create(s.temp, w.New)
}

// verify reports an error unless the file is a regular one and holds what was
// read. What it saw last is in s.info.
func (s *staged) verify() error {
	info, err := lstat(s.real)
	if err != nil {
		return reason(err)
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	now, err := readFile(s.real)
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
func (s *staged) create(name string, text []byte) error {
	f, err := openFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	if err != nil {
		return fmt.Errorf("cannot make a file beside it: %w", reason(err))
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
	return reason(err)
}

// backupName is where the old file is while the new one is in its place.
func (s *staged) backupName() string { return s.base + ".old" }

// replace puts the new file in the place of the old one, which gets a second
// name first, by which it can be restored.
func (s *staged) replace() error {
	if err := s.saveOld(); err != nil {
		return fmt.Errorf("cannot keep a backup: %w", reason(err))
	}
	if err := s.verify(); err != nil {
		return err
	}
	if err := rename(s.temp, s.real); err != nil {
		return reason(err)
	}
	s.temp = ""
	return nil
}

// saveOld gives the old file a second name, or copies it, time included, where
// the file system or its owner allows no links.
func (s *staged) saveOld() error {
	if err := link(s.real, s.backupName()); err == nil {
		s.backup = s.backupName()
		return nil
	}
	err := s.create(s.backupName(), s.old)
	s.backup = s.backupName()
	if err == nil {
		err = chtimes(s.backup, s.info.ModTime())
	}
	return err
}

// replaced reports whether the new file is in its place.
func (s *staged) replaced() bool { return s.temp == "" && s.backup != "" }

// restore puts the old file back, unless someone has changed the new one since.
func (s *staged) restore() error {
	if err := restore(s.backup, s.real, digest(s.text)); err != nil {
		return err
	}
	s.backup = ""
	return nil
}

// restore puts a backup in the place of a file that holds a text of that digest.
func restore(backup, real, sum string) error {
	now, err := readFile(real)
	if err == nil && digest(now) != sum {
		err = ErrChanged
	}
	if err == nil {
		err = rename(backup, real)
	}
	return reason(err)
}

// discard removes what was staged and is not in use.
func (s *staged) discard() error {
	for _, name := range []*string{&s.temp, &s.backup} {
		if *name == "" {
			continue
		}
		if err := remove(*name); err != nil {
			return err
		}
		*name = ""
	}
	return nil
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
