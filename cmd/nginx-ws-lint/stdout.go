package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// A stdout is standard output that remembers its first write error. Code that prints
// help or a version does not check for errors, and a truncated report must not exit
// with 0.
type stdout struct {
	io.Writer
	err error
}

func (s *stdout) Write(text []byte) (int, error) {
	n, err := s.Writer.Write(text)
	if err != nil {
		err = fmt.Errorf("cannot write to standard output: %w", reason(err))
		s.err = cmp.Or(s.err, err)
	}
	return n, err
}

// terminal returns the underlying file, which may be a terminal.
func terminal(w io.Writer) (*os.File, bool) {
	if s, ok := w.(*stdout); ok {
		w = s.Writer
	}
	f, ok := w.(*os.File)
	return f, ok
}

// ignoreSIGPIPE makes writes to a closed pipe return EPIPE instead of killing the
// process: a fix in the middle of --verify has files to put back.
func ignoreSIGPIPE() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// reason returns an error without the operation and the name.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &call):
		return call.Err
	}
	return err
}
