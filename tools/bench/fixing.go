package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// fixing compares fixing a configuration with checking it, and shows that its cost grows
// no faster than the number of sites.
func (b *bench) fixing(sites int) error {
	fmt.Fprintln(b.out, "fixing\twall\tCPU\tpeak memory\ttimes the check's CPU\twall\tmemory")
	for _, n := range []int{sites, 5 * sites} {
		dir, _, err := b.generate(n)
		if err != nil {
			return err
		}
		check, err := b.measure(b.lint, "--no-config", dir)
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("%d sites: check", n), check, measure{})
		diff, err := b.measure(b.lint, "--no-config", "--diff", "--unsafe-fixes", dir)
		if err != nil {
			return err
		}
		b.row("  --diff --unsafe-fixes", diff, check)
		once := *b // it changes the files
		once.runs = 1
		copied := filepath.Join(b.dir, fmt.Sprint("fixed", n))
		if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
			return err
		}
		fix, err := once.measure(b.lint, "--no-config", "--fix", "--unsafe-fixes", copied)
		if err != nil {
			return err
		}
		b.row("  --fix --unsafe-fixes", fix, check)
	}
	fmt.Fprintln(b.out)
	return nil
}

// row prints a measure and how many times another it is, if there is one.
func (b *bench) row(name string, m, of measure) {
	fmt.Fprintf(b.out, "%s\t%s\t%s\t%.0f MB", name, ms(m.wall), ms(m.cpu), float64(m.peak)/megabyte)
	if of.cpu > 0 {
		fmt.Fprintf(b.out, "\t%.1f\t%.1f\t%.1f", over(m.cpu, of.cpu), over(m.wall, of.wall), float64(m.peak)/float64(of.peak))
	}
	fmt.Fprintln(b.out)
}
