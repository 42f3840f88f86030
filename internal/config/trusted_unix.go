//go:build unix

package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// openFlags keep a pipe from blocking us, noFollow a link from being followed.
const openFlags, noFollow = syscall.O_NONBLOCK, syscall.O_NOFOLLOW

// trusted is an error that says why someone other than the user and root may have
// written an open file, or may have put it where it is.
//
// The file is asked by its descriptor. The directories are asked from the root
// down: no one else can change an entry of one that was found in order, so the path
// goes on to mean the same.
func trusted(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := closed(info, "the file"); err != nil {
		return err
	}
	if path, err = filepath.Abs(path); err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return err
	}
	if err := closedAbove(path); err != nil {
		return err
	}
	again, err := os.OpenFile(path, os.O_RDONLY|openFlags|noFollow, 0)
	if err != nil {
		return err
	}
	defer again.Close()
	if now, err := again.Stat(); err != nil || !os.SameFile(info, now) {
		return errors.New("the file was replaced while it was being read")
	}
	return nil
}

// closedAbove asks the directories of a path. In a sticky one, such as /tmp, others
// can make entries but not replace ours: it may stand above, but not hold the file,
// for a file found there may be one that someone linked there.
func closedAbove(path string) error {
	last := filepath.Dir(path)
	for i := range len(last) + 1 {
		if i > 0 && i < len(last) && last[i] != filepath.Separator {
			continue
		}
		dir := filepath.Clean(last[:i] + string(filepath.Separator))
		info, err := os.Lstat(dir)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return fmt.Errorf("%s is no longer a directory", dir)
		}
		if info.Mode()&fs.ModeSticky != 0 && dir != last && ownerOf(info) == "" {
			continue
		}
		if err := closed(info, "the directory "+dir); err != nil {
			return err
		}
	}
	return nil
}

// closed is an error for a file or directory that others own or may write.
func closed(info fs.FileInfo, what string) error {
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok || ownerOf(info) != "":
		return fmt.Errorf("%s belongs neither to you nor to root", what)
	case info.Mode()&0o002 != 0:
		return fmt.Errorf("others can write to %s", what)
	case info.Mode()&0o020 != 0 && !ownGroup(st.Uid, st.Gid):
		return fmt.Errorf("its group can write to %s", what)
	}
	return nil
}

// ownerOf names the owner of a file by number; "" for the user and root.
func ownerOf(info fs.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	if ok && (st.Uid == 0 || int(st.Uid) == os.Getuid()) {
		return ""
	}
	if !ok {
		return "?"
	}
	return strconv.Itoa(int(st.Uid))
}

// The lists of users and groups.
var passwdFile, groupFile = "/etc/passwd", "/etc/group"

// ownGroup reports whether a group is a user's own: it has the user's name, no
// other member, and is no other user's. What the lists do not hold is not known
// to be so.
func ownGroup(uid, gid uint32) bool {
	user, users := strconv.Itoa(int(uid)), strconv.Itoa(int(gid))
	name := ""
	for _, line := range lists(passwdFile, 4) {
		switch {
		case line[2] == user && name == "":
			name = line[0]
		case line[2] != user && line[3] == users:
			return false
		}
	}
	for _, line := range lists(groupFile, 4) {
		if line[2] == users {
			return name != "" && line[0] == name && (line[3] == "" || line[3] == name)
		}
	}
	return false
}

// lists reads a file of lines with fields between colons.
func lists(path string, least int) (all [][]string) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		if parts := strings.Split(strings.TrimSpace(line), ":"); len(parts) >= least {
			all = append(all, parts)
		}
	}
	return all
}
