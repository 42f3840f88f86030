package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
)

// manAction writes the man page, with the macros that every version of man supports.
func manAction(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	m := roff{&strings.Builder{}}
	m.printf(".TH NGINX\\-WS\\-LINT 1 \"\" %s\n", quoted("nginx-ws-lint "+versionString()))
	m.section("NAME")
	m.text("nginx-ws-lint - " + c.App.Usage)
	m.section("SYNOPSIS")
	m.printf(".B nginx\\-ws\\-lint\n%s\n", escaped("[flags] [PATH...]"))
	for _, cmd := range c.App.Commands {
		if !cmd.Hidden {
			m.printf(".br\n.B nginx\\-ws\\-lint\n%s\n", escaped(strings.TrimSpace(cmd.Name+" "+cmd.ArgsUsage)))
		}
	}
	m.section("DESCRIPTION")
	m.text("A PATH is a directory, a file, or - for standard input (also what nginx -T prints). " +
		"The default is the current directory if it or its repository has nginx configuration, else /etc/nginx. Flags can come before or after the paths.")
	m.flags(c.App.Flags)
	m.section("COMMANDS")
	m.commands(c.App)
	m.section("EXIT STATUS")
	m.text(exitStatus)
	m.section("ENVIRONMENT")
	m.item("NO_COLOR", "if set and not empty: no colour and no links")
	m.item("TERM", "if dumb: no colour, no links and no progress")
	m.item("FORCE_HYPERLINK", "1: the terminal supports links, 0: it does not; otherwise only terminals that are known to support links get them")
	m.item(inAction, "true in a GitHub Action: findings are annotations unless --format is given")
	m.section("FILES")
	m.item(config.Name, "settings, next to the checked files or above them, up to the root of the repository")
	m.section("EXAMPLES")
	m.printf(".nf\n%s.fi\n", escaped(helpExamples))
	m.section("SEE ALSO")
	m.printf(".BR nginx (8)\n.PP\n")
	m.text("https://github.com/nginx-ws-lint/nginx-ws-lint")
	_, err := io.WriteString(c.App.Writer, m.String())
	return err
}

// roff builds a man page.
type roff struct{ *strings.Builder }

func (m roff) printf(format string, args ...any) { fmt.Fprintf(m, format, args...) }

func (m roff) section(name string) { m.printf(".SH %s\n", quoted(name)) }

func (m roff) text(s string) { m.printf("%s\n", escaped(s)) }

func (m roff) item(name, about string) { m.printf(".TP\n.B %s\n%s\n", escaped(name), escaped(about)) }

// inner writes a nested item.
func (m roff) inner(name, about string) {
	m.printf(".RS\n")
	m.item(name, about)
	m.printf(".RE\n")
}

// flags writes flags by category, in the order in which the categories first occur.
func (m roff) flags(flags []cli.Flag) {
	var order []string
	by := make(map[string][]cli.DocGenerationFlag)
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		category, grouped := f.(cli.CategorizableFlag)
		if !ok || !grouped {
			continue
		}
		name := cmp.Or(category.GetCategory(), "Other flags")
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
		by[name] = append(by[name], doc)
	}
	for _, name := range order {
		m.section(strings.ToUpper(name))
		for _, f := range by[name] {
			m.item(flagUsage(f))
		}
	}
}

// commands writes what each command does, and the flags that only this command has.
func (m roff) commands(app *cli.App) {
	for _, c := range app.Commands {
		if c.Hidden {
			continue
		}
		m.item(strings.TrimSpace(c.Name+" "+c.ArgsUsage), c.Usage)
		for _, f := range c.Flags {
			doc, ok := f.(cli.DocGenerationFlag)
			if ok && flagOf(app.Flags, dashes(f.Names()[0])) == nil {
				m.inner(flagUsage(doc))
			}
		}
		for _, sub := range c.Subcommands {
			m.inner(strings.TrimSpace(sub.Name+" "+sub.ArgsUsage), sub.Usage)
		}
	}
}

// quoted returns an argument of a macro.
func quoted(s string) string { return `"` + strings.ReplaceAll(escaped(s), `"`, `\(dq`) + `"` }

// escaped protects text from roff: backslashes, hyphens that mean minus signs, and
// dots at the start of a line.
func escaped(s string) string {
	s = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
