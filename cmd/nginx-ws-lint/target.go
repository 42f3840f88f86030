package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/glob"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// target sets the file system and the paths. It reports whether the input is standard
// input.
func target(c *cli.Context, opt *lint.Options, file *config.Config) (d disk, stdin bool, err error) {
	return targetOf(c, c.Args().Slice(), opt, file)
}

// targetOf is target for the given paths.
func targetOf(c *cli.Context, paths []string, opt *lint.Options, file *config.Config) (d disk, stdin bool, err error) {
	if d, err = openDisk(); err != nil {
		return d, false, err
	}
	d.trace.keep = c.Bool("watch")
	if err := d.place(opt, file); err != nil {
		return d, false, err
	}
	if err := excluded(c, d, opt); err != nil {
		return d, false, err
	}
	if c.String("config") == "" && !c.Bool("no-config") {
		opt.Nested = nestedSettings(c, d, file, d.later)
	}
	if slices.Contains(paths, "-") {
		if len(paths) > 1 {
			return d, false, errors.New("- means standard input and cannot be combined with other paths")
		}
		return d, true, fromStdin(c.App.Reader, &d, c.String("stdin-filename"), opt)
	}
	if len(paths) == 0 {
		d.chosen = defaultPath()
		paths = []string{d.chosen}
	}
	if len(paths) == 1 && fromDump(d.beginsAsDump(paths[0]), &d, opt) {
		return d, true, nil
	}
	opt.FS = d
	for _, p := range paths {
		name, err := d.name(p)
		if err != nil {
			return d, false, err
		}
		if err := d.staysInRepository(p); err != nil {
			return d, false, err
		}
		opt.Paths = append(opt.Paths, name)
	}
	return d, false, nil
}

// excluded reads --exclude. Its patterns are relative to the current directory.
func excluded(c *cli.Context, d disk, opt *lint.Options) error {
	all := c.StringSlice("exclude")
	if len(all) == 0 {
		return nil
	}
	for _, text := range all {
		if _, err := glob.Parse(text); err != nil {
			return fmt.Errorf("--exclude %s: %w", text, err)
		}
	}
	here, err := d.name(".")
	opt.Excluded = []lint.Patterns{{Base: here, Files: all}}
	return err
}
