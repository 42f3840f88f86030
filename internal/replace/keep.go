package replace

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/descriptor"
)

// keep gives the new file the owner, mode and extended attributes of the old one. It
// works only on open files, because another user who can write to the directory can
// replace either name. It returns an error if any of them cannot be kept.
func keep(f *file, old *os.File, info fs.FileInfo) error {
	now, err := f.Stat()
	if err != nil {
		return err
	}
	want := ownerOf(info)
	if want != ownerOf(now) {
		if err := f.Chown(want.uid, want.gid); err != nil {
			return fmt.Errorf("cannot keep its owner %d:%d: %w", want.uid, want.gid, reason(err))
		}
	}
	// After chown, which clears setuid and setgid.
	if err := f.Chmod(info.Mode()); err != nil {
		return fmt.Errorf("cannot keep its mode %v: %w", info.Mode(), reason(err))
	}
	if err := descriptor.CopyAttributes(f.File, old); err != nil {
		return fmt.Errorf("cannot keep its %w", err)
	}
	// chmod silently drops a setgid bit that the user may not set.
	if now, err = f.Stat(); err == nil && keepsMode && (now.Mode() != info.Mode() || ownerOf(now) != want) {
		err = fmt.Errorf("cannot keep its mode %v: it would become %v", info.Mode(), now.Mode())
	}
	return err
}

// An owner is the user and the group of a file.
type owner struct{ uid, gid int }
