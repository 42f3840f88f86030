// Package replace replaces files safely: all of them or none. A replacement can be
// undone, and a later process finishes or undoes what a killed one began. The package
// knows neither nginx nor fixes.
//
// Every directory is opened once, without following links, and everything is done
// relative to its descriptor or on open files. So nobody who can write to the
// directory can redirect a step to another file, which matters most if root runs
// this.
package replace

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// A FileWrite requests that the file at Path, which had the text Old when it was
// read, gets the text New. On Unix no element of the path may be a symbolic link: the
// reader of the file has resolved them, and a new one would lead to another file.
type FileWrite struct {
	Path     string
	Old, New []byte
}

// A WriteError says which file stopped a write, and why. Except for Stuck, every file
// has its previous content.
type WriteError struct {
	Path  string
	Err   error
	Stuck []Stuck
}

// A Stuck file was replaced and could not be restored, or someone has changed it
// since. Its old version is Backup.
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

// orNil returns the error of restoring files: about the first that is stuck, or nil
// if none is.
func (e *WriteError) orNil() error {
	if len(e.Stuck) == 0 {
		return nil
	}
	e.Path, e.Err = e.Stuck[0].Path, e.Stuck[0].Err
	return e
}

func (e *WriteError) Unwrap() error { return e.Err }

// ErrChanged is the reason for refusing a file that has changed since it was read.
var ErrChanged = errors.New("the file has changed since it was read")

// errNotRegular is the reason for refusing a directory, a pipe, a link or a device.
var errNotRegular = errors.New("not a regular file")

// distinct returns an error if the file is one of the others.
func distinct(all []*staged, s *staged) error {
	for _, other := range all {
		if os.SameFile(other.info, s.info) {
			return fmt.Errorf("it is the same file as %s", other.path)
		}
	}
	return nil
}
