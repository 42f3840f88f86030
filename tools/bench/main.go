// Command bench compares nginx-ws-lint with other programs that read the same
// configuration, on one machine at one time, because only the ratios matter. `make
// bench-compare` runs it; docs/performance.md has the result of one run.
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/benchsites"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/gonginxcheck"
)

const usage = `usage: bench compare [-sites N] [-runs N]   measure everything side by side
       bench lsp [-sites N] PROGRAM         measure the language server
       bench generate N DIR                 write a configuration of N sites
       bench floor DIR                      read every file on all cores, count the bytes
       bench gonginx DIR                    parse every file with gonginx`

func main() {
	flag.Usage = func() { fmt.Fprintln(os.Stderr, usage) }
	flag.Parse()
	if err := run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) >= 1 && args[0] == "compare":
		return compare(args[1:])
	case len(args) >= 1 && args[0] == "lsp":
		return lsp(args[1:])
	case len(args) == 3 && args[0] == "generate":
		var n int
		if _, err := fmt.Sscan(args[1], &n); err != nil || n < 1 {
			return fmt.Errorf("%s is no number of sites", args[1])
		}
		_, err := benchsites.Write(args[2], n)
		return err
	case len(args) == 2 && args[0] == "floor":
		return floor(args[1])
	case len(args) == 2 && args[0] == "gonginx":
		return gonginx(args[1])
	}
	flag.Usage()
	os.Exit(2)
	return nil
}

// files returns the configuration files below a directory.
func files(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Dir(name) != filepath.Join(dir, "logs") {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// floor is the least that any tool must do.
func floor(dir string) error {
	names, err := files(dir)
	if err != nil {
		return err
	}
	var next, total, failed atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(names); i = int(next.Add(1)) - 1 {
				src, err := os.ReadFile(names[i])
				if err != nil {
					failed.Add(1)
				}
				total.Add(int64(len(src)))
			}
		})
	}
	group.Wait()
	if failed.Load() > 0 {
		return fmt.Errorf("%d files could not be read", failed.Load())
	}
	fmt.Println(total.Load())
	return nil
}

// gonginx parses the same files one after the other, as users of gonginx do.
func gonginx(dir string) error {
	names, err := files(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err == nil {
			err = gonginxcheck.Parse(string(src))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
