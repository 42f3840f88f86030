package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
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
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Usage: "print the version"}
	cli.VersionPrinter = func(c *cli.Context) { printVersion(c.App.Writer) }
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "print this help"}
	app := &cli.App{
		Name: "nginx-ws-lint", HelpName: "nginx-ws-lint", Version: versionString(),
		Usage:  "find what keeps WebSockets from working behind nginx, and fix it",
		Writer: stdout, ErrWriter: stderr, Reader: stdin, HideHelpCommand: true,
		ExitErrHandler: func(*cli.Context, error) {},
		Flags:          slices.Concat(fixFlags(), outputFlags(), scopeFlags(), oldFlags()),
	}
	app.OnUsageError = func(c *cli.Context, err error, _ bool) error { return usageError(c, err) }
	app.Action = checkAction
	app.Commands = []*cli.Command{
		{Name: "check", Aliases: checks[1:], Usage: "check PATHs; the default command", ArgsUsage: "[PATH...]", Flags: app.Flags, Action: checkAction},
		{Name: "explain", Usage: "print the page of a rule", ArgsUsage: "RULE", Flags: []cli.Flag{formatFlag("text, json")}, Action: explainAction},
		{Name: "rules", Usage: "list the rules", Flags: []cli.Flag{formatFlag("text, json")}, Action: rulesAction},
		{
			Name: "inventory", Usage: "list the proxied locations: are they meant for WebSockets, and do they work?", ArgsUsage: "[PATH...]",
			Flags:  append([]cli.Flag{formatFlag("text, json"), &cli.BoolFlag{Name: "all", Category: groupWhat, Usage: "include locations without any sign of WebSockets"}, colorFlag()}, scopeFlags()...),
			Action: inventoryAction,
		},
		{
			Name: "deployments", Usage: "list the containers that run nginx, and what nginx reads there", ArgsUsage: "[PATH...]",
			Flags:  append([]cli.Flag{formatFlag("text, json"), colorFlag()}, scopeFlags()...),
			Action: deploymentsAction,
		},
		configCommand(),
		logsCommand(),
		lspCommand(),
		{Name: "completion", Usage: "print the completion script for a shell: bash, fish, powershell, zsh", ArgsUsage: "SHELL", Action: completionAction},
		{Name: "man", Usage: "print the man page", Hidden: true, Action: manAction},
		{
			Name: "probe", Usage: "do WebSocket handshakes with a server as browsers do, and diagnose what fails", ArgsUsage: "URL",
			Flags: append(probeFlags(), formatFlag("text, json"), colorFlag()), Action: probeAction, Description: probeDescription,
		},
		upgradeCommand(),
		{Name: "version", Usage: "print the version", Action: versionAction},
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
		&cli.BoolFlag{Name: "unsafe-fixes", Category: groupFix, Usage: "with --diff or --fix: also apply fixes that may change non-WebSocket requests"},
		&cli.StringFlag{Name: "verify", Category: groupFix, Usage: "with --fix: run `COMMAND`, such as 'nginx -t', and restore every file if it fails"},
		&cli.BoolFlag{Name: "add-ignore", Category: groupFix, Usage: "add an ignore comment above each finding; with --diff only print the patch"},
		&cli.StringFlag{Name: "reason", Category: groupFix, DefaultText: lint.IgnoreReason, Usage: "use `TEXT` as the reason in the comments of --add-ignore"},
	}
}

func outputFlags() []cli.Flag {
	return append(destinationFlags(strings.Join(report.FormatNames(), ", ")),
		&cli.StringFlag{Name: "fail-on", Value: "warning", Category: groupOutput, Usage: "exit 1 if any finding is at least `SEVERITY`: error, warning, info, never"},
		minSeverityFlag(),
		colorFlag(),
		&cli.BoolFlag{Name: "watch", Category: groupOutput, Usage: "check again whenever a file changes, until Ctrl-C"},
		&cli.BoolFlag{Name: "quiet", Category: groupOutput, Usage: "do not print the summary, notes or progress"},
		&cli.BoolFlag{Name: "statistics", Category: groupOutput, Usage: "print the number of findings of each rule instead of the findings, most frequent first"},
		&cli.BoolFlag{Name: "show-files", Category: groupOutput, Usage: "list all files that were considered and, if one was not checked, why"},
		&cli.BoolFlag{Name: "show-settings", Category: groupOutput, Usage: "print the settings that apply to the paths, and where each comes from"},
	)
}

func minSeverityFlag() cli.Flag {
	return &cli.StringFlag{Name: "min-severity", Value: "info", Category: groupOutput, Usage: "report and fix only findings that are at least `SEVERITY`: error, warning, info"}
}

// scopeFlags decide which files are read and which rules check them.
func scopeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "select", Category: groupWhat, Usage: "run only these `RULES`, separated by commas: names of rules or groups, pedantic, all"},
		&cli.StringSliceFlag{Name: "extend-select", Category: groupWhat, Usage: "run these `RULES` as well as the selected ones"},
		&cli.StringSliceFlag{Name: "ignore", Category: groupWhat, Usage: "do not run these `RULES`"},
		&cli.StringSliceFlag{Name: "exclude", Category: groupWhat, Usage: "do not check files that match `PATTERN`, as in .gitignore, relative to the current directory"},
		&cli.StringFlag{Name: "nginx-version", Category: groupWhat, Usage: "check for this `VERSION`, such as 1.26.3 or angie-1.12.1; default: that of a Dockerfile or Compose file, else all from nginx 1.18"},
		&cli.StringSliceFlag{Name: "prefix", Category: groupWhat, Usage: "absolute `DIR` where this tree is installed in production, if not /etc/nginx or another standard prefix"},
		&cli.StringFlag{Name: "context", Category: groupWhat, Usage: "read fragments in this `CONTEXT`: http, server, location"},
		&cli.StringFlag{Name: "config", Category: groupWhat, Usage: "read settings from `FILE` instead of the " + config.Name + " next to or above the first path"},
		&cli.BoolFlag{Name: "no-config", Category: groupWhat, Usage: "do not read a settings file"},
		&cli.StringFlag{Name: "stdin-filename", Category: groupWhat, Usage: "treat standard input as the file `NAME`"},
	}
}

// oldFlags decide which findings are old and not reported.
func oldFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "baseline", Category: groupOld, Usage: "do not report the findings that are in `FILE`"},
		&cli.StringFlag{Name: "write-baseline", Category: groupOld, Usage: "write all findings to `FILE`, for --baseline"},
		&cli.StringFlag{Name: "new-from-rev", Category: groupOld, Usage: "report only findings that are new since the git revision `REV`"},
	}
}

func versionAction(c *cli.Context) error {
	err := noArguments(c)
	if err == nil {
		printVersion(c.App.Writer)
	}
	return err
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
