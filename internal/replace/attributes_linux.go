package replace

import (
	"bytes"
	"fmt"
	"strings"
	"syscall"
)

// keepAttributes gives the file named to the extended attributes of the one
// named from: its access control list, its SELinux label. One that is already
// right is not set, for setting a label needs rights that keeping it does not.
func keepAttributes(to, from string) error {
	want, is := attributes(from), attributes(to)
	for name, value := range want {
		if now, ok := is[name]; ok && bytes.Equal(now, value) {
			continue
		}
		if err := syscall.Setxattr(to, name, value, 0); err != nil {
			return fmt.Errorf("cannot keep its attribute %s: %w", name, err)
		}
	}
	for name := range is {
		if _, ok := want[name]; ok {
			continue
		}
		if err := syscall.Removexattr(to, name); err != nil {
			return fmt.Errorf("cannot keep it without the attribute %s: %w", name, err)
		}
	}
	return nil
}

// attributes returns those that can be read, but for the kernel's own seals on
// the text; a file system without any is as good as a file without any.
func attributes(path string) map[string][]byte {
	all := map[string][]byte{}
	names := make([]byte, 1<<16) // the kernel's limit, as for each value
	n, err := syscall.Listxattr(path, names)
	if err != nil {
		return all
	}
	value := make([]byte, 1<<16)
	for _, name := range strings.Split(strings.TrimSuffix(string(names[:n]), "\x00"), "\x00") {
		if name == "" || name == "security.ima" || name == "security.evm" {
			continue
		}
		if n, err := syscall.Getxattr(path, name, value); err == nil {
			all[name] = bytes.Clone(value[:n])
		}
	}
	return all
}
