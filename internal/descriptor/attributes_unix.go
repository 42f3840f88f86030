//go:build unix && !linux && !aix && !solaris

package descriptor

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// CopyAttributes does nothing: only Linux's extended attributes are kept.
func CopyAttributes(_, _ *os.File) error { return nil }

// SetTime sets the modification time of an open file.
func SetTime(f *os.File, at time.Time) error {
	return unix.Futimes(int(f.Fd()), []unix.Timeval{unix.NsecToTimeval(at.UnixNano()), unix.NsecToTimeval(at.UnixNano())})
}
