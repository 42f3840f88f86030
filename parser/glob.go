package parser

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"syscall"
)

// isGlob reports whether nginx passes a name to glob(3) (strpbrk(name, "*?[") in
// ngx_conf_include).
func isGlob(name string) bool { return strings.ContainsAny(name, "*?[") }

// glob returns the names that a pattern matches, like glob(3) without flags: * and ?
// match neither a slash nor a leading dot, ** is *, and braces are ordinary. The
// order is that of bytes. list reads a directory. A directory that cannot be read
// matches nothing, as in glob(3), and the error says so. spend is called with the
// number of steps; if it reports false, nothing more is read.
func glob(fsys fs.FS, pattern string, list func(dir string) ([]fs.DirEntry, error), spend func(steps int) bool) (names []string, failed error) {
	names = []string{"."}
	for _, element := range strings.Split(pattern, "/") {
		if element == "" || element == "." {
			continue
		}
		var next []string
		for _, dir := range names {
			if !spend(stepsPerName) {
				return nil, failed
			}
			if !isGlob(element) {
				next = append(next, path.Join(dir, element))
				continue
			}
			entries, err := list(dir)
			if err != nil && (mayBeDirectory(fsys, dir) || errors.Is(err, errGone)) {
				failed = err
			}
			steps := len(entries)
			for _, e := range entries {
				if matchElement(element, e.Name(), &steps) {
					next = append(next, path.Join(dir, e.Name()))
					steps += stepsPerName
				}
				if steps > manySteps {
					if !spend(steps) {
						return nil, failed
					}
					steps = 0
				}
			}
			spend(steps)
		}
		names = next
	}
	if !isGlob(path.Base(pattern)) { // what a directory lists exists, even a dead link
		names = slices.DeleteFunc(names, func(name string) bool { return !spend(stepsPerStat) || !exists(fsys, name) })
	}
	sort.Strings(names)
	return names, failed
}

// The cost of globbing in steps. One step compares a byte.
const (
	stepsPerName = 50   // a name that is built
	stepsPerStat = 1000 // a file system call, and caching its result
	manySteps    = 1 << 20
)

// exists reports whether a file with a name exists. If that is unknown, it reports
// true, and reading the file shows why.
func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return !absent(err)
}

// absent reports whether an error says that a file does not exist.
func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// mayBeDirectory reports whether a name is, or may be, that of a directory.
func mayBeDirectory(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.IsDir() || err != nil && !absent(err)
}

// matchElement matches one path element. It only backtracks to the last star, so the
// time is at most proportional to the product of the lengths. It counts its steps.
func matchElement(pattern, name string, steps *int) bool {
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".") {
		return false
	}
	p, n := 0, 0
	star, mark := -1, 0
	for n < len(name) {
		*steps++
		if p < len(pattern) && pattern[p] == '*' {
			star, mark = p, n
			p++
			continue
		}
		if p < len(pattern) {
			if width, ok := matchByte(pattern[p:], name[n]); ok {
				p += width
				n++
				continue
			}
		}
		if star < 0 {
			return false
		}
		mark++
		p, n = star+1, mark
	}
	*steps += (len(pattern) - p) / 16
	return strings.Trim(pattern[p:], "*") == ""
}

// matchByte matches the first unit of a pattern against a byte and returns the
// unit's length.
func matchByte(pattern string, c byte) (int, bool) {
	switch pattern[0] {
	case '?':
		return 1, true
	case '[':
		if width, ok, valid := matchSet(pattern, c); valid {
			return width, ok
		}
	case '\\':
		if len(pattern) > 1 {
			return 2, pattern[1] == c
		}
	}
	return 1, pattern[0] == c
}

// matchSet matches a bracket expression such as [a-z] or [!0-9]. A bracket that is
// never closed is an ordinary character (valid is false).
func matchSet(pattern string, c byte) (width int, ok, valid bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for first := true; i < len(pattern); first = false {
		if pattern[i] == ']' && !first {
			return i + 1, ok != negated, true
		}
		low, high := pattern[i], pattern[i]
		i++
		if i+1 < len(pattern) && pattern[i] == '-' && pattern[i+1] != ']' {
			high = pattern[i+1]
			i += 2
		}
		ok = ok || low <= c && c <= high
	}
	return 0, false, false
}
