package descriptor

import (
	"errors"

	"golang.org/x/sys/unix"
)

// searchOnly opens a directory only to pass through it, which does not need the right
// to list it.
const searchOnly = unix.O_SEARCH

func open(path string, flags int) (int, error) {
	fd, err := unix.Open(path, flags&^unix.O_NOFOLLOW|unix.O_NOFOLLOW_ANY, 0)
	if errors.Is(err, unix.ELOOP) {
		err = ErrLink
	}
	return fd, err
}
