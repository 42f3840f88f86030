// Package lsp is a server of the Language Server Protocol. It keeps no state but the
// contents of open documents, and checks a whole configuration again after a change.
// Everything that it knows of nginx comes from package lint.
package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// A Host is what the server needs of the command that runs it.
type Host struct {
	// Options returns what a check of a path reads and how, as for the command with
	// this path. The file system is that of the disk.
	Options func(path string, s Settings) (lint.Options, error)

	Name    func(path string) (string, error) // of a path in the file system
	Path    func(name string) string          // the other way
	Version string                            // of nginx-ws-lint
}

// A server is one session with an editor.
type server struct {
	host Host
	conn *conn

	initialized, ended bool
	client             clientCan
	utf8               bool // positions count bytes

	mu       sync.Mutex
	settings Settings
	docs     map[string]*document // by URI
	folders  []string             // of the workspace
	trees    map[string]*tree     // by path
	cancels  map[string]context.CancelFunc

	running sync.WaitGroup // requests
}

// errNoShutdown is the error of a session that ends without the request shutdown, as
// the specification demands.
var errNoShutdown = errors.New("the editor ended the session without a shutdown request")

// Serve reads requests and answers them until the client ends the session.
func Serve(in io.Reader, out io.Writer, h Host) error {
	s := &server{
		host: h, conn: newConn(out), docs: make(map[string]*document), trees: make(map[string]*tree),
		cancels: make(map[string]context.CancelFunc),
	}
	err := s.read(bufio.NewReaderSize(in, 64<<10))
	s.mu.Lock()
	for _, t := range s.trees {
		t.stop()
	}
	for _, cancel := range s.cancels {
		cancel()
	}
	s.mu.Unlock()
	s.running.Wait()
	return errors.Join(err, s.conn.close())
}

// read handles messages until the session ends.
func (s *server) read(r *bufio.Reader) error {
	for {
		content, err := readMessage(r)
		var skipped tooLong
		switch {
		case err == io.EOF && !s.ended:
			return errNoShutdown
		case err == io.EOF:
			return nil
		case errors.As(err, &skipped):
			s.conn.reply(json.RawMessage("null"), nil, failed(invalidRequest, "%v", err))
			continue
		case err != nil:
			return err
		}
		var m message
		if err := json.Unmarshal(content, &m); err != nil {
			s.conn.reply(json.RawMessage("null"), nil, failed(parseFailed, "a message is not JSON: %v", err))
			continue
		}
		if m.Method == "exit" {
			if !s.ended {
				return errNoShutdown
			}
			return nil
		}
		s.handle(m)
	}
}

// handle handles a message. Notifications are handled in order; requests run side by
// side, because they only read.
func (s *server) handle(m message) {
	switch {
	case m.Method == "" && m.ID != nil:
		s.conn.answer(m)
	case m.Method == "":
		s.conn.reply(json.RawMessage("null"), nil, failed(invalidRequest, "a message without a method"))
	case m.ID == nil:
		s.notified(m)
	default:
		s.requested(m)
	}
}

// notified handles a notification. Before initialize all are ignored.
func (s *server) notified(m message) {
	handler := notifications[m.Method]
	if handler == nil || !s.initialized && m.Method != "$/cancelRequest" {
		return
	}
	if err := guard(m.Method, func() error { return handler(s, m.Params) }); err != nil {
		s.conn.log(logError, "%s: %v", m.Method, err)
	}
}

// requested answers a request.
func (s *server) requested(m message) {
	switch handler := requests[m.Method]; {
	case m.Method == "initialize":
		s.answer(m, func() (any, error) { return s.initialize(m.Params) })
	case !s.initialized:
		s.conn.reply(m.ID, nil, failed(notInitialized, "initialize must be the first request"))
	case m.Method == "shutdown":
		s.ended = true
		s.conn.reply(m.ID, nil, nil)
	case s.ended:
		s.conn.reply(m.ID, nil, failed(invalidRequest, "the session was shut down"))
	case handler == nil:
		s.conn.reply(m.ID, nil, failed(methodNotFound, "%s is not supported", m.Method))
	default:
		ctx, done := s.cancellable(string(m.ID))
		s.running.Go(func() {
			defer done()
			s.answer(m, func() (any, error) { return handler(s, ctx, m.Params) })
		})
	}
}

// answer sends what a function returns as the response to a request.
func (s *server) answer(m message, f func() (any, error)) {
	var result any
	err := guard(m.Method, func() (err error) {
		result, err = f()
		return err
	})
	var f2 *failure
	switch {
	case err == nil:
		s.conn.reply(m.ID, result, nil)
	case errors.Is(err, context.Canceled):
		s.conn.reply(m.ID, nil, failed(requestCancelled, "cancelled"))
	case errors.As(err, &f2):
		s.conn.reply(m.ID, nil, f2)
	default:
		s.conn.log(logError, "%s: %v", m.Method, err)
		s.conn.reply(m.ID, nil, failed(internalFailure, "%v", err))
	}
}

// A crash is a panic in the handling of one message.
type crash struct {
	method string
	value  any
	stack  []byte
}

func (c *crash) Error() string {
	return fmt.Sprintf("%s failed, which is a mistake of nginx-ws-lint, please report it: %v\n%s", c.method, c.value, c.stack)
}

// guard turns a panic into an error, so that it ends one request and not the server.
func guard(method string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &crash{method, r, debug.Stack()}
		}
	}()
	return f()
}

// cancellable returns a context that $/cancelRequest ends.
func (s *server) cancellable(id string) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancels[id] = cancel
	return ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		cancel()
		delete(s.cancels, id)
	}
}

// decode reads the parameters of a message.
func decode[T any](params json.RawMessage) (p T, err error) {
	if err := json.Unmarshal(params, &p); err != nil {
		return p, failed(invalidParams, "the parameters are not understood: %v", err)
	}
	return p, nil
}
