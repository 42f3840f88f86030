package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/benchsites"
)

// A bench is one measuring session.
type bench struct {
	dir  string // for what it makes
	runs int
	self string // this program
	lint string // nginx-ws-lint
	out  *tabwriter.Writer
}

// A measure is the best of several runs of one command.
type measure struct {
	wall time.Duration
	cpu  time.Duration
	peak int64 // bytes of memory
}

func compare(args []string) error {
	flags := flag.NewFlagSet("compare", flag.ExitOnError)
	n := flags.Int("sites", 10_000, "sites of the configuration")
	runs := flags.Int("runs", 5, "runs of each command; the best counts")
	if err := flags.Parse(args); err != nil {
		return err
	}
	b := &bench{runs: *runs, out: tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)}
	var err error
	if b.dir, err = os.MkdirTemp("", "nginx-ws-lint-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.lint, err = b.build("nginx-ws-lint", "./cmd/nginx-ws-lint"); err != nil {
		return err
	}
	for _, part := range []func() error{func() error { return b.large(*n) }, b.growth, func() error { return b.fixing(*n) }, b.small} {
		if err := errors.Join(part(), b.out.Flush()); err != nil {
			return err
		}
	}
	return nil
}

// build builds a program of this module, or a file, in the same way as a release.
func (b *bench) build(name, pkg string) (string, error) {
	exe := filepath.Join(b.dir, name)
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "urfave_cli_no_docs", "-ldflags", "-s -w", "-o", exe, pkg)
	cmd.Env, cmd.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	return exe, cmd.Run()
}

// measure runs a command several times. Exit code 1 means findings and is accepted.
func (b *bench) measure(name string, args ...string) (measure, error) {
	var best measure
	for i := range b.runs {
		cmd := exec.Command(name, args...)
		start := time.Now()
		err := cmd.Run()
		m := measure{wall: time.Since(start)}
		var exit *exec.ExitError
		if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
			return best, fmt.Errorf("%s %q: %w", name, args, err)
		}
		m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		m.peak = peak(cmd.ProcessState)
		if i == 0 || m.wall < best.wall {
			best = m
		}
	}
	return best, nil
}

// generate writes a configuration of n sites.
func (b *bench) generate(n int) (dir string, bytes int64, err error) {
	dir = filepath.Join(b.dir, fmt.Sprint("sites", n))
	bytes, err = benchsites.Write(dir, n)
	return dir, bytes, err
}

const megabyte = 1e6

// large compares all programs on one large configuration.
func (b *bench) large(n int) error {
	dir, bytes, err := b.generate(n)
	if err != nil {
		return err
	}
	floor, err := b.measure(b.self, "floor", dir)
	if err != nil {
		return err
	}
	us, err := b.measure(b.lint, "--no-config", dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%d sites, %.1f MB\twall\tCPU\tpeak memory\tratio\tgoal\n", n, float64(bytes)/megabyte)
	row := func(name string, m measure, ratio, goal string) {
		fmt.Fprintf(b.out, "%s\t%s\t%s\t%.0f MB\t%s\t%s\n", name, ms(m.wall), ms(m.cpu), float64(m.peak)/megabyte, ratio, goal)
	}
	row("read all files, count bytes", floor, "", "")
	row("nginx-ws-lint", us, fmt.Sprintf("%.1f times that", over(us.wall, floor.wall)), "3")
	row("  its memory", us, fmt.Sprintf("%.1f times the bytes", float64(us.peak)/float64(bytes)), "6")
	for _, other := range b.others(dir) {
		slow := *b // the others take seconds: one run is enough
		slow.runs = 1
		m, err := slow.measure(other.args[0], other.args[1:]...)
		if err != nil {
			fmt.Fprintf(b.out, "%s\tnot measured: %v\n", other.name, err)
			continue
		}
		row(other.name, m, fmt.Sprintf("we are %.1f times as fast", over(m.wall, us.wall)), other.goal)
	}
	fmt.Fprintln(b.out)
	return nil
}

type other struct {
	name, goal string
	args       []string
}

// others returns the other programs on this machine that read a configuration.
func (b *bench) others(dir string) []other {
	all := []other{{"gonginx, a bare parse", "6", []string{b.self, "gonginx", dir}}}
	if nginx := installed(); nginx != "" {
		all = append(all, other{filepath.Base(nginx) + " -t", "50", []string{nginx, "-t", "-q", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-e", "stderr"}})
	}
	if linter, err := exec.LookPath("nginx-linter"); err == nil {
		all = append(all, other{"nginx-linter (npm)", "", []string{linter, "--include", filepath.Join(dir, "sites-enabled", "*.conf"), "--no-follow-includes"}})
	}
	return all
}

// installed returns the nginx to measure: one that `make nginx` fetched, or the
// system's.
func installed() string {
	found, _ := filepath.Glob(filepath.Join(os.Getenv("NGINX_WS_LINT_NGINX"), "bin", "nginx-1.26*"))
	if len(found) > 0 {
		return found[0]
	}
	path, err := exec.LookPath("nginx")
	if err != nil {
		return ""
	}
	return path
}

// growth shows that time and memory grow no faster than the configuration.
func (b *bench) growth() error {
	fmt.Fprintln(b.out, "nginx-ws-lint as sites grow\twall\tCPU\tpeak memory\tCPU per MB\tmemory per MB")
	for _, n := range []int{1_000, 10_000, 50_000} {
		dir, bytes, err := b.generate(n)
		if err != nil {
			return err
		}
		m, err := b.measure(b.lint, "--no-config", dir)
		if err != nil {
			return err
		}
		mb := float64(bytes) / megabyte
		fmt.Fprintf(b.out, "%d sites, %.1f MB\t%s\t%s\t%.0f MB\t%.2f ms\t%.1f MB\n",
			n, mb, ms(m.wall), ms(m.cpu), float64(m.peak)/megabyte, float64(m.cpu.Microseconds())/1000/mb, float64(m.peak)/megabyte/mb)
	}
	fmt.Fprintln(b.out)
	return nil
}

// small measures how long a commit waits: for one file, most of that is the start of
// the process.
func (b *bench) small() error {
	source := filepath.Join(b.dir, "empty.go")
	config := filepath.Join(b.dir, "site.conf")
	err := errors.Join(os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644),
		os.WriteFile(config, []byte("server {\n    listen 80;\n    location /ws {\n        proxy_pass http://127.0.0.1:3000;\n    }\n}\n"), 0o644))
	if err != nil {
		return err
	}
	empty, err := b.build("empty", source)
	if err != nil {
		return err
	}
	b.runs = max(b.runs, 100)
	floor, err := b.measure(empty)
	if err != nil {
		return err
	}
	us, err := b.measure(b.lint, "--no-config", config)
	if err != nil {
		return err
	}
	fmt.Fprintln(b.out, "one small file\twall\tCPU\tpeak memory\tratio\tgoal")
	fmt.Fprintf(b.out, "a Go program that does nothing\t%s\t%s\t%.0f MB\n", ms(floor.wall), ms(floor.cpu), float64(floor.peak)/megabyte)
	fmt.Fprintf(b.out, "nginx-ws-lint\t%s\t%s\t%.0f MB\t%.1f times that\t2\n", ms(us.wall), ms(us.cpu), float64(us.peak)/megabyte, over(us.wall, floor.wall))
	return nil
}

func over(a, b time.Duration) float64 { return float64(a) / float64(b) }

func ms(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
