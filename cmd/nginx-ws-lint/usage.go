package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
)

// elsewhere maps flags of other linters to their equivalents here.
var elsewhere = map[string]string{
	"json": "--format json", "sarif": "--format sarif", "severity": "--min-severity", "exit-zero": "--fail-on never", "exit-code": "--fail-on",
	"dry-run": "--diff", "no-color": "--color never", "no-colour": "--color never", "colour": "--color", "verbose": "--show-files or --show-settings",
	"silent": "--quiet", "stats": "--statistics", "unsafe": "--unsafe-fixes", "add-noqa": "--add-ignore", "output-format": "--format",
	"output-file": "--output", "disable": "--ignore", "enable": "--select", "extend-ignore": "--ignore", "list-files": "--show-files",
}

var wrongValue = lazyregexp.New(`^invalid (?:boolean )?value "((?:[^"\\]|\\.)*)" for (?:flag )?-?([\w-]+): (.*)$`)

// usageError rewrites an error about the command line.
func usageError(c *cli.Context, err error) error {
	name := "nginx-ws-lint"
	flags := c.App.Flags
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name, flags = name+" "+c.Command.Name, c.Command.Flags
	}
	msg := err.Error()
	if given, ok := strings.CutPrefix(msg, "flag provided but not defined: -"); ok {
		msg = unknownFlag(strings.TrimPrefix(given, "-"), flags)
	} else if m := wrongValue().FindStringSubmatch(msg); m != nil {
		msg = badFlagValue(m, flags)
	}
	return fmt.Errorf("%s (see %s --help)", msg, name)
}

// unknownFlag reports an unknown flag and suggests a similar one.
func unknownFlag(given string, flags []cli.Flag) string {
	var names []string
	for _, f := range flags {
		names = append(names, f.Names()...)
	}
	msg := "unknown flag " + dashes(given)
	flag, value, spaced := strings.Cut(given, " ")
	longer := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, given+"-") || strings.HasSuffix(n, "-"+given) })
	switch meant := spell.Name(given, names); {
	case spaced && slices.Contains(names, flag):
		return fmt.Sprintf("%s; give a flag and its value as two arguments, or with =: --%s=%s", msg, flag, value)
	case elsewhere[given] != "":
		return fmt.Sprintf("%s; did you mean %s?", msg, elsewhere[given])
	case longer >= 0:
		return fmt.Sprintf("%s; did you mean %s?", msg, dashes(names[longer]))
	case meant != "":
		return fmt.Sprintf("%s; did you mean %s?", msg, dashes(meant))
	}
	return msg
}

// badFlagValue explains what is wrong with a flag's value.
func badFlagValue(m []string, flags []cli.Flag) string {
	value, name, why := m[1], m[2], m[3]
	i := slices.IndexFunc(flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
	if i < 0 {
		return fmt.Sprintf("--%s %s: %s", name, value, why)
	}
	switch flags[i].(type) {
	case *cli.DurationFlag:
		why = "must be a time with a unit, such as 75s or 5m"
	case *cli.IntFlag:
		why = "must be a whole number"
	case *cli.BoolFlag:
		why = "accepts no value"
	}
	return fmt.Sprintf("--%s %s: %s", name, value, why)
}

// noArguments returns an error if a command without arguments got some.
func noArguments(c *cli.Context) error {
	if c.NArg() == 0 {
		return nil
	}
	return errors.New(c.Command.Name + " accepts no arguments")
}
