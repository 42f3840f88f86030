package main

import (
	"context"
	"os/exec"
	"runtime"
	"time"
)

// maxShellOutput limits how much of a command's output is kept. The end of it
// explains a failure.
const maxShellOutput = 64 << 10

// runShell runs a command in the shell and returns the end of its output. The command
// is the user's own and contains nothing from a configuration. When the context ends,
// the command is killed with all processes that it started.
func runShell(ctx context.Context, command string) (output string, err error) {
	shell, flag := "/bin/sh", "-c" // as system(3) does, even without a PATH
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	cmd := exec.CommandContext(ctx, shell, flag, command)
	var out tail
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second // a grandchild may keep the output open
	ownGroup(cmd)
	err = cmd.Run()
	return string(out), err
}

// A tail keeps the last bytes that were written to it.
type tail []byte

func (t *tail) Write(b []byte) (int, error) {
	*t = append(*t, b...)
	if len(*t) > 2*maxShellOutput {
		*t = append((*t)[:0], (*t)[len(*t)-maxShellOutput:]...)
	}
	return len(b), nil
}
