package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// replaceFile writes a whole file or leaves the old one. A link is replaced and not
// followed, because it can come with a pull request. A pipe or a device is written
// to.
func replaceFile(file string, text []byte) error {
	dir, err := absolute(filepath.Dir(file))
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return err
	}
	if err := staysInside(file, dir); err != nil {
		return err
	}
	mode := os.FileMode(0)
	info, err := os.Lstat(file)
	switch {
	case ofProcess(dir), err == nil && info.Mode()&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket|fs.ModeIrregular) != 0:
		return writeTo(file, info, text)
	case err == nil && info.IsDir():
		return errors.New("is a directory")
	case err == nil && info.Mode().IsRegular():
		mode = info.Mode().Perm()
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	name := filepath.Base(file)
	temp := fmt.Sprintf("%s.%d.tmp", name, os.Getpid())
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err = fill(f, text, mode); err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		_ = root.Remove(temp)
	}
	return err
}

// ofProcess reports whether a directory contains the open files of a process: links
// such as /dev/stdout, which must be followed.
func ofProcess(dir string) bool {
	return dir == "/dev" || dir == "/dev/fd" || strings.HasPrefix(dir, "/proc/")
}

// writeTo writes to a file that is not regular. If that file was replaced after the
// check, nothing is written.
func writeTo(file string, seen fs.FileInfo, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && seen != nil && seen.Mode()&fs.ModeSymlink == 0 && !os.SameFile(seen, info) {
		err = errors.New("was replaced while it was being opened")
	}
	if err == nil {
		_, err = f.Write(text)
	}
	return errors.Join(err, f.Close())
}

// staysInside returns an error in CI if a file is in the repository by its path, but
// linked directories lead out of it: a pull request may have created the links.
func staysInside(file, realDir string) error {
	if !inCI() {
		return nil
	}
	d, err := openDisk()
	if err != nil {
		return err
	}
	root := d.inRepository().current
	abs, err := absolute(file)
	if err != nil || !leadsThrough(abs, root) || within(realDir, root) {
		return err
	}
	return errors.New("a link in the path leads out of the repository")
}

// fill writes a file and closes it. A mode of 0 keeps the mode of the new file.
func fill(f *os.File, text []byte, mode os.FileMode) error {
	_, err := f.Write(text)
	if err == nil && mode != 0 {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// checkOverwrites returns an error if a report or the patch would overwrite a file that was
// read.
func (c *command) checkOverwrites(res *lint.Result) error {
	if !c.onDisk() {
		return nil
	}
	read := make(map[string]string)
	for _, f := range res.Files {
		read[c.disk.path(f.Name)] = "checked"
	}
	if path := c.settings.Path; path != "" {
		read[realName(path)] = "the settings file"
		if name := c.settings.Baseline; name != "" {
			read[realName(filepath.Join(filepath.Dir(path), filepath.FromSlash(name)))] = "the baseline"
		}
	}
	if c.old.file != "" {
		read[realName(c.old.file)] = "the baseline"
	}
	for _, r := range append([]destination{{file: c.patch}}, c.reports...) {
		if r.file == "" {
			continue
		}
		for _, path := range []string{r.file, realName(r.file)} {
			dir := filepath.Dir(path)
			if what, ok := read[filepath.Join(realName(dir), filepath.Base(path))]; ok {
				return fmt.Errorf("--output %s: would overwrite a file that is %s", r.file, what)
			}
		}
	}
	return nil
}

// realName resolves the links in a path. A path that does not exist becomes absolute.
func realName(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if abs, err := absolute(path); err == nil {
		return abs
	}
	return path
}
