// Package fuzzseeds provides seeds for fuzz tests: the goldens and the examples,
// which have realistic structures. A tree is one text, a txtar archive, so that a
// fuzzer can change its files, their names and their number at once.
package fuzzseeds

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// escapes represent bytes that a text file of ours should not contain.
var escapes = strings.NewReplacer("<CR>", "\r", "<BOM>", "\xef\xbb\xbf", "<LATIN1>", "\xe9", "<NO NEWLINE>\n", "")

// Decode replaces the escapes in an archive.
func Decode(data []byte) []byte { return []byte(escapes.Replace(string(data))) }

// Trees returns the goldens and the broken trees of the examples as archives. With
// -short, as under the race detector, it returns every fourth golden.
func Trees(tb testing.TB) [][]byte {
	tb.Helper()
	root := moduleRoot(tb)
	names, err := filepath.Glob(filepath.Join(root, "lint/testdata/golden/*.txtar"))
	if err != nil || len(names) == 0 {
		tb.Fatal("no goldens", err)
	}
	var all [][]byte
	for i, name := range names {
		if testing.Short() && i%4 > 0 {
			continue
		}
		a, err := txtar.ParseFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		var kept []txtar.File
		for _, f := range a.Files {
			if !strings.HasPrefix(f.Name, "want/") {
				kept = append(kept, txtar.File{Name: f.Name, Data: Decode(f.Data)})
			}
		}
		all = append(all, txtar.Format(&txtar.Archive{Files: kept}))
	}
	examples, _ := filepath.Glob(filepath.Join(root, "examples/*/broken"))
	for _, dir := range examples {
		all = append(all, archive(tb, dir))
	}
	return all
}

// archive returns a directory as an archive.
func archive(tb testing.TB, dir string) []byte {
	a := &txtar.Archive{}
	err := filepath.WalkDir(dir, func(place string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, place)
		if target, err := os.Readlink(place); err == nil {
			a.Files = append(a.Files, txtar.File{Name: filepath.ToSlash(name) + " -> " + target})
			return nil
		}
		text, err := os.ReadFile(place)
		a.Files = append(a.Files, txtar.File{Name: filepath.ToSlash(name), Data: text})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return txtar.Format(a)
}

// Files returns the texts of the files in all trees, without duplicates.
func Files(tb testing.TB) [][]byte {
	tb.Helper()
	var all [][]byte
	seen := make(map[string]bool)
	for _, tree := range Trees(tb) {
		for _, f := range txtar.Parse(tree).Files {
			if !seen[string(f.Data)] {
				seen[string(f.Data)] = true
				all = append(all, f.Data)
			}
		}
	}
	return all
}

// header matches the line that begins a file in an archive.
var header = regexp.MustCompile(`^-- (.+) --\r?\n?$`)

// Unpack returns the tree in an archive. "NAME -> TARGET" is a symbolic link. It
// leaves out what no file system can contain, such as a file in a file, and links to
// links.
func Unpack(tree []byte) fstest.MapFS {
	fsys := fstest.MapFS{}
	var file *fstest.MapFile
	for line := range bytes.Lines(tree) { // txtar.Parse panics at "-- --"
		m := header.FindSubmatch(line)
		if m == nil {
			if file != nil {
				file.Data = append(file.Data, line...)
			}
			continue
		}
		file = &fstest.MapFile{Mode: 0o644}
		name, target, isLink := strings.Cut(string(m[1]), " -> ")
		if isLink {
			file.Data, file.Mode = []byte(target), 0o777|fs.ModeSymlink
		}
		if fs.ValidPath(name) && name != "." && !inAFile(fsys, name) {
			fsys[name] = file
		}
		if isLink {
			file = nil
		}
	}
	all := maps.Clone(fsys)
	maps.DeleteFunc(fsys, func(name string, file *fstest.MapFile) bool {
		return file.Mode&fs.ModeSymlink != 0 && throughLink(all, path.Join(path.Dir(name), string(file.Data)))
	})
	return fsys
}

// throughLink reports whether a link to a target would lead to another link. MapFS
// would follow a loop of links forever.
func throughLink(fsys fstest.MapFS, target string) bool {
	for name, file := range fsys {
		if file.Mode&fs.ModeSymlink != 0 && (name == target || strings.HasPrefix(target, name+"/")) {
			return true
		}
	}
	return false
}

// inAFile reports whether a name is that of a directory of the tree, or lies below a
// file.
func inAFile(fsys fstest.MapFS, name string) bool {
	for other := range fsys {
		if strings.HasPrefix(name, other+"/") || strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}

// moduleRoot returns the directory of go.mod.
func moduleRoot(tb testing.TB) string {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	tb.Fatal("no go.mod above the test", err)
	return ""
}
