//go:build unix

package replace

import (
	"fmt"
	"io/fs"
	"syscall"
)

// noFollow has a file not opened through a link: one may lie in wait under the
// name of a lock.
const noFollow = syscall.O_NOFOLLOW

// keep gives the new file f the owner, mode and extended attributes of the old
// one. It reports an error if any of them cannot be kept.
func keep(f *file, old string, info fs.FileInfo) error {
	now, err := f.Stat()
	if err != nil {
		return err
	}
	want, is := owner(info), owner(now)
	if want != is {
		if err := f.Chown(want.uid, want.gid); err != nil {
			return fmt.Errorf("cannot keep its owner %d:%d: %w", want.uid, want.gid, reason(err))
		}
	}
	// After chown, which clears setuid and setgid.
	if err := f.Chmod(info.Mode()); err != nil {
		return fmt.Errorf("cannot keep its mode %v: %w", info.Mode(), reason(err))
	}
	if err := keepAttributes(f.Name(), old); err != nil {
		return err
	}
	// chmod drops in silence a setgid bit that the user may not set.
	if now, err = f.Stat(); err == nil && (now.Mode() != info.Mode() || owner(now) != want) {
		err = fmt.Errorf("cannot keep its mode %v: it would become %v", info.Mode(), now.Mode())
	}
	return err
}

type ids struct{ uid, gid int }

func owner(info fs.FileInfo) ids {
	st := info.Sys().(*syscall.Stat_t)
	return ids{int(st.Uid), int(st.Gid)}
}

// links returns the number of names that the file has.
func links(info fs.FileInfo) uint64 {
	return uint64(info.Sys().(*syscall.Stat_t).Nlink)
}
