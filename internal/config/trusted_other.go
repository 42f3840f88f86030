//go:build !unix

package config

import "io/fs"

// trusted is not asked where files have no owner that we could compare.
func trusted(fs.FileInfo) bool { return true }
