package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/unsaved"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// stdinName is the name of standard input in messages.
const stdinName = "<stdin>"

// fromStdin sets the options for the contents of standard input: a dump of nginx -T
// with all its files, or one file. With --stdin-filename it replaces that file in the
// tree on disk.
func fromStdin(in io.Reader, d *disk, name string, opt *lint.Options) error {
	src, err := io.ReadAll(io.LimitReader(in, parser.MaxFileSize+1))
	if err != nil {
		return fmt.Errorf("cannot read standard input: %w", err)
	}
	if len(src) > parser.MaxFileSize {
		return fmt.Errorf("standard input: larger than %d MiB", parser.MaxFileSize>>20)
	}
	if name == "" && len(bytes.TrimSpace(src)) == 0 {
		return errors.New("standard input is empty; if nginx -T should have written to it, run that alone, as root, to see its error")
	}
	if fromDump(src, d, opt) {
		return nil
	}
	if name == "" {
		opt.FS, opt.Paths = fstest.MapFS{stdinName: {Data: src, Mode: 0o644}}, []string{stdinName}
		opt.Base, opt.Nested, opt.Excluded = "", nil, nil
		d.root, d.current = ".", "."
		return nil
	}
	place, err := d.name(name)
	if err != nil {
		return err
	}
	opt.FS, opt.Paths = unsaved.FS{FS: *d, Contents: map[string][]byte{place: src}}, []string{place}
	return nil
}

// fromDump sets the options for the files of a dump of nginx -T. It reports false if
// the text is not a dump.
func fromDump(src []byte, d *disk, opt *lint.Options) bool {
	fsys, ok := lint.ReadDump(src)
	if ok {
		opt.FS, opt.Paths, opt.Base, opt.Complete = fsys, []string{"."}, "", true
		opt.Nested, opt.Excluded = nil, nil
		d.current = ""
		if v := lint.DumpVersion(src); opt.Version.IsZero() && !v.IsZero() {
			opt.Version, opt.VersionFrom = v, "nginx -V"
		}
	}
	return ok
}

// beginsAsDump returns the text of a file that begins like a dump of nginx -T, else
// nil. Errors in reading the file are reported elsewhere.
func (d disk) beginsAsDump(path string) []byte {
	name, err := d.name(path)
	if err != nil {
		return nil
	}
	src, err := parser.ReadRegular(d, name, parser.MaxFileSize)
	if err != nil || !bytes.Contains(src[:min(len(src), 4096)], []byte("# configuration file /")) {
		return nil
	}
	return src
}

// printFixed prints the text of standard input with the fixes applied.
func (c *command) printFixed(res *lint.Result) error {
	if len(res.Configs) != 1 || len(res.Files) > 1 && c.String("stdin-filename") == "" {
		return errors.New("--fix cannot write back a dump of several files; --diff prints the patch")
	}
	text := res.Configs[0].Files[0].Src
	for _, f := range res.Files {
		if f.Name == strings.TrimPrefix(filepath.ToSlash(c.String("stdin-filename")), "/") {
			text = f.Src
		}
	}
	for _, p := range res.Patches {
		text = p.New
	}
	_, err := c.App.Writer.Write(text)
	return err
}
