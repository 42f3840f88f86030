package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/released"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// failLevels are what config.FailLevels mean.
var failLevels = map[string]rules.Severity{"error": rules.Error, "warning": rules.Warning, "info": rules.Info, "never": rules.Error + 1}

// options reads the flags and the paths.
func (c *command) options() (lint.Options, error) {
	opt, file, err := scope(c.Context)
	if err != nil {
		return opt, err
	}
	opt.Fix, opt.UnsafeFixes = c.Bool("diff") || c.Bool("fix"), c.Bool("unsafe-fixes")
	if c.reports, c.patch, err = reports(c.Context); err != nil {
		return opt, err
	}
	level := c.String("fail-on")
	if file.FailOn != "" && !c.IsSet("fail-on") {
		level = file.FailOn
	}
	failOn, ok := failLevels[level]
	if !ok {
		return opt, badValue("fail-on", c.String("fail-on"), config.FailLevels)
	}
	if c.Bool("diff") && c.Bool("fix") {
		return opt, errors.New("--diff and --fix exclude each other: the one shows, the other writes")
	}
	if c.IsSet("verify") && !c.Bool("fix") {
		return opt, errors.New("--verify goes with --fix: it checks what was written")
	}
	c.failOn, c.settings = failOn, file
	if c.verifier, err = c.verifierOf(file); err != nil {
		return opt, err
	}
	c.disk, c.stdin, err = target(c.Context, &opt, file)
	if err != nil {
		return opt, err
	}
	if _, err = reportOptions(c.Context, c.disk, false); err != nil {
		return opt, err
	}
	return opt, c.oldFindings(&opt, file)
}

func badValue(flag, value string, choices []string) error {
	return fmt.Errorf("--%s %s: must be one of %s (see nginx-ws-lint --help)", flag, value, strings.Join(choices, ", "))
}

// jsonAsked reads the format of a command that writes text or JSON.
func jsonAsked(c *cli.Context) (bool, error) {
	switch format := c.String("format"); format {
	case "text", "json":
		return format == "json", nil
	default:
		return false, badValue("format", format, []string{"text", "json"})
	}
}

// configAt reads what --config-path names, for a command whose arguments are
// something else.
func configAt(c *cli.Context) (lint.Options, disk, error) {
	path := c.String("config-path")
	opt, file, err := scopeAt(c, dirOf(path))
	if err != nil {
		return opt, disk{}, err
	}
	d, _, err := targetOf(c, []string{path}, &opt, file)
	return opt, d, err
}

// scope reads what says what is judged, and how: flags, and the file of
// settings, which they outrank.
func scope(c *cli.Context) (lint.Options, *config.Config, error) {
	return scopeAt(c, firstDir(c))
}

// scopeAt is scope for what lies in a directory.
func scopeAt(c *cli.Context, dir string) (lint.Options, *config.Config, error) {
	file, err := settings(c, dir)
	if err != nil {
		return lint.Options{}, nil, err
	}
	opt := lint.Options{Version: file.NginxVersion, Prefixes: file.Prefix, MinReadTimeout: file.MinReadTimeout, Exclude: file.Exclude, Contexts: file.Contexts}
	if err := ruleOptions(c, &opt, file); err != nil {
		return opt, nil, err
	}
	if v := c.String("nginx-version"); v != "" {
		if opt.Version, err = released.Parse(v); err != nil {
			return opt, nil, fmt.Errorf("--nginx-version: %w", err)
		}
	}
	contexts := []string{"", "http", "server", "location"}
	if opt.Context = c.String("context"); !slices.Contains(contexts, opt.Context) {
		return opt, nil, badValue("context", opt.Context, contexts[1:])
	}
	for _, p := range c.StringSlice("prefix") {
		if !strings.HasPrefix(p, "/") {
			return opt, nil, fmt.Errorf("--prefix %s: must be an absolute path", p)
		}
		opt.Prefixes = append(opt.Prefixes, p)
	}
	return opt, file, nil
}

// ruleOptions say which rules are run, and what is made of their findings.
func ruleOptions(c *cli.Context, opt *lint.Options, file *config.Config) error {
	selected, err := rulesNamed(c.StringSlice("select"))
	if err != nil {
		return err
	}
	ignored, err := rulesNamed(c.StringSlice("ignore"))
	if err != nil {
		return err
	}
	all := file.All
	opt.Select, opt.Ignore, all.Select, all.Ignore = all.Select, slices.Concat(all.Ignore, ignored), nil, nil
	if file.Path != "" {
		opt.Overrides = append([]lint.Override{all}, file.Overrides...)
	}
	if len(selected) > 0 {
		opt.Select = selected
		for i := range opt.Overrides {
			opt.Overrides[i].Select = nil
		}
	}
	if len(ignored) > 0 && len(opt.Overrides) > 0 { // what an override selects, too
		opt.Overrides = append(opt.Overrides, lint.Override{Ignore: ignored})
	}
	return nil
}

// firstDir is the directory of the first path.
func firstDir(c *cli.Context) string {
	path := c.Args().First()
	switch {
	case path == "" && c.Args().Len() == 0:
		path = defaultPath()
	case path == "-":
		path = c.String("stdin-filename")
	}
	return dirOf(path)
}

// dirOf is a path that is a directory, or that of a file.
func dirOf(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return path
	}
	return filepath.Dir(path)
}

// target sets the file system and the paths; it reports whether they are
// standard input.
func target(c *cli.Context, opt *lint.Options, file *config.Config) (d disk, stdin bool, err error) {
	return targetOf(c, c.Args().Slice(), opt, file)
}

// targetOf is target for paths.
func targetOf(c *cli.Context, paths []string, opt *lint.Options, file *config.Config) (d disk, stdin bool, err error) {
	if d, err = openDisk(); err != nil {
		return d, false, err
	}
	d.trace.keep = c.Bool("watch")
	if err := d.place(opt, file); err != nil {
		return d, false, err
	}
	if slices.Contains(paths, "-") {
		if len(paths) > 1 {
			return d, false, errors.New("- stands for standard input and goes with no other path")
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
