package lint

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// dumpMark precedes each file in the output of nginx -T (ngx_dump_config in
// src/core/nginx.c).
const dumpMark = "# configuration file "

// ReadDump splits the output of nginx -T. The files have their absolute names in the
// file system. It reports false if the text is not a dump.
func ReadDump(src []byte) (fsys fs.FS, ok bool) {
	files := fstest.MapFS{}
	var name string
	var text []byte
	keep := func() {
		if name != "" {
			// nginx adds a line feed to each file.
			files[name] = &fstest.MapFile{Data: bytes.TrimSuffix(text, []byte("\n")), Mode: 0o644}
		}
	}
	for line := range bytes.Lines(src) {
		if next, found := dumpedName(line); found {
			keep()
			name, text = next, nil
			continue
		}
		if name == "" && !preamble(line) {
			return nil, false
		}
		text = append(text, line...)
	}
	keep()
	return files, name != ""
}

// dumpedName returns the name in a line that precedes a file.
func dumpedName(line []byte) (string, bool) {
	rest, ok := strings.CutPrefix(strings.TrimRight(string(line), "\r\n"), dumpMark)
	if !ok || !strings.HasSuffix(rest, ":") || !path.IsAbs(rest) {
		return "", false
	}
	name := strings.TrimPrefix(path.Clean(strings.TrimSuffix(rest, ":")), "/")
	return name, fs.ValidPath(name) && name != "."
}

// preambles are the beginnings of lines that may precede the first file: nginx -T prints
// "syntax is ok" to standard error, which is often redirected to the same file, and so
// is the output of nginx -V.
var preambles = []string{"nginx: ", "angie: ", "built ", "TLS SNI support", "configure arguments:"}

func preamble(line []byte) bool {
	text := strings.TrimSpace(string(line))
	return text == "" || strings.Contains(text, "[warn]") || strings.Contains(text, versionMark) ||
		slices.ContainsFunc(preambles, func(p string) bool { return strings.HasPrefix(text, p) })
}

// versionMark is in the first line of nginx -v and -V.
const versionMark = " version: "

// DumpVersion returns the version that the output of nginx -V before a dump names, or
// none. Tengine prints its own before that of nginx.
func DumpVersion(src []byte) parser.Version {
	for line := range bytes.Lines(src) {
		if _, found := dumpedName(line); found {
			break
		}
		if v, err := parser.ParseVersion(string(line)); err == nil && bytes.Contains(line, []byte(versionMark)) {
			return v
		}
	}
	return parser.Version{}
}
