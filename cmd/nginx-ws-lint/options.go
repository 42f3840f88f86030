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
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
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
	opt.Fix = (c.Bool("diff") || c.Bool("fix")) && !c.Bool("add-ignore") && !c.Bool("show-files") && !c.Bool("show-settings")
	opt.UnsafeFixes = c.Bool("unsafe-fixes")
	if c.reports, c.patch, err = reports(c.Context); err != nil {
		return opt, err
	}
	if opt.MinSeverity, err = minSeverity(c.Context); err != nil {
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
	if err := c.checkExclusive(); err != nil {
		return opt, err
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

// checkExclusive returns an error for flags that cannot be combined.
func (c *command) checkExclusive() error {
	if c.Bool("diff") && c.Bool("fix") {
		return errors.New("--diff and --fix cannot be used together: --diff only prints, --fix writes")
	}
	if c.IsSet("verify") && !c.Bool("fix") {
		return errors.New("--verify needs --fix: it checks what was written")
	}
	return c.checkAddIgnore()
}

// minSeverity reads --min-severity.
func minSeverity(c *cli.Context) (rules.Severity, error) {
	name := c.String("min-severity")
	least, ok := failLevels[name]
	if !ok || name == "never" {
		return 0, badValue("min-severity", name, config.FailLevels[:3])
	}
	if least > rules.Info && c.IsSet("write-baseline") {
		return 0, errors.New("--write-baseline records every finding; it cannot be combined with --min-severity")
	}
	return least, nil
}

func badValue(flag, value string, choices []string) error {
	if meant := spell.Name(value, choices); meant != "" {
		return fmt.Errorf("--%s %s: did you mean %s?", flag, value, meant)
	}
	return fmt.Errorf("--%s %s: must be one of %s (see nginx-ws-lint --help)", flag, value, strings.Join(choices, ", "))
}

// wantsJSON reports whether --format asks for JSON.
func wantsJSON(c *cli.Context) (bool, error) {
	switch format := c.String("format"); format {
	case "text", "json":
		return format == "json", nil
	default:
		return false, badValue("format", format, []string{"text", "json"})
	}
}

// configAt reads the configuration of --config-path, for commands whose arguments are
// not paths.
func configAt(c *cli.Context) (lint.Options, disk, error) {
	path := c.String("config-path")
	opt, file, err := scopeAt(c, dirOf(path))
	if err != nil {
		return opt, disk{}, err
	}
	d, _, err := targetOf(c, []string{path}, &opt, file)
	return opt, d, err
}

// scope reads the flags and the settings that decide what is checked and how. Flags
// overrule settings.
func scope(c *cli.Context) (lint.Options, *config.Config, error) {
	return scopeAt(c, firstDir(c))
}

// scopeAt is scope for the files of a directory.
func scopeAt(c *cli.Context, dir string) (lint.Options, *config.Config, error) {
	file, err := settings(c, dir)
	if err != nil {
		return lint.Options{}, nil, err
	}
	opt := lint.Options{OnRead: collector.grow, Version: file.NginxVersion, Prefixes: file.Prefix, MinReadTimeout: file.MinReadTimeout, Exclude: file.Exclude, Contexts: file.Contexts}
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

// ruleFlags returns the rules that the flags name.
func ruleFlags(c *cli.Context) (flags lint.Override, err error) {
	for _, f := range []struct {
		name string
		into *[]string
	}{{"select", &flags.Select}, {"extend-select", &flags.Extend}, {"ignore", &flags.Ignore}} {
		if *f.into, err = rulesNamed(c.StringSlice(f.name)); err != nil {
			return flags, err
		}
	}
	return flags, nil
}

// ruleOptions sets which rules run, and how their findings are treated.
func ruleOptions(c *cli.Context, opt *lint.Options, file *config.Config) error {
	flags, err := ruleFlags(c)
	if err != nil {
		return err
	}
	selected, extended, ignored := flags.Select, flags.Extend, flags.Ignore
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
	if len(extended) > 0 || len(ignored) > 0 && len(opt.Overrides) > 0 { // what an override selects, too
		opt.Overrides = append(opt.Overrides, lint.Override{Extend: extended, Ignore: ignored})
	}
	return nil
}

// firstDir returns the directory of the first path.
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

// dirOf returns a path if it is a directory, else the directory of the file.
func dirOf(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return path
	}
	return filepath.Dir(path)
}
