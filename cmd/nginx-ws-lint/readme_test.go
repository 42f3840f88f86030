package main

//go:generate go test . -run Readme|RulesPage -update

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/pagetest"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var update = flag.Bool("update", false, "write the generated parts of the README again")

// TestReadme keeps the README's session and rule table true.
func TestReadme(t *testing.T) {
	pagetest.Keep(t, "../../README.md", map[string]string{
		"session: examples/02-server-headers-lost": readmeSession(t),
		"rules": ruleTable(),
	}, *update, "go generate ./cmd/...")
}

func readmeSession(t *testing.T) string {
	t.Chdir("../../examples/02-server-headers-lost")
	t.Setenv(inAction, "")
	var b strings.Builder
	b.WriteString("```console\n")
	for _, args := range []string{"broken", "--diff broken"} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"nginx-ws-lint"}, strings.Fields(args)...), nil, &out, &errs); code != exitFindings {
			t.Errorf("%s: exit %d", args, code)
		}
		fmt.Fprintf(&b, "$ nginx-ws-lint %s\n%s%s", args, out.String(), errs.String())
	}
	b.WriteString("```\n")
	return b.String()
}

// ruleTable returns the rules of each group, for the README.
func ruleTable() string {
	var b strings.Builder
	b.WriteString("| group | rules |\n|---|---|\n")
	for _, g := range rules.Groups {
		var names []string
		for _, r := range rules.All {
			if r.Group == g {
				names = append(names, fmt.Sprintf("[%s](rules/docs/%s.md)", r.Name, r.Name))
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&b, "| %s | %s |\n", g, strings.Join(names, ", "))
		}
	}
	return b.String()
}

// TestRulesPage keeps docs/rules.md true.
func TestRulesPage(t *testing.T) {
	const name = "../../docs/rules.md"
	want := rulesPage()
	got, err := os.ReadFile(name)
	if string(got) == want {
		return
	}
	if !*update {
		t.Fatalf("docs/rules.md is stale (%v); go generate ./cmd/... writes it again", err)
	}
	if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func rulesPage() string {
	var b strings.Builder
	b.WriteString("# Rules\n\nGenerated from the rules. A group's name selects its rules (`--select paths`), and so\n" +
		"does a rule's; `--ignore` takes both. The rules marked pedantic are run only where\nthey are selected, by name, group, `pedantic` or `all`. " +
		"`nginx-ws-lint explain RULE`\nprints a rule's page.\n")
	for _, g := range rules.Groups {
		titled := false
		for _, r := range rules.All {
			if r.Group != g {
				continue
			}
			if !titled {
				fmt.Fprintf(&b, "\n## %s\n\n| rule | worst | what it finds |\n|---|---|---|\n", g)
				titled = true
			}
			worst := r.Severity.String()
			if r.Pedantic {
				worst += ", pedantic"
			}
			fmt.Fprintf(&b, "| [%s](../rules/docs/%s.md) | %s | %s |\n", r.Name, r.Name, worst, r.Summary)
		}
	}
	return b.String()
}
