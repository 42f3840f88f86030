//go:build !unix

package descriptor

import (
	"io/fs"
	"os"
)

// stat asks what a path is. Elsewhere than on Unix links in it are followed.
func stat(path string) (fs.FileInfo, error) { return os.Stat(path) }
