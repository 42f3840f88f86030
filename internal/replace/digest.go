package replace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
)

// maxText is above the size of any text that is written here: what is larger is
// not read to the end.
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
