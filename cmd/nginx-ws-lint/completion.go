package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/config"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// completeCommand is the command that the completion scripts run. Its arguments are
// the words of the command line up to the one being typed, which may be empty.
const completeCommand = "__complete"

// shells lists the shells that have a completion script.
var shells = []string{"bash", "fish", "powershell", "zsh"}

//go:embed completion
var completionScripts embed.FS

// completionAction prints the script for a shell.
func completionAction(c *cli.Context) error {
	if c.NArg() != 1 || !slices.Contains(shells, c.Args().First()) {
		return fmt.Errorf("completion needs the name of a shell: %s", strings.Join(shells, ", "))
	}
	text, err := completionScripts.ReadFile("completion/" + c.Args().First())
	if err != nil {
		return err
	}
	_, err = c.App.Writer.Write(text)
	return err
}

// A candidate is a word that the current one can be completed to.
type candidate struct{ word, about string }

// anyFile stands for file names, which the shell completes itself.
var anyFile = candidate{word: ":files"}

// complete prints the candidates for the last word, one per line: the word, a tab and
// its description.
func complete(app *cli.App, words []string, w io.Writer) error {
	if len(words) == 0 {
		return errors.New("nothing to complete")
	}
	var b strings.Builder
	for _, c := range candidates(app, words[:len(words)-1], words[len(words)-1]) {
		b.WriteString(c.word)
		if c.about != "" {
			b.WriteString("\t" + c.about)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func candidates(app *cli.App, before []string, word string) []candidate {
	command, position := commandOf(app, before)
	flags, name := app.Flags, ""
	if command != nil {
		flags, name = command.Flags, command.Name
	}
	// bash treats = as a separate word.
	if word == "=" {
		word = ""
	} else if n := len(before); n > 0 && before[n-1] == "=" {
		before = before[:n-1]
	}
	if n := len(before); n > 0 {
		if f := flagOf(flags, before[n-1]); f != nil && f.TakesValue() {
			return starting(valuesOf(name, f), word, "")
		}
	}
	if flag, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(flag, "-") {
		if f := flagOf(flags, flag); f != nil && f.TakesValue() {
			return starting(valuesOf(name, f), value, flag+"=")
		}
		return nil
	}
	if strings.HasPrefix(word, "-") {
		return starting(flagCandidates(flags), word, "")
	}
	return starting(arguments(app, command, position), word, "")
}

// commandOf returns the command among the words, or nil, and the number of its
// arguments so far.
func commandOf(app *cli.App, before []string) (command *cli.Command, arguments int) {
	flags, commands := app.Flags, app.Commands
	for i := 0; i < len(before); i++ {
		if f := flagOf(flags, before[i]); f != nil && f.TakesValue() {
			if i++; i < len(before) && before[i] == "=" {
				i++
			}
			continue
		}
		if strings.HasPrefix(before[i], "-") {
			continue
		}
		at := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(before[i]) })
		if at < 0 || arguments > 0 {
			arguments++
			continue
		}
		command = commands[at]
		flags, commands = command.Flags, command.Subcommands
	}
	return command, arguments
}

// flagOf returns the flag that a word names, or nil. A word with a value is not one.
func flagOf(flags []cli.Flag, word string) cli.DocGenerationFlag {
	for _, f := range flags {
		if doc, ok := f.(cli.DocGenerationFlag); ok && slices.ContainsFunc(f.Names(), func(n string) bool { return dashes(n) == word }) {
			return doc
		}
	}
	return nil
}

func flagCandidates(flags []cli.Flag) []candidate {
	var all []candidate
	for _, f := range append(slices.Clone(flags), cli.HelpFlag) {
		doc, ok := f.(cli.DocGenerationFlag)
		if ok {
			all = append(all, candidate{dashes(f.Names()[0]), strings.ReplaceAll(doc.GetUsage(), "`", "")})
		}
	}
	return all
}

// valuesOf returns the values of a flag, or files if it has no list of values.
func valuesOf(command string, f cli.DocGenerationFlag) []candidate {
	switch f.Names()[0] {
	case "format":
		if command == "" {
			return words(report.FormatNames())
		}
		return words([]string{"text", "json"})
	case "fail-on":
		return words(config.FailLevels)
	case "min-severity":
		return words(config.FailLevels[:3])
	case "color":
		return words([]string{"auto", "always", "never"})
	case "context":
		return words([]string{"http", "server", "location"})
	case "select", "extend-select", "ignore":
		return append(groupCandidates(), ruleCandidates()...)
	case "nginx-version", "from", "to", "verify", "reason":
		return nil
	}
	return []candidate{anyFile}
}

// arguments returns the candidates for an argument of a command, or of check, whose
// name can be omitted.
func arguments(app *cli.App, command *cli.Command, position int) []candidate {
	switch {
	case command == nil && position == 0:
		return append(commandCandidates(app.Commands), anyFile)
	case command != nil && len(command.Subcommands) > 0:
		return commandCandidates(command.Subcommands)
	case command == nil || slices.Contains([]string{"inventory", "deployments", "upgrade"}, command.Name):
		return []candidate{anyFile}
	case command.Name == "explain" && position == 0:
		return ruleCandidates()
	case command.Name == "completion" && position == 0:
		return words(shells)
	}
	return nil
}

func commandCandidates(commands []*cli.Command) []candidate {
	var all []candidate
	for _, c := range commands {
		if !c.Hidden {
			all = append(all, candidate{c.Name, c.Usage})
		}
	}
	return all
}

func ruleCandidates() []candidate {
	var all []candidate
	for _, r := range rules.All {
		all = append(all, candidate{r.Name, r.Summary})
	}
	return all
}

func groupCandidates() []candidate {
	all := []candidate{{"all", "every rule"}, {"pedantic", "the pedantic rules"}}
	for _, g := range rules.Groups {
		all = append(all, candidate{string(g), "a group of rules"})
	}
	return all
}

func words(list []string) []candidate {
	var all []candidate
	for _, w := range list {
		all = append(all, candidate{word: w})
	}
	return all
}

// starting returns the candidates that begin with word, each with the prefix. In a
// list with commas only the last item counts.
func starting(all []candidate, word, prefix string) []candidate {
	if i := strings.LastIndexByte(word, ','); i >= 0 {
		prefix, word = prefix+word[:i+1], word[i+1:]
	}
	var left []candidate
	for _, c := range all {
		switch {
		case c == anyFile:
			left = append(left, c)
		case strings.HasPrefix(c.word, word):
			left = append(left, candidate{prefix + c.word, c.about})
		}
	}
	return left
}
