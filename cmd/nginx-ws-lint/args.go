package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// short maps one-letter flags to names. As in nginx, -v is the version.
var short = map[string]string{"q": "quiet", "o": "output", "f": "format", "v": "version", "V": "version"}

// long is a flag with its long name.
func long(arg string) string {
	name, value, has := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
	if full := short[name]; full != "" {
		if arg = "--" + full; has {
			arg += "=" + value
		}
	}
	return arg
}

// checks lists the words that users of other linters type for the default command.
var checks = []string{"check", "lint"}

// reorder moves flags to the front, because the cli package stops parsing them at the
// first path. It leaves what follows -- alone, and - is a path. It drops the word
// check before the paths, and turns help before a command into --help.
func reorder(app *cli.App, args []string) []string {
	if len(args) == 0 {
		return args
	}
	withValue := valueFlags(app)
	var command, flags, paths []string
	commands := app.Commands
	rest := args[1:]
	for i := 0; i < len(rest); i++ {
		arg := rest[i]
		switch {
		case arg == "--":
			paths = append(paths, rest[i+1:]...)
			i = len(rest)
		case len(arg) > 1 && arg[0] == '-':
			arg = long(arg)
			flags = append(flags, arg)
			if withValue[strings.TrimLeft(arg, "-")] && i+1 < len(rest) {
				i++
				flags = append(flags, rest[i])
			}
		case len(command)+len(paths) == 0 && commands != nil && slices.Contains(checks, arg):
			commands = nil
			if asksHelp(flags) || asksHelp(rest[i:]) {
				command = append(command, arg)
			}
		case len(command)+len(paths) == 0 && commands != nil && arg == "help":
			flags = append(flags, "--help")
		case len(paths) == 0 && commandNamed(commands, arg) != nil:
			command = append(command, arg)
			commands = commandNamed(commands, arg).Subcommands
		default:
			paths = append(paths, arg)
		}
	}
	out := slices.Concat(args[:1], command, flags)
	if len(paths) > 0 {
		out = append(append(out, "--"), paths...)
	}
	return out
}

func asksHelp(args []string) bool {
	return slices.Contains(args, "--help") || slices.Contains(args, "-h")
}

func commandNamed(commands []*cli.Command, name string) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// valueFlags returns the names of the flags that need a value.
func valueFlags(app *cli.App) map[string]bool {
	names := make(map[string]bool)
	note := func(flags []cli.Flag) {
		for _, f := range flags {
			if _, isBool := f.(*cli.BoolFlag); !isBool {
				for _, name := range f.Names() {
					names[name] = true
				}
			}
		}
	}
	note(app.Flags)
	for _, c := range allCommands(app.Commands) {
		note(c.Flags)
	}
	return names
}

// allCommands returns the commands and their subcommands.
func allCommands(commands []*cli.Command) []*cli.Command {
	var all []*cli.Command
	for _, c := range commands {
		all = append(append(all, c), allCommands(c.Subcommands)...)
	}
	return all
}

// dashes returns a flag's name as the user types it.
func dashes(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}
