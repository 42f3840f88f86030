package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// Each command has a help, in one style and within 80 columns.
func TestHelp(t *testing.T) {
	commands := []string{""}
	for _, c := range newApp(nil, nil, nil).Commands {
		commands = append(commands, c.Name)
		for _, sub := range c.Subcommands {
			commands = append(commands, c.Name+" "+sub.Name)
		}
	}
	for _, command := range commands {
		var out, errs bytes.Buffer
		if code := run(append(append([]string{"nginx-ws-lint"}, strings.Fields(command)...), "--help"), nil, &out, &errs); code != exitClean || errs.Len() > 0 {
			t.Errorf("%s: exit %d, %s", command, code, &errs)
		}
		if want := "\nUsage:\n  " + strings.TrimSpace("nginx-ws-lint "+command); !strings.Contains(out.String(), want) {
			t.Errorf("%s: no %q in\n%s", command, want, &out)
		}
		if strings.Contains(out.String(), "NAME:") || strings.Contains(out.String(), "OPTIONS") || strings.Contains(out.String(), "`") {
			t.Errorf("%s: another style:\n%s", command, &out)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 || strings.HasSuffix(line, " \n") {
				t.Errorf("%s: %d columns: %q", command, n, line)
			}
		}
	}
}
