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
		CustomAppHelpTemplate: appHelp,
		ExitErrHandler:        func(*cli.Context, error) {},
		Flags:                 slices.Concat(fixFlags(), outputFlags(), scopeFlags(), oldFlags()),
	}
	app.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return usageError(app, err) }
	app.Action = checkAction
	app.Commands = []*cli.Command{
		{Name: "explain", Usage: "print the page of a rule", ArgsUsage: "RULE", Action: explainAction},
		{Name: "rules", Usage: "list the rules", Flags: []cli.Flag{formatFlag("text, json")}, Action: rulesAction},
		{
			Name: "inventory", Usage: "list the proxied locations: are they meant for WebSockets, and do they work?", ArgsUsage: "[PATH...]",
			Flags:  append([]cli.Flag{formatFlag("text, json"), &cli.BoolFlag{Name: "all", Usage: "those without any sign of WebSockets too"}, colorFlag()}, scopeFlags()...),
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
		&cli.BoolFlag{Name: "quiet", Category: groupOutput, Usage: "no summary and no notes"},
		&cli.BoolFlag{Name: "statistics", Category: groupOutput, Usage: "count the findings by rule"},
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

const appHelp = `nginx-ws-lint finds what keeps WebSockets from working behind nginx, and
writes the patch that mends it.

Usage:
  nginx-ws-lint [flags] [PATH...]
  nginx-ws-lint explain RULE | rules | inventory [PATH...]
  nginx-ws-lint probe URL [flags]
  nginx-ws-lint logs FILE... [--config-path PATH]
  nginx-ws-lint config init | validate | schema
  nginx-ws-lint completion SHELL | version

A PATH is a directory, a file, or - for standard input (also what nginx -T
prints). Without one it is /etc/nginx if that is there, else the current
directory.
{{range .VisibleFlagCategories}}{{if .Name}}
{{.Name}}:
{{range .Flags}}{{flag .}}{{end}}{{end}}{{end}}
Examples:
` + helpExamples + `
Exit status: ` + exitStatus + "\n"

const helpExamples = `  nginx-ws-lint                       check /etc/nginx
  nginx-ws-lint --diff nginx/         print the patch for a tree
  nginx-ws-lint --diff nginx/ | git apply
  nginx-ws-lint --fix conf.d/app.conf
  nginx-ws-lint --format text --format sarif --output nginx.sarif nginx/
  nginx-ws-lint --fix --verify 'nginx -t' && nginx -s reload
  nginx -T | nginx-ws-lint -          check what nginx really reads
  nginx-ws-lint explain missing-upgrade-headers
  nginx-ws-lint probe wss://example.com/ws --config-path /etc/nginx
`

const exitStatus = `0 nothing found, 1 findings at or above --fail-on (with --diff:
or a patch), 2 trouble: bad flags, or a path that cannot be read.`

func init() {
	// Flags of the help, within 80 columns.
	old := cli.HelpPrinterCustom
	cli.HelpPrinterCustom = func(w io.Writer, templ string, data any, funcs map[string]any) {
		if funcs == nil {
			funcs = make(map[string]any)
		}
		funcs["flag"] = helpLine
		old(w, templ, data, funcs)
	}
}

// helpLine is one flag in the help.
func helpLine(f cli.Flag) string {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return ""
	}
	name, usage := flagUsage(doc)
	var b strings.Builder
	for i, line := range report.Wrap(usage, 50) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(&b, "  %-26s%s\n", name, line)
	}
	return b.String()
}

// flagUsage is a flag with its value, and what it does.
func flagUsage(doc cli.DocGenerationFlag) (name, usage string) {
	usage = doc.GetUsage()
	name = dashes(doc.Names()[0])
	if before, rest, ok := strings.Cut(usage, "`"); ok {
		value, after, _ := strings.Cut(rest, "`")
		name += " " + value
		usage = before + value + after
	}
	if v := doc.GetDefaultText(); v != "" && v != "false" && doc.TakesValue() {
		usage += " (" + strings.Trim(v, `"`) + ")"
	}
	return name, usage
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
