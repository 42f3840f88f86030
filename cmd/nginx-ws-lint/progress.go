package main

import (
	"fmt"
	"io"
	"time"
)

// progress shows on a terminal how many files have been read if a run takes longer
// than half a second. The returned function stops that and clears the line.
func (c *command) progress() (stop func()) {
	if c.Bool("quiet") || columns(c.App.ErrWriter) == 0 || !supportsEscapes() {
		return func() {}
	}
	ticker := time.NewTicker(time.Second / 2)
	ended, wiped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(wiped)
		showProgress(c.App.ErrWriter, c.disk.trace.opened, ticker.C, ended)
	}()
	return func() {
		ticker.Stop()
		close(ended)
		<-wiped
	}
}

const wipeLine = "\r\x1b[K"

// showProgress rewrites one line at each tick and clears it at the end.
func showProgress(w io.Writer, files func() int, ticks <-chan time.Time, ended <-chan struct{}) {
	printed := false
	for {
		select {
		case <-ticks:
			fmt.Fprintf(w, "%schecking: %d files read", wipeLine, files())
			printed = true
		case <-ended:
			if printed {
				io.WriteString(w, wipeLine)
			}
			return
		}
	}
}
