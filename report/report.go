// Package report writes the result of a run, for people and for programs.
package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Options say how a report is written.
type Options struct {
	Shown   func(name string) string // a file's name as the user knows it
	Color   bool
	Links   bool   // the terminal supports links to pages
	Width   int    // of the terminal, at least MinWidth; 0: not a terminal, one line per finding
	Version string // of nginx-ws-lint

	Suppressed bool // also write suppressed findings, if the format supports them
}

// MinWidth is the width of the narrowest supported terminal.
const MinWidth = 40

// A Format writes the findings of a run.
type Format func(w io.Writer, res *lint.Result, opt Options) error

// Formats maps names to formats.
var Formats = map[string]Format{
	"text": Text, "json": JSON, "sarif": SARIF, "github": GitHub, "gitlab": GitLab, "checkstyle": Checkstyle, "junit": JUnit, "markdown": Markdown, "rdjson": RDJSON,
}

// FormatNames returns the names of the formats, sorted.
func FormatNames() []string {
	var names []string
	for name := range Formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// suppressed returns the suppressed findings to write.
func suppressed(res *lint.Result, opt Options) []lint.Suppressed {
	if !opt.Suppressed {
		return nil
	}
	return res.Suppressed
}

// byFile groups findings by file, in the order in which the files first appear.
func byFile(findings []rules.Finding) [][]rules.Finding {
	var groups [][]rules.Finding
	index := make(map[*parser.File]int)
	for _, f := range findings {
		i, ok := index[f.Span.File]
		if !ok {
			i, groups = len(groups), append(groups, nil)
			index[f.Span.File] = i
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// noteName is the shown name of the file that a note is about, or "".
func noteName(n lint.Note, opt Options) string {
	switch {
	case n.Name != "":
		return opt.Shown(n.Name)
	case n.Span.File != nil:
		return opt.Shown(n.Span.File.Name)
	}
	return ""
}

// Note returns a note's text with the place that it is about.
func Note(n lint.Note, opt Options) string {
	place := ""
	if name := noteName(n, opt); name != "" {
		place = Clean(name) + ": "
	}
	if n.Name == "" && n.Span.File != nil {
		place = strings.TrimSuffix(place, " ") + n.Span.File.Position(n.Span.Start).String() + ": "
	}
	return place + Clean(n.Message)
}

// Counts is the number of findings of each severity.
type Counts struct{ Errors, Warnings, Infos, Fixable, Unsafe int }

// Count counts findings. Fixable ones are fixed by --fix, Unsafe ones only with
// --unsafe-fixes.
func Count(findings []rules.Finding) Counts {
	var c Counts
	for _, f := range findings {
		switch f.Severity {
		case rules.Error:
			c.Errors++
		case rules.Warning:
			c.Warnings++
		default:
			c.Infos++
		}
		if len(f.Fixes) > 0 {
			switch f.Fixes[0].Safety {
			case fixer.Safe:
				c.Fixable++
			case fixer.Unsafe:
				c.Unsafe++
			}
		}
	}
	return c
}

// Summary returns the number of findings in one line: "1 error, 2 warnings in 1 of 3
// files".
func Summary(res *lint.Result, findings []rules.Finding, chosen string) string {
	if chosen != "" {
		chosen = " of " + Clean(chosen)
	}
	c := Count(findings)
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{c.Errors, "error"}, {c.Warnings, "warning"}, {c.Infos, "info"}} {
		if p.n > 0 {
			parts = append(parts, Plural(p.n, p.noun))
		}
	}
	if len(parts) == 0 {
		return "nothing found in " + Plural(len(res.Files), "file") + chosen + silent(res)
	}
	all, with := make(map[string]bool), make(map[string]bool)
	for _, f := range res.Files {
		all[f.Name] = true
	}
	for _, f := range findings { // a finding can be in the settings file
		all[f.Span.File.Name], with[f.Span.File.Name] = true, true
	}
	where := Plural(len(all), "file")
	if len(with) < len(all) {
		where = fmt.Sprintf("%d of %s", len(with), where)
	}
	return strings.Join(parts, ", ") + " in " + where + chosen + silent(res)
}

var silencedBy = [...]string{
	lint.ByComment: "ignored by comments", lint.BySettings: "ignored by the settings",
	lint.ByBaseline: "in the baseline", lint.ByRevision: "not new",
}

// silent says how many findings are suppressed, and by what: " (2 not new)".
func silent(res *lint.Result) string {
	var counts [len(silencedBy)]int
	for _, s := range res.Suppressed {
		counts[s.By]++
	}
	var parts []string
	for by, n := range counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, silencedBy[by]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// Statistics returns the number of findings of each rule, highest first, and how many
// of them can be fixed.
func Statistics(w io.Writer, res *lint.Result, _ Options) error {
	by := make(map[string][]rules.Finding)
	for _, f := range res.Findings {
		by[f.Rule.Name] = append(by[f.Rule.Name], f)
	}
	names := slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		return cmp.Or(len(by[b])-len(by[a]), strings.Compare(a, b))
	})
	longest := 0
	for _, name := range names {
		longest = max(longest, len(name))
	}
	var b strings.Builder
	for _, name := range names {
		c := Count(by[name])
		fixed := ""
		if n := c.Fixable; n > 0 {
			fixed += fmt.Sprintf("  %d with --fix", n)
		}
		if n := c.Unsafe; n > 0 {
			fixed += fmt.Sprintf("  %d with --fix --unsafe-fixes", n)
		}
		fmt.Fprintf(&b, "%6d  %s\n", len(by[name]), strings.TrimRight(fmt.Sprintf("%-*s%s", longest, name, fixed), " "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Plural returns a number with its noun.
func Plural(n int, noun string) string {
	if n == 1 || noun == "info" {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
