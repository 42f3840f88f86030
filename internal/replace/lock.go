package replace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"time"

	"github.com/gofrs/flock"
)

// lockName is the file with which a transaction locks a directory. The leading dot
// excludes it from nginx's include conf.d/*.
const lockName = ".nginx-ws-lint.lock"

// ErrBusy is the reason if another process is writing in a directory.
var ErrBusy = errors.New("another nginx-ws-lint is writing in this directory")

// lock locks a directory against other processes. With create it creates the lock's
// file, otherwise the file must exist.
func (d *directory) lock(create bool) (*flock.Flock, error) {
	created := false
	if create {
		f, err := d.open(lockName, os.O_CREATE|os.O_EXCL|os.O_RDWR)
		switch {
		case err == nil:
			created = true
			f.File.Close()
		case !errors.Is(err, fs.ErrExist):
			return nil, cannotCreate(err)
		}
	}
	lock, err := d.acquire(created)
	if err != nil && created && !errors.Is(err, ErrBusy) {
		_ = d.remove(lockName)
	}
	return lock, err
}

// acquire locks the file with a name, which this process has created or which must be
// trusted. The file is opened by its path, so it is compared with the one in the open
// directory.
func (d *directory) acquire(created bool) (*flock.Flock, error) {
	info, err := d.lstat(lockName)
	if err != nil {
		return nil, fmt.Errorf("cannot lock its directory: %w", reason(err))
	}
	if err := calling("lock", d.join(lockName)); err != nil {
		return nil, fmt.Errorf("cannot lock its directory: %w", err)
	}
	lock := flock.New(d.join(lockName), flock.SetFlag(os.O_RDWR|noFollow))
	locked, err := lock.TryLock()
	var opening *fs.PathError
	switch {
	case errors.As(err, &opening) && !errors.Is(err, fs.ErrPermission):
		return nil, cannotCreate(err)
	case err != nil: // also a file system without locks
		return nil, fmt.Errorf("cannot lock its directory: %w%s", reason(err), whose(info))
	case !locked:
		return nil, fmt.Errorf("%w%s", ErrBusy, whose(info))
	}
	// The last holder of the lock may have removed its file before we got it.
	mine, err := lock.Stat()
	if err == nil {
		if now, lstatErr := d.root.Lstat(lockName); lstatErr != nil || !os.SameFile(mine, now) {
			err = ErrBusy
		}
	}
	if err == nil && !created && ours(mine) != nil {
		err = fmt.Errorf("%s is ignored: %w; it is %s old; remove it if nobody is writing here", lockName, ours(mine), age(mine))
	}
	if err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

// whose describes the owner and age of another user's lock.
func whose(lock fs.FileInfo) string {
	uid := ownerOf(lock).uid
	if uid == os.Geteuid() || os.Geteuid() < 0 { // Windows has no such numbers
		return ""
	}
	return fmt.Sprintf("; %s belongs to %s and is %s old", lockName, userName(uid), age(lock))
}

// age returns how long a file has not been changed, for messages.
func age(info fs.FileInfo) string {
	return max(0, time.Since(info.ModTime())).Round(time.Second).String()
}

// userName names a user, for messages.
func userName(uid int) string {
	id := strconv.Itoa(uid)
	if u, err := user.LookupId(id); err == nil {
		return fmt.Sprintf("the user %s", u.Username)
	}
	return "the user with the ID " + id
}
