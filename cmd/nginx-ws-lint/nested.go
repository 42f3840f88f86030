package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// foundSettings collects the settings that are found during discovery.
type foundSettings struct {
	files []*config.Config // of directories with their own settings
}

// nestedSettings returns a function that reads the settings of a directory below that
// of the run's settings. Only the nearest file applies to a checked file, but
// settings of a whole run come from the run's own file.
func nestedSettings(c *cli.Context, d disk, run *config.Config, seen *foundSettings) func(string) (*lint.Nested, error) {
	return func(dir string) (*lint.Nested, error) {
		path, err := config.In(d.path(dir))
		if path == "" || err != nil || run.Path != "" && realName(run.Path) == path {
			return nil, err
		}
		file, err := config.Found(path)
		if err != nil {
			return nil, err
		}
		if file.Source.Name, err = d.name(path); err != nil {
			return nil, err
		}
		d.trace.open(file.Source.Name)
		if !slices.ContainsFunc(seen.files, func(f *config.Config) bool { return f.Path == path }) {
			seen.files = append(seen.files, file)
		}
		n := &lint.Nested{Base: dir, Exclude: file.Exclude, Contexts: file.Contexts}
		n.Overrides, err = nestedOverrides(c, file)
		return n, err
	}
}

// nestedOverrides returns the overrides of a directory's settings: those for all its
// files, those for some files, and the flags.
func nestedOverrides(c *cli.Context, file *config.Config) ([]lint.Override, error) {
	all := append([]lint.Override{file.All}, file.Overrides...)
	if len(all[0].Select) == 0 { // not what the settings above select
		usual, err := rules.Select(nil, nil)
		if err != nil {
			return nil, err
		}
		for _, r := range usual {
			all[0].Select = append(all[0].Select, r.Name)
		}
	}
	flags, err := ruleFlags(c)
	if err != nil {
		return nil, err
	}
	if len(flags.Select) > 0 {
		all[0].Select = flags.Select
		for i := range all[1:] {
			all[i+1].Select = nil
		}
	}
	return append(all, lint.Override{Extend: flags.Extend, Ignore: flags.Ignore}), nil
}

// runKeys returns the keys of a file that apply to a whole run.
func runKeys(file *config.Config) []string {
	var keys []string
	for _, k := range []struct {
		name string
		set  bool
	}{
		{"nginx_version", !file.NginxVersion.IsZero()}, {"prefix", len(file.Prefix) > 0}, {"fail_on", file.FailOn != ""},
		{"min_read_timeout", file.MinReadTimeout > 0}, {"baseline", file.Baseline != ""}, {"verify", file.Verify != ""},
	} {
		if k.set {
			keys = append(keys, k.name)
		}
	}
	return keys
}

// nestedNotes adds notes about keys that have no effect in nested settings.
func (c *command) nestedNotes(res *lint.Result) {
	for _, file := range c.disk.later.files {
		if keys := runKeys(file); len(keys) > 0 {
			res.Notes = append(res.Notes, lint.Note{
				Name:    file.Source.Name,
				Message: fmt.Sprintf("%s applies to a whole run and is not read from settings in a directory below; check that directory by itself, or use a flag", strings.Join(keys, ", ")),
			})
		}
	}
}
