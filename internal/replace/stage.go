package replace

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/descriptor"
)

// A staged file is a file to replace, with its new version ready next to it.
type staged struct {
	path   string // as the caller named it
	dir    *directory
	name   string      // in the directory, with links resolved
	old    []byte      // its required content
	text   []byte      // its new content
	info   fs.FileInfo // of the file that was staged
	base   string      // prefix of the names of temporary files
	made   fs.FileInfo // of the new file
	temp   string      // the new file; "" after it is in place
	backup string      // a second name of the old file; "" if there is none
}

// stage writes the new file next to the old one, completely and synced to disk. The
// names of its temporary files begin with base. A staged file that is returned with
// an error must be discarded.
func stage(w FileWrite, at target, base string) (*staged, error) {
	s := &staged{path: w.Path, dir: at.dir, name: at.name, old: w.Old, text: w.New, base: base}
	old, err := s.openOld()
	if err != nil {
		return nil, err
	}
	defer old.Close()
	if s.info.Mode().Perm()&0o222 == 0 {
		return nil, errors.New("the file is read-only")
	}
	if n := links(s.info); n > 1 {
		// Renaming would leave the old text under the other names, and writing into
		// the file could not be undone after a crash.
		return nil, fmt.Errorf("the file has %d hard links; replacing it would break them apart", n)
	}
	s.temp = base + ".tmp"
	f, err := s.create(s.temp, w.New, old)
	if err == nil {
		s.made, err = f.Stat()
		err = errors.Join(err, f.Close())
	}
	return s, reason(err)
}

// openOld opens the file. It returns an error unless it is a regular file with the
// text that was read, and is the file that was staged, with the same mode. s.info
// comes from the open file.
func (s *staged) openOld() (*os.File, error) {
	f, info, err := s.dir.openRegular(s.name)
	if err != nil {
		return nil, reason(err)
	}
	now, err := readAtMost(f, len(s.old))
	switch {
	case err != nil:
		err = reason(err)
	case !bytes.Equal(now, s.old):
		err = ErrChanged
	case s.info != nil && (!os.SameFile(s.info, info) || s.info.Mode() != info.Mode()):
		err = ErrChanged // the new file was made like another one
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	s.info = info
	return f, nil
}

// verify returns an error unless the file is still the one that was read.
func (s *staged) verify() error {
	f, err := s.openOld()
	if err == nil {
		f.Close()
	}
	return err
}

// create creates a file in the directory that is like the old one except for its
// text, and returns it open.
func (s *staged) create(name string, text []byte, old *os.File) (*file, error) {
	f, err := s.dir.open(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	if err != nil {
		return nil, cannotCreate(err)
	}
	if _, err = f.Write(text); err == nil {
		err = keep(f, old, s.info)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		f.Close()
		return nil, reason(err)
	}
	return f, nil
}

func cannotCreate(err error) error {
	return fmt.Errorf("cannot create a file next to it: %w", reason(err))
}

// backupName is the name of the old file while the new one is in its place.
func (s *staged) backupName() string { return s.base + ".old" }

// replace puts the new file in place of the old one, which first gets a second name
// from which it can be restored.
func (s *staged) replace() error {
	if err := s.saveOld(); errors.Is(err, ErrChanged) {
		return ErrChanged
	} else if err != nil {
		return fmt.Errorf("cannot keep a backup: %w", reason(err))
	}
	if err := s.verify(); err != nil {
		return err
	}
	if err := s.intact(); err != nil {
		return err
	}
	if err := s.dir.rename(s.temp, s.name); err != nil {
		return reason(err)
	}
	s.temp = ""
	return nil
}

// intact returns an error unless the new file is the one that was created: another
// user who can write to the directory can replace it.
func (s *staged) intact() error {
	f, info, err := s.dir.openRegular(s.temp)
	if err != nil {
		return reason(err)
	}
	defer f.Close()
	text, err := readAtMost(f, len(s.text))
	if err != nil {
		return reason(err)
	}
	// The number of a removed file can be reused.
	if !os.SameFile(info, s.made) || ownerOf(info) != ownerOf(s.made) || info.Mode() != s.made.Mode() || !bytes.Equal(text, s.text) {
		return fmt.Errorf("the new file %s was replaced by another process", s.temp)
	}
	return nil
}

// saveOld gives the old file a second name, or copies it with its time if the file
// system or the file's owner does not allow hard links.
func (s *staged) saveOld() error {
	if err := s.dir.link(s.name, s.backupName()); err == nil {
		s.backup = s.backupName()
		now, err := s.dir.lstat(s.backup)
		if err == nil && !os.SameFile(now, s.info) {
			err = ErrChanged
		}
		return err
	}
	old, err := s.openOld()
	if err != nil {
		return err
	}
	defer old.Close()
	f, err := s.create(s.backupName(), s.old, old)
	if !errors.Is(err, fs.ErrExist) { // otherwise we must not remove it
		s.backup = s.backupName()
	}
	if err != nil {
		return err
	}
	if err = calling("utimes", f.path); err == nil {
		err = descriptor.SetTime(f.File, s.info.ModTime())
	}
	return errors.Join(err, f.Close())
}

// replaced reports whether the new file is in place.
func (s *staged) replaced() bool { return s.temp == "" && s.backup != "" }

// restore puts the old file back, unless someone has changed the new one since.
func (s *staged) restore() error {
	now, err := s.dir.digest(s.name)
	if err == nil && now != digest(s.text) {
		err = ErrChanged
	}
	if err == nil {
		err = s.dir.rename(s.backup, s.name)
	}
	if err != nil {
		return reason(err)
	}
	s.backup = ""
	return nil
}

// discard removes what was staged and is not in use.
func (s *staged) discard() error {
	for _, name := range []*string{&s.temp, &s.backup} {
		if *name == "" {
			continue
		}
		if err := s.dir.remove(*name); err != nil {
			return err
		}
		*name = ""
	}
	return nil
}

// reason removes the names of files from an error, because they are temporary names,
// or WriteError adds them.
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
