package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

const (
	helpHead = `nginx-ws-lint finds what keeps WebSockets from working behind nginx,
and writes the patch that fixes it.

Usage:
  nginx-ws-lint [flags] [PATH...]
  nginx-ws-lint inventory [PATH...] | deployments [PATH...]
  nginx-ws-lint upgrade --to VERSION [--from VERSION] [PATH...]
  nginx-ws-lint explain RULE | rules
  nginx-ws-lint probe URL [flags]
  nginx-ws-lint logs FILE... [--config-path PATH]
  nginx-ws-lint config init | validate | schema
  nginx-ws-lint completion SHELL | version

A PATH is a directory, a file, or - for standard input (also what nginx -T
prints). The default is the current directory if it or its repository has
nginx configuration, else /etc/nginx.
For help on a command: nginx-ws-lint COMMAND --help. For the man page:
nginx-ws-lint man | man -l -
`
	helpExamples = `  nginx-ws-lint                       check this repository, or /etc/nginx
  nginx-ws-lint --diff nginx/         print the patch for a tree
  nginx-ws-lint --diff nginx/ | git apply
  nginx-ws-lint --fix conf.d/app.conf
  nginx-ws-lint --watch nginx/        check again whenever something changes
  nginx-ws-lint --format text --format sarif --output nginx.sarif nginx/
  nginx-ws-lint --fix --verify 'nginx -t' && nginx -s reload
  nginx -T | nginx-ws-lint -          check the files that nginx really reads
  nginx-ws-lint explain missing-upgrade-headers
  nginx-ws-lint probe wss://example.com/ws --config-path /etc/nginx
`
	exitStatus = `0 no findings at or above --fail-on; 1 findings (with --diff:
or a patch); 2 an error, such as a bad flag or an unreadable path. With --fix
and --verify: 0 if all applicable fixes were written and accepted.`
)

func init() {
	// One style for the program and its commands, within 80 columns.
	cli.HelpPrinterCustom = func(w io.Writer, _ string, of any, _ map[string]any) {
		switch of := of.(type) {
		case *cli.App:
			fmt.Fprintf(w, "%s%s\nExamples:\n%s\nExit status: %s\n", helpHead, helpFlags(of.VisibleFlagCategories()), helpExamples, exitStatus)
		case *cli.Command:
			io.WriteString(w, commandHelp(of))
		}
	}
}

// commandHelp is the help of a command.
func commandHelp(c *cli.Command) string {
	var b strings.Builder
	first, size := utf8.DecodeRuneInString(c.Usage)
	sentence := string(unicode.ToUpper(first)) + c.Usage[size:]
	if !strings.HasSuffix(sentence, "?") {
		sentence += "."
	}
	for _, line := range report.Wrap(sentence, 76) {
		fmt.Fprintln(&b, line)
	}
	flags := helpFlags(c.VisibleFlagCategories())
	usage := c.HelpName
	if flags != "" {
		usage += " [flags]"
	}
	fmt.Fprintf(&b, "\nUsage:\n  %s\n", strings.TrimSpace(usage+" "+c.ArgsUsage))
	if len(c.VisibleCommands()) > 0 {
		b.WriteString("\nCommands:\n")
		for _, sub := range c.VisibleCommands() {
			b.WriteString(helpLine(strings.TrimSpace(sub.Name+" "+sub.ArgsUsage), sub.Usage))
		}
	}
	b.WriteString(flags)
	if c.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", c.Description)
	}
	return b.String()
}

// helpFlags are flags under the names of their groups.
func helpFlags(groups []cli.VisibleFlagCategory) string {
	var b strings.Builder
	for _, g := range groups {
		if g.Name() == "" {
			continue // --help itself
		}
		fmt.Fprintf(&b, "\n%s:\n", g.Name())
		for _, f := range g.Flags() {
			if doc, ok := f.(cli.DocGenerationFlag); ok {
				b.WriteString(helpLine(flagUsage(doc)))
			}
		}
	}
	return b.String()
}

// helpLine is a flag or a command in the help, and what it does.
func helpLine(name, usage string) string {
	var b strings.Builder
	for _, line := range report.Wrap(usage, 50) {
		fmt.Fprintf(&b, "  %-26s%s\n", name, line)
		name = ""
	}
	return b.String()
}

// flagUsage is a flag with its value, and what it does.
func flagUsage(doc cli.DocGenerationFlag) (name, usage string) {
	usage = doc.GetUsage()
	name = dashes(doc.Names()[0])
	for letter, full := range short {
		if full == doc.Names()[0] && letter != "V" {
			name = "-" + letter + ", " + name
		}
	}
	if before, rest, ok := strings.Cut(usage, "`"); ok {
		value, after, _ := strings.Cut(rest, "`")
		name += " " + value
		usage = before + value + after
	}
	if v := doc.GetDefaultText(); v != "" && v != "false" && v != "0s" && doc.TakesValue() {
		usage += " (" + strings.Trim(v, `"`) + ")"
	}
	return name, usage
}
