//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// trusted reports whether no one but the user and root can have written a file.
func trusted(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && (st.Uid == 0 || int(st.Uid) == os.Getuid()) && info.Mode()&0o002 == 0
}
