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

// openFlags keep a pipe from blocking us. noFollow keeps a link from being followed.
const openFlags, noFollow = syscall.O_NONBLOCK, syscall.O_NOFOLLOW

// trusted returns an error if someone other than the user and root may have written
// an open file, or may have put it in its place.
//
// The file is checked by its descriptor. The directories are checked from the root
// down: nobody else can change an entry of a directory that passed, so the path keeps
// its meaning.
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

// closedAbove checks the directories of a path. In a sticky one, such as /tmp, others
// can create entries but not replace ours. It may be in the path, but must not
// contain the file itself, which someone else may have linked there.
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

// closed returns an error if others own, or can write to, a file or directory.
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

// ownerOf returns the number of a file's owner, or "" for the user and root.
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

// ownGroup reports whether a group belongs to one user alone: it has the user's name
// and no other member, and no other user has it. Groups that are not listed do not
// count.
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

// lists reads a file of lines with fields separated by colons.
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
