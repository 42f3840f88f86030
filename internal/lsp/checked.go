package lsp

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/unsaved"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A checked tree is the result of a check. It does not change.
type checked struct {
	*lint.Result // nil: there is nothing to check
	version      int
	docs         map[string][]*document // by name
	server       *server

	mu      sync.Mutex
	texts   map[*parser.File]*text
	listing sync.Once // see inventory
	entries []lint.Entry

	fixes sync.Mutex // the fixes of a result are worked out one at a time
}

// check runs the check. The result stays nil if there is an error.
func (c *checked) check(t *tree, earlier *checked, contents map[string][]byte, settings Settings, cancel *atomic.Bool) error {
	opt, err := c.server.host.Options(t.path, settings)
	if err != nil {
		return err
	}
	opt.FS = stoppable{unsaved.FS{FS: opt.FS, Contents: contents}, cancel}
	opt.Cancelled = cancel.Load
	if earlier != nil {
		opt.Earlier = earlier.Result
	}
	res, err := lint.Run(opt)
	var nothing *lint.PathError
	if err != nil && !errors.As(err, &nothing) {
		return err
	}
	if unread := c.unread(t, res); len(unread) > 0 {
		if res == nil {
			opt.Paths = nil
		}
		opt.Paths = append(opt.Paths, unread...)
		res, err = lint.Run(opt)
	}
	c.Result = res
	return err
}

// unread returns the open documents that the editor takes for nginx configuration and
// the check did not find. They are checked as if the command line named them.
func (c *checked) unread(t *tree, res *lint.Result) (names []string) {
	known := make(map[string]bool)
	if res != nil {
		for _, f := range res.Files {
			known[f.Name] = true
		}
		for _, p := range res.Passed {
			known[p.Name] = true
		}
	}
	for name, docs := range c.docs {
		if docs[0].tree == t && docs[0].language == "nginx" && !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// A stoppable file system fails once the check is cancelled.
type stoppable struct {
	unsaved.FS
	cancel *atomic.Bool
}

// ReadRegular reads a file as parser.RegularReader demands.
func (f stoppable) ReadRegular(name string, most int64) ([]byte, error) {
	if f.cancel.Load() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: context.Canceled}
	}
	return f.FS.ReadRegular(name, most)
}

// text returns a file's text, for positions in it.
func (c *checked) text(f *parser.File) *text {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.texts[f]
	if t == nil {
		t = newText(f.Src, c.server.utf8)
		c.texts[f] = t
	}
	return t
}

// spanOf returns a span as a range of the protocol.
func (c *checked) spanOf(s parser.Span) span { return c.text(s.File).span(s.Start, s.End) }

// place returns a span as a place of the protocol.
func (c *checked) place(s parser.Span) location {
	return location{c.uri(s.File.Name), c.spanOf(s)}
}

// uri returns the URI of a file: that of the open document, if there is one.
func (c *checked) uri(name string) string {
	if docs := c.docs[name]; len(docs) > 0 {
		return docs[0].uri
	}
	return uriOf(c.server.host.Path(name))
}

// file returns the file that was read for a document, or nil.
func (c *checked) file(d *document) *parser.File {
	i := slices.IndexFunc(c.Files, func(f *parser.File) bool { return f.Name == d.name })
	if i < 0 {
		return nil
	}
	return c.Files[i]
}
