// Command nginx-ws-lint finds what keeps WebSockets from working behind nginx,
// and writes the patch that fixes it.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// version is set when a release is built.
var version string

// The exit codes.
const (
	exitClean    = 0 // nothing at or above --fail-on
	exitFindings = 1 // findings; with --diff, also a patch
	exitTrouble  = 2 // bad flags, or something that could not be read
)

func main() {
	ignoreSIGPIPE()
	limitMemory()
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// errFindings ends a run that found something. It is not printed.
var errFindings = errors.New("findings")

// run carries out a command line and returns the exit code.
func run(args []string, stdin io.Reader, out, stderr io.Writer) int {
	written := &stdout{Writer: out}
	app := newApp(stdin, written, stderr)
	var err error
	if len(args) > 1 && args[1] == completeCommand { // its words are not our flags
		err = complete(app, args[2:], written)
	} else {
		err = app.Run(reorder(app, args))
	}
	if written.err != nil && (err == nil || errors.Is(err, errFindings)) {
		err = written.err
	}
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, syscall.EPIPE):
		return exitTrouble // the reader of our output has gone: there is nobody to print to
	}
	printError(stderr, err)
	return exitTrouble
}

// printError prints an error.
func printError(stderr io.Writer, err error) {
	fmt.Fprintf(stderr, "nginx-ws-lint: %s\n", report.Clean(strings.TrimSpace(err.Error())))
}

// versionString returns the release's tag, or the version in the build information.
func versionString() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
