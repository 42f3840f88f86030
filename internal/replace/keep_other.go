//go:build !unix

package replace

import "io/fs"

// noFollow is for systems that know it.
const noFollow = 0

// keep gives the new file f the mode of the old one.
func keep(f *file, _ string, info fs.FileInfo) error { return f.Chmod(info.Mode()) }

// links returns the number of names that the file has, as far as one can know.
func links(fs.FileInfo) uint64 { return 1 }
