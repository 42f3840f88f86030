package replace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
)

// maxText is above the size of any text that is written here. A larger file is not
// read completely.
const maxText = 256 << 20

// digest returns the SHA-256 of a text.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// digest returns the SHA-256 of a regular file.
func (d *directory) digest(name string) (string, error) {
	f, _, err := d.openRegular(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(f, maxText+1))
	if err == nil && n > maxText {
		err = errors.New("too large")
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}

// putBack restores an old file. It must be the file that the journal describes, with
// that text and with the owner and mode of the new file, which were copied from it.
func (d *directory) putBack(e entry) error {
	old, err := d.digest(e.Backup)
	if err != nil {
		return err
	}
	backup, err1 := d.lstat(e.Backup)
	now, err2 := d.lstat(e.Name)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if old != e.Old || ownerOf(backup) != ownerOf(now) || backup.Mode() != now.Mode() {
		return errors.New("its backup is not the file that was replaced")
	}
	return d.rename(e.Backup, e.Name)
}
