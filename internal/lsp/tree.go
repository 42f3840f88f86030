package lsp

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A tree is what is checked together: a folder of the workspace, or the directory of
// a file. Its fields belong to the server's lock.
type tree struct {
	*server
	path     string
	changed  *sync.Cond // a change, or the end of a check
	version  int        // counts changes
	stopped  bool
	latest   *checked
	cancel   *atomic.Bool     // of the running check, if it may be cancelled
	complain string           // the last error that was logged
	sent     map[string]known // by URI
}

// patience is how long newer changes may cancel checks before one is carried out to
// its end.
const patience = time.Second

// change starts a check. The caller holds s.mu.
func (t *tree) change() {
	t.version++
	if t.cancel != nil {
		t.cancel.Store(true)
	}
	t.changed.Broadcast()
}

// stop ends the tree. The caller holds s.mu.
func (t *tree) stop() {
	t.stopped = true
	t.change()
}

// run checks the tree after each change.
func (t *tree) run() {
	t.mu.Lock()
	defer t.mu.Unlock()
	var since time.Time // the first of the changes without a result
	for {
		for !t.stopped && t.latest != nil && t.latest.version == t.version {
			t.changed.Wait()
			since = time.Now()
		}
		if t.stopped {
			t.publish(nil)
			return
		}
		c, err := t.check(time.Since(since) < patience)
		if errors.Is(err, lint.ErrCancelled) {
			continue
		}
		since = time.Now()
		t.report(err)
		t.latest = c
		t.changed.Broadcast()
		t.publish(c)
	}
}

// check runs one check, without the lock.
func (t *tree) check(mayCancel bool) (*checked, error) {
	cancel := &atomic.Bool{}
	if mayCancel {
		t.cancel = cancel
	}
	c := &checked{version: t.version, server: t.server, texts: make(map[*parser.File]*text)}
	var contents map[string][]byte
	contents, c.docs = t.contents()
	settings, earlier := t.settings, t.latest
	t.mu.Unlock()
	defer t.mu.Lock()
	err := guard("the check of "+t.path, func() error { return c.check(t, earlier, contents, settings, cancel) })
	return c, err
}

// report logs an error, once. The caller holds the lock.
func (t *tree) report(err error) {
	said := ""
	if err != nil {
		said = err.Error()
	}
	if said != "" && said != t.complain {
		kind := logError
		var nothing *lint.PathError
		if errors.As(err, &nothing) {
			kind = logInfo
		}
		t.conn.log(kind, "%s: %s", t.path, said)
	}
	t.complain = said
}

// result returns the result of a check of all changes so far.
func (t *tree) result(ctx context.Context) (*checked, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	wanted := t.version
	defer context.AfterFunc(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.changed.Broadcast()
	})()
	for t.latest == nil || t.latest.version < wanted {
		if ctx.Err() != nil || t.stopped {
			return nil, context.Canceled
		}
		t.changed.Wait()
	}
	return t.latest, nil
}

// asked returns the result that is about an open document, and the document; nil if it
// is not open or nothing is known about its file.
func (s *server) asked(ctx context.Context, uri string) (*checked, *document, error) {
	s.mu.Lock()
	d := s.docs[uri]
	s.mu.Unlock()
	if d == nil {
		return nil, nil, nil
	}
	c, err := d.tree.result(ctx)
	if err != nil {
		return nil, nil, err
	}
	if c.Result == nil {
		return nil, nil, nil
	}
	for _, checked := range c.docs[d.name] {
		if checked.uri == uri {
			return c, checked, nil
		}
	}
	return nil, nil, nil
}
