//go:build !unix

package descriptor

import (
	"io/fs"
	"os"
)

// stat returns what a path is. Outside Unix it follows links.
func stat(path string) (fs.FileInfo, error) { return os.Stat(path) }
