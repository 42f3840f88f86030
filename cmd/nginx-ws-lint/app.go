package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// The groups of flags in the help.
const (
	groupFix    = "Fixing"
	groupOutput = "Output"
	groupWhat   = "What is checked"
	groupOld    = "Old findings"
)

func newApp(stdin io.Reader, stdout, stderr io.Writer) *cli.App {
	// The short -v is a version elsewhere and verbose there: we have neither.
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Usage: "print the version"}
	cli.VersionPrinter = func(c *cli.Context) { printVersion(c.App.Writer) }
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "print this help"}
	app := &cli.App{
		Name: "nginx-ws-lint", HelpName: "nginx-ws-lint", Version: versionString(),
		Usage:  "find what keeps WebSockets from working behind nginx, and mend it",
		Writer: stdout, ErrWriter: stderr, Reader: stdin, HideHelpCommand: true,
		ExitErrHandler: func(*cli.Context, error) {},
		Flags:          slices.Concat(fixFlags(), outputFlags(), scopeFlags(), oldFlags()),
	}
	app.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return usageError(app, err) }
	app.Action = checkAction
	app.Commands = []*cli.Command{
		{Name: "explain", Usage: "print the page of a rule", ArgsUsage: "RULE", Action: explainAction},
		{Name: "rules", Usage: "list the rules", Flags: []cli.Flag{formatFlag("text, json")}, Action: rulesAction},
		{
			Name: "inventory", Usage: "list the proxied locations: are they meant for WebSockets, and do they work?", ArgsUsage: "[PATH...]",
			Flags:  append([]cli.Flag{formatFlag("text, json"), &cli.BoolFlag{Name: "all", Category: groupWhat, Usage: "those without any sign of WebSockets too"}, colorFlag()}, scopeFlags()...),
			Action: inventoryAction,
		},
		configCommand(),
		logsCommand(),
		{Name: "completion", Usage: "print the script that completes what is typed in a shell: bash, fish, powershell, zsh", ArgsUsage: "SHELL", Action: completionAction},
		{Name: "man", Usage: "print the man page", Hidden: true, Action: manAction},
		{
			Name: "probe", Usage: "shake hands with a server as browsers do, and say what is wrong and where", ArgsUsage: "URL",
			Flags: append(probeFlags(), formatFlag("text, json"), colorFlag()), Action: probeAction, CustomHelpTemplate: probeHelp,
		},
		{Name: "version", Usage: "print the version", Action: func(c *cli.Context) error { printVersion(c.App.Writer); return nil }},
	}
	for _, c := range allCommands(app.Commands) {
		c.OnUsageError = app.OnUsageError
		c.HideHelpCommand = true
	}
	return app
}

func formatFlag(choices string) cli.Flag {
	return &cli.StringFlag{Name: "format", Value: "text", Category: groupOutput, Usage: "`FORMAT` of the output: " + choices}
}

func colorFlag() cli.Flag {
	return &cli.StringFlag{Name: "color", Value: "auto", Category: groupOutput, Usage: "`WHEN` to use colour: auto, always, never"}
}

func fixFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "diff", Category: groupFix, Usage: "print the fixes as a unified diff, write nothing"},
		&cli.BoolFlag{Name: "fix", Category: groupFix, Usage: "apply the fixes"},
		&cli.BoolFlag{Name: "unsafe-fixes", Category: groupFix, Usage: "with --diff or --fix: those too that change plain requests"},
		&cli.StringFlag{Name: "verify", Category: groupFix, Usage: "with --fix: run `COMMAND`, such as 'nginx -t', and put every file back if it fails"},
	}
}

func outputFlags() []cli.Flag {
	return append(destinationFlags(strings.Join(report.FormatNames(), ", ")),
		&cli.StringFlag{Name: "fail-on", Value: "warning", Category: groupOutput, Usage: "exit 1 from this `SEVERITY` on: error, warning, info, never"},
		colorFlag(),
		&cli.BoolFlag{Name: "watch", Category: groupOutput, Usage: "check again whenever something changes, until ctrl-C"},
		&cli.BoolFlag{Name: "quiet", Category: groupOutput, Usage: "no summary, no notes, no progress"},
		&cli.BoolFlag{Name: "statistics", Category: groupOutput, Usage: "count the findings by rule, the most frequent first"},
	)
}

// scopeFlags say what is read and judged.
func scopeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "select", Category: groupWhat, Usage: "only these `RULES`, separated by commas: names of rules or groups, pedantic, all"},
		&cli.StringSliceFlag{Name: "ignore", Category: groupWhat, Usage: "not these `RULES`"},
		&cli.StringFlag{Name: "nginx-version", Category: groupWhat, Usage: "judge for this `VERSION`, such as 1.26.3; else a Dockerfile tells, else all from 1.18 on count"},
		&cli.StringSliceFlag{Name: "prefix", Category: groupWhat, Usage: "the absolute `DIR` at which the tree lies where it runs, if not a usual one such as /etc/nginx"},
		&cli.StringFlag{Name: "context", Category: groupWhat, Usage: "read fragments in this `CONTEXT`: http, server, location"},
		&cli.StringFlag{Name: "config", Category: groupWhat, Usage: "read settings from `FILE`, not from a " + config.Name + " beside or above the first path"},
		&cli.BoolFlag{Name: "no-config", Category: groupWhat, Usage: "read no settings from a file"},
		&cli.StringFlag{Name: "stdin-filename", Category: groupWhat, Usage: "the `NAME` under which standard input is read"},
	}
}

// oldFlags say which findings are old, and silent.
func oldFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "baseline", Category: groupOld, Usage: "be silent about the findings in `FILE`"},
		&cli.StringFlag{Name: "write-baseline", Category: groupOld, Usage: "write all findings to `FILE`, for --baseline"},
		&cli.StringFlag{Name: "new-from-rev", Category: groupOld, Usage: "be silent about what was found at the git revision `REV` as well"},
	}
}

func printVersion(w io.Writer) { fmt.Fprintf(w, "nginx-ws-lint %s\n", versionString()) }

// rulesNamed splits a list of rules and groups and checks the names.
func rulesNamed(values []string) ([]string, error) {
	var names []string
	for _, v := range values {
		for _, name := range strings.Split(v, ",") {
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			if err := rules.Known(name); err != nil {
				return nil, err
			}
			names = append(names, name)
		}
	}
	return names, nil
}
