// Command sample draws findings of error and warning from many configurations,
// with -infos those of info instead, so that a human can judge them: as many of each
// rule, by a fixed seed.
//
//	go run ./tools/sample [-seed N] [-per-rule N] [-rule NAME] [-infos] [-without REGEXP] DIR [NAME...]
//
// The names are files and directories in DIR, each checked for itself; without
// any they are the first columns of DIR/INDEX.tsv and, below trees, TREES.tsv.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

var (
	seed    = flag.Uint64("seed", 1, "of the choice")
	perRule = flag.Int("per-rule", 12, "findings of each rule at most")
	infos   = flag.Bool("infos", false, "draw findings of info")
	only    = flag.String("rule", "", "this rule alone")
	without = flag.String("without", "^$", "leave out the `names` that this matches")
)

// A drawn finding is one of a sample.
type drawn struct {
	rules.Finding
	asked string // the file or directory that was checked
}

func main() {
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sample:", err)
		os.Exit(1)
	}
}

func run(dir string, names []string) error {
	if len(names) == 0 {
		var err error
		if names, err = listed(dir); err != nil {
			return err
		}
	}
	left, err := regexp.Compile(*without)
	if err != nil {
		return err
	}
	byRule := make(map[*rules.Rule][]drawn)
	seen := make(map[string]bool)
	for _, name := range names {
		if left.MatchString(name) {
			continue
		}
		res, err := lint.Run(lint.Options{FS: os.DirFS(dir), Paths: []string{name}})
		if err != nil {
			continue // no nginx configuration
		}
		for _, f := range res.Findings {
			// A text that occurs several times is judged once.
			key := f.Rule.Name + f.Message + string(f.Span.File.Src)
			if f.Severity > rules.Info != *infos && !seen[key] && (*only == "" || f.Rule.Name == *only) {
				seen[key] = true
				byRule[f.Rule] = append(byRule[f.Rule], drawn{f, name})
			}
		}
	}
	for _, r := range rules.All {
		show(r, byRule[r])
	}
	return nil
}

// listed reads the names of the tables.
func listed(dir string) (names []string, err error) {
	for table, below := range map[string]string{"INDEX.tsv": "", "TREES.tsv": "trees/"} {
		rows, err := os.ReadFile(filepath.Join(dir, table))
		if err != nil {
			return nil, err
		}
		for _, row := range strings.Split(strings.TrimSpace(string(rows)), "\n")[1:] {
			name, _, _ := strings.Cut(row, "\t")
			names = append(names, below+name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// show prints a sample of one rule's findings, with the lines around each.
func show(r *rules.Rule, all []drawn) {
	random := rand.New(rand.NewPCG(*seed, 0))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for i, d := range all[:min(len(all), *perRule)] {
		place := d.Span.File.Position(d.Span.Start)
		fmt.Printf("=== %s %d of %d: %s: %s:%s (checked: %s)\n%s\n", r.Name, i+1, len(all), d.Severity, d.Span.File.Name, place, d.asked, d.Message)
		lines := strings.Split(string(d.Span.File.Src), "\n")
		for n := max(1, place.Line-10); n <= min(len(lines), place.Line+8); n++ {
			mark := " "
			if n == place.Line {
				mark = ">"
			}
			fmt.Printf("%s %4d %.140s\n", mark, n, strings.TrimRight(lines[n-1], "\r"))
		}
		fmt.Println()
	}
}
