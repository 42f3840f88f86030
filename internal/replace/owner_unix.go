//go:build unix

package replace

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

const (
	// noFollow opens no link, because someone may have put one in place of a lock.
	noFollow = syscall.O_NOFOLLOW
	// noWait does not wait for the writer of a pipe.
	noWait = syscall.O_NONBLOCK | syscall.O_NOCTTY
	// keepsMode reports whether a file has all the bits that chmod set.
	keepsMode = true
)

func ownerOf(info fs.FileInfo) owner {
	st := info.Sys().(*syscall.Stat_t)
	return owner{int(st.Uid), int(st.Gid)}
}

// links returns the number of hard links to the file.
func links(info fs.FileInfo) uint64 {
	return uint64(info.Sys().(*syscall.Stat_t).Nlink)
}

// ours returns an error unless a file belongs to this user or to root, and nobody
// else can write to it.
func ours(info fs.FileInfo) error {
	uid := ownerOf(info).uid
	switch {
	case uid != os.Geteuid() && uid != 0:
		return fmt.Errorf("it belongs to %s", userName(uid))
	case info.Mode().IsRegular() && info.Mode().Perm()&0o022 != 0:
		return fmt.Errorf("others can write to it (mode %v)", info.Mode())
	}
	return nil
}
