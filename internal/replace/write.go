// Package replace replaces files safely: all of them or none, so that it can be
// undone, and so that a later process ends what a killed one began. It knows
// neither nginx nor fixes.
//
// Every directory is opened once, without following links, and everything is done
// relative to its descriptor or on open files. So nobody who can write there can
// redirect a step to another file, which matters most where root runs this.
package replace

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// A FileWrite asks that the file at Path, which held Old when it was read, hold
// New. On Unix no element of the path may be a symbolic link: who read the file has
// followed them, and one that is there now would lead to another file.
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
// someone since. Its old version is Backup.
type Stuck struct {
	Path, Backup string
	Err          error
}

func (e *WriteError) Error() string {
	if len(e.Stuck) == 0 {
		return fmt.Sprintf("%s: %v; nothing was written", e.Path, e.Err)
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %v; everything was restored except", e.Path, e.Err)
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

// errNotRegular is the reason for refusing a directory, a pipe, a link or a device.
var errNotRegular = errors.New("not a regular file")

// distinct reports an error if the file is already one of those.
func distinct(all []*staged, s *staged) error {
	for _, other := range all {
		if os.SameFile(other.info, s.info) {
			return fmt.Errorf("it is the same file as %s", other.path)
		}
	}
	return nil
}
