package main

import (
	"errors"
	"flag"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lsp"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// lspCommand returns the command that editors run.
func lspCommand() *cli.Command {
	flags := append(scopeFlags(), minSeverityFlag(), &cli.BoolFlag{Name: "stdio", Usage: "communicate over standard input and output, which is the default"})
	return &cli.Command{
		Name: "lsp", Usage: "run the language server for editors, on standard input and output", ArgsUsage: " ", Flags: flags, Action: lspAction,
	}
}

// lspAction serves an editor until it ends the session.
func lspAction(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	d, err := openDisk()
	if err != nil {
		return err
	}
	collector.forServer()
	return lsp.Serve(c.App.Reader, c.App.Writer, lsp.Host{
		Options: func(path string, s lsp.Settings) (lint.Options, error) { return editorOptions(c, path, s) },
		Name:    d.name, Path: d.path, Version: versionString(),
	})
}

// editorOptions returns the options of a check of a path. The settings of the editor
// overrule the flags of the server, as if they were given instead.
func editorOptions(parent *cli.Context, path string, s lsp.Settings) (opt lint.Options, err error) {
	set := flag.NewFlagSet(parent.Command.Name, flag.ContinueOnError)
	for _, f := range parent.Command.Flags {
		err = errors.Join(err, f.Apply(set))
		if name := f.Names()[0]; parent.IsSet(name) {
			err = errors.Join(err, set.Set(name, flagValue(parent, name)))
		}
	}
	for _, f := range []struct{ name, value string }{
		{"nginx-version", s.NginxVersion}, {"min-severity", s.MinSeverity}, {"select", strings.Join(s.Select, ",")},
		{"extend-select", strings.Join(s.ExtendSelect, ",")}, {"ignore", strings.Join(s.Ignore, ",")},
	} {
		if f.value != "" {
			err = errors.Join(err, set.Set(f.name, f.value))
		}
	}
	if err != nil {
		return opt, err
	}
	c := cli.NewContext(parent.App, set, parent)
	opt, file, err := scopeAt(c, dirOf(path))
	if err != nil {
		return opt, err
	}
	if opt.MinSeverity, err = minSeverity(c); err != nil {
		return opt, err
	}
	opt.OnRead = nil // the collector's limit is for a single run
	_, _, err = targetOf(c, []string{path}, &opt, file)
	return opt, err
}

// flagValue returns the value of a flag as a command line has it.
func flagValue(c *cli.Context, name string) string {
	if values := c.StringSlice(name); len(values) > 0 {
		return strings.Join(values, ",")
	}
	return c.String(name)
}
