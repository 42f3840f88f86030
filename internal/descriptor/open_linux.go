package descriptor

import (
	"errors"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// searchOnly opens a directory only to pass through it, which does not need the right
// to list it.
const searchOnly = unix.O_PATH

// noOpenat2 is set if the kernel lacks the call: before 5.6, and in some sandboxes.
var noOpenat2 atomic.Bool

func open(path string, flags int) (int, error) {
	if noOpenat2.Load() {
		return walk(path, flags)
	}
	how := unix.OpenHow{
		Flags:   uint64(flags&^unix.O_NOFOLLOW | unix.O_LARGEFILE), // with it, O_PATH would open the link itself
		Resolve: unix.RESOLVE_NO_SYMLINKS,
	}
	fd, err := unix.Openat2(unix.AT_FDCWD, path, &how)
	switch {
	case err == nil:
		return fd, nil
	case errors.Is(err, unix.ENOSYS):
		noOpenat2.Store(true)
		return walk(path, flags)
	case errors.Is(err, unix.EPERM): // sandboxes without the call answer the same
		return walk(path, flags)
	case errors.Is(err, unix.ELOOP):
		return -1, ErrLink
	}
	return -1, err
}
