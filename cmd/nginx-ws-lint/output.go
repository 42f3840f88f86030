package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// A destination is one requested report.
type destination struct {
	format string // its name
	file   string // "" for standard output
}

// destinations collects --format and --output in the order of the command line: an
// --output belongs to the --format before it. An --output before every --format
// belongs to the only report or, with --diff, to the patch.
type destinations struct {
	list  []destination
	first string // of --output, before every --format
}

type (
	formatValue struct{ *destinations }
	outputValue struct{ *destinations }
)

func (formatValue) String() string { return "" }
func (outputValue) String() string { return "" }

func (v formatValue) Set(name string) error {
	v.list = append(v.list, destination{format: name})
	return nil
}

func (v outputValue) Set(file string) error {
	given := &v.first
	if n := len(v.list); n > 0 {
		given = &v.list[n-1].file
	}
	if *given != "" {
		return fmt.Errorf("a report already goes to %s; give each --format its own --output", *given)
	}
	*given = file
	return nil
}

// destinationFlags returns --format and --output.
func destinationFlags(choices string) []cli.Flag {
	d := &destinations{}
	return []cli.Flag{
		&cli.GenericFlag{
			Name: "format", Value: formatValue{d}, DefaultText: "text; in a GitHub Action github", Category: groupOutput,
			Usage: "`FORMAT` of the report: " + choices + "; can be repeated, each with its own --output",
		},
		&cli.GenericFlag{Name: "output", Value: outputValue{d}, Category: groupOutput, Usage: "write the report of the preceding --format, or the patch, to `FILE` instead of standard output"},
	}
}

// reports returns the reports to write, and the file for the patch of --diff, or ""
// if that goes to standard output.
func reports(c *cli.Context) (all []destination, patch string, err error) {
	d := c.Generic("format").(formatValue).destinations
	all = slices.Clone(d.list)
	switch {
	case c.Bool("diff"):
		patch = d.first
		all = slices.DeleteFunc(all, func(r destination) bool { return patch == "" && r.format == "text" && r.file == "" })
	case len(all) == 0:
		all = []destination{{"text", d.first}}
		if d.first == "" && os.Getenv(inAction) == "true" {
			all[0].format = "github"
		}
	case d.first != "" && len(all) == 1 && all[0].file == "":
		all[0].file = d.first
	case d.first != "":
		return nil, "", fmt.Errorf("--output %s: must follow the --format that it belongs to", d.first)
	}
	for i, r := range all {
		all[i].file = named(r.file)
	}
	patch = named(patch)
	if c.Bool("statistics") {
		if all, err = withStatistics(c, all, patch); err != nil {
			return nil, "", err
		}
	}
	return all, patch, checkDestinations(all, patch, c.Bool("diff"))
}

// statistics is the report of --statistics, which replaces the findings.
const statistics = "statistics"

// withStatistics replaces the default report on standard output, or a text report
// there, with the statistics.
func withStatistics(c *cli.Context, all []destination, patch string) ([]destination, error) {
	if c.Bool("diff") && patch == "" {
		return nil, errors.New("--statistics: the patch already goes to standard output; write the patch to a file with --output FILE")
	}
	asked := len(c.Generic("format").(formatValue).list) > 0
	all = slices.DeleteFunc(all, func(r destination) bool { return r.file == "" && (!asked || r.format == "text") })
	return append(all, destination{format: statistics}), nil
}

// writerOf returns the function that writes a report.
func writerOf(format string) report.Format {
	if format == statistics {
		return report.Statistics
	}
	return report.Formats[format]
}

// named returns a file's name, or "" for standard output.
func named(file string) string {
	if file == "-" {
		return ""
	}
	return file
}

func checkDestinations(all []destination, patch string, diff bool) error {
	seen := make(map[string]bool)
	if diff {
		seen[patch] = true
	}
	for _, r := range all {
		if writerOf(r.format) == nil {
			return badValue("format", r.format, report.FormatNames())
		}
		switch {
		case seen[r.file] && r.file == "":
			return fmt.Errorf("--format %s: only one report can go to standard output; give this one an --output", all[0].format)
		case seen[r.file]:
			return fmt.Errorf("--output %s: given twice", r.file)
		}
		seen[r.file] = true
	}
	return nil
}

// report writes the reports, files first, because the reader of standard output may
// close it. It writes all of them and returns the first error.
func (c *command) report(res *lint.Result, stdout io.Writer) error {
	var first error
	inFilesFirst := func(a, b destination) int { return cmp.Compare(min(1, len(b.file)), min(1, len(a.file))) }
	for _, r := range slices.SortedStableFunc(slices.Values(c.reports), inFilesFirst) {
		err := output(r.file, stdout, func(w io.Writer) error {
			opt, err := c.reportOptions(r)
			if err != nil {
				return err
			}
			return writerOf(r.format)(w, res, opt)
		})
		if first == nil {
			first = err
		}
	}
	return first
}

// hosted lists the formats of code hosts, which need paths relative to the
// repository's root, wherever the command runs.
var hosted = []string{"github", "gitlab", "sarif"}

// reportOptions returns the options of a report. A GitHub Action gets no suppressed
// findings, because code scanning would show them as open alerts.
func (c *command) reportOptions(r destination) (report.Options, error) {
	disk := c.disk
	if slices.Contains(hosted, r.format) {
		disk = disk.inRepository()
	}
	opt, err := reportOptions(c.Context, disk, r.file == "")
	opt.Suppressed = os.Getenv(inAction) != "true"
	return opt, err
}

// output writes to a file, or to standard output if the name is "".
func output(file string, stdout io.Writer, write func(io.Writer) error) error {
	if file == "" {
		return write(stdout)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if err := replaceFile(file, b.Bytes()); err != nil {
		return fmt.Errorf("--output %s: %w", file, reason(err))
	}
	return nil
}
