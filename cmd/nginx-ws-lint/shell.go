package main

import (
	"context"
	"os/exec"
	"runtime"
	"time"
)

// maxShellOutput bounds what is kept of a command's output: its end tells why it
// failed.
const maxShellOutput = 64 << 10

// runShell runs a command as the shell does and returns the end of what it
// printed. The command is the user's own; nothing of a configuration goes into
// it. When the context ends it is killed, with all that it started.
func runShell(ctx context.Context, command string) (output string, err error) {
	shell, flag := "/bin/sh", "-c" // as system(3), also without a PATH
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	cmd := exec.CommandContext(ctx, shell, flag, command)
	var out tail
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second // for a grandchild that keeps the output open
	ownGroup(cmd)
	err = cmd.Run()
	return string(out), err
}

// A tail keeps the last bytes written to it.
type tail []byte

func (t *tail) Write(b []byte) (int, error) {
	*t = append(*t, b...)
	if len(*t) > 2*maxShellOutput {
		*t = append((*t)[:0], (*t)[len(*t)-maxShellOutput:]...)
	}
	return len(b), nil
}
