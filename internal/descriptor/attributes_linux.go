package descriptor

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// CopyAttributes copies the extended attributes of an open file to another: the
// access control list and the SELinux label. It does not set an attribute that is
// already right, because setting a label needs more rights than keeping it.
func CopyAttributes(to, from *os.File) error {
	want, is := Attributes(from), Attributes(to)
	for name, value := range want {
		if now, ok := is[name]; ok && bytes.Equal(now, value) {
			continue
		}
		if err := unix.Fsetxattr(int(to.Fd()), name, value, 0); err != nil {
			return fmt.Errorf("attribute %s: %w", name, err)
		}
	}
	for name := range is {
		if _, ok := want[name]; ok {
			continue
		}
		if err := unix.Fremovexattr(int(to.Fd()), name); err != nil {
			return fmt.Errorf("absence of the attribute %s: %w", name, err)
		}
	}
	return nil
}

// Attributes returns the extended attributes that can be read, without the kernel's
// signatures of the content. A file system without attributes gives the same result
// as a file without any.
func Attributes(f *os.File) map[string][]byte {
	all := map[string][]byte{}
	names := make([]byte, 1<<16) // the kernel's limit, as for each value
	n, err := unix.Flistxattr(int(f.Fd()), names)
	if err != nil {
		return all
	}
	value := make([]byte, 1<<16)
	for _, name := range strings.Split(strings.TrimSuffix(string(names[:n]), "\x00"), "\x00") {
		if name == "" || name == "security.ima" || name == "security.evm" {
			continue
		}
		if n, err := unix.Fgetxattr(int(f.Fd()), name, value); err == nil {
			all[name] = bytes.Clone(value[:n])
		}
	}
	return all
}

// SetTime sets the modification time of an open file.
func SetTime(f *os.File, at time.Time) error {
	times := []unix.Timespec{unix.NsecToTimespec(at.UnixNano()), unix.NsecToTimespec(at.UnixNano())}
	if err := unix.UtimesNanoAt(int(f.Fd()), "", times, unix.AT_EMPTY_PATH); err == nil {
		return nil
	}
	// Kernels before 5.8 do not accept only a descriptor.
	return unix.Futimes(int(f.Fd()), []unix.Timeval{unix.NsecToTimeval(at.UnixNano()), unix.NsecToTimeval(at.UnixNano())})
}
