//go:build !unix

package main

import "io/fs"

// ReadDir lists a directory.
func (d disk) ReadDir(name string) ([]fs.DirEntry, error) {
	d.trace.list(name)
	return fs.ReadDir(d.FS, name)
}
