// Package descriptor opens files and sets their attributes in ways that a link in
// their path cannot redirect. It contains what the os package lacks.
package descriptor

import (
	"errors"
	"io/fs"
	"os"
)

// ErrLink is the error for a path with a symbolic link. The caller has resolved all
// links before, so this one is new.
var ErrLink = errors.New("its path now contains a symbolic link")

// OpenRoot opens a directory. On Unix no element of the path may be a symbolic link.
func OpenRoot(path string) (*os.Root, error) {
	want, err := stat(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	// os.OpenRoot follows links, so its result must be the directory that was found
	// without following any.
	if got, err := root.Stat("."); err != nil || !os.SameFile(got, want) {
		root.Close()
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.Join(ErrLink, err)}
	}
	return root, nil
}
