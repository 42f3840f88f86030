package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/urfave/cli/v2"
)

// settled is how long nothing may change before a check begins, because editors and
// git change a file in several steps.
const settled = 100 * time.Millisecond

// A watch checks again whenever something changes in a directory that a check has
// read. It watches directories instead of files, because an editor may write a new
// file and rename it.
type watch struct {
	*fsnotify.Watcher
	ctx     *cli.Context
	changed chan struct{} // something changed, and then nothing for a while
	below   []string      // the directories that are checked, as paths
	written []string      // our own reports, as paths

	mu    sync.Mutex
	files map[string]bool // files that checks opened, as paths
	dirs  map[string]bool // directories that checks read, without those above a checked one
}

// watchAction checks until a signal ends the program or the reader of its output goes
// away. An error in the first check ends it too, because the command line is wrong.
func watchAction(ctx *cli.Context) error {
	written, err := watchable(ctx)
	if err != nil {
		return err
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("--watch: %w", err)
	}
	defer watcher.Close()
	w := &watch{Watcher: watcher, ctx: ctx, changed: make(chan struct{}, 1), below: checkedDirs(ctx), written: written, files: make(map[string]bool), dirs: make(map[string]bool)}
	if err := w.check(); err != nil && !errors.Is(err, errFindings) {
		return err
	}
	go w.settle()
	for range w.changed {
		w.clear()
		err := w.check()
		if errors.Is(err, syscall.EPIPE) {
			return err
		}
		if err != nil && !errors.Is(err, errFindings) {
			printError(ctx.App.ErrWriter, err)
		}
	}
	return errors.New("--watch: the file watcher stopped")
}

// watchable refuses flags that cannot be combined with --watch, and returns the files
// that reports are written to.
func watchable(ctx *cli.Context) (written []string, err error) {
	for _, name := range []string{"fix", "write-baseline"} {
		if ctx.IsSet(name) {
			return nil, fmt.Errorf("--watch and --%s cannot be used together: each write would start another check", name)
		}
	}
	if slices.Contains(ctx.Args().Slice(), "-") {
		return nil, errors.New("--watch: standard input cannot be read again")
	}
	all, patch, err := reports(ctx)
	for _, r := range append(all, destination{file: patch}) {
		if path, err := absolute(r.file); err == nil && r.file != "" {
			written = append(written, path)
		}
	}
	return written, err
}

// check is one run. The directories that it reads are watched before anything is
// printed, so that a change in response to a finding is not missed.
func (w *watch) check() error {
	c := &command{Context: w.ctx}
	begun := time.Now()
	err := c.do(func() error { return w.watch(c, begun) })
	if err == nil || errors.Is(err, errFindings) {
		c.say("watching for changes; press Ctrl-C to stop\n")
	}
	return err
}

// watch adds watches for what was read. A file that was not watched before and
// changed since the run began counts as a change.
func (w *watch) watch(c *command, begun time.Time) error {
	before := w.WatchList()
	files, dirs := w.seen(c)
	for dir := range dirs {
		if err := w.nearest(dir); err != nil {
			return fmt.Errorf("--watch: %s: %w", dir, reason(err))
		}
	}
	for file := range files {
		if !slices.Contains(before, filepath.Dir(file)) && changedSince(file, begun) {
			w.again()
		}
	}
	for dir := range dirs {
		if !slices.Contains(before, dir) && changedSince(dir, begun) {
			w.again()
		}
	}
	return nil
}

// changedSince reports whether a file or a directory changed since then. File times
// lag a few milliseconds behind the clock.
func changedSince(path string, then time.Time) bool {
	info, err := os.Stat(path)
	return err == nil && info.ModTime().After(then.Add(-20*time.Millisecond))
}

// nearest watches a directory or, if it does not exist, the nearest existing one
// above it.
func (w *watch) nearest(dir string) error {
	for {
		err := w.Add(dir)
		gone := errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
		if parent := filepath.Dir(dir); gone && parent != dir {
			dir = parent
			continue
		}
		return err
	}
}

// settle turns file events into changes.
func (w *watch) settle() {
	defer close(w.changed)
	quiet := time.NewTimer(settled)
	quiet.Stop()
	for {
		select {
		case e, ok := <-w.Events:
			if !ok {
				return
			}
			if e.Op != fsnotify.Chmod && w.matters(e.Name) {
				quiet.Reset(settled)
			}
		case _, ok := <-w.Errors: // too many events at once: some were lost
			if !ok {
				return
			}
			quiet.Reset(settled)
		case <-quiet.C:
			w.again()
		}
	}
}

// again starts the check once more.
func (w *watch) again() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// clear clears a terminal.
func (w *watch) clear() {
	if columns(w.ctx.App.Writer) > 0 && supportsEscapes() {
		io.WriteString(w.ctx.App.Writer, "\x1b[H\x1b[2J")
	}
}
