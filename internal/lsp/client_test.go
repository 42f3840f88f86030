package lsp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// testHost checks a path with the default settings.
func testHost() Host {
	name := func(path string) (string, error) { return strings.TrimPrefix(filepath.ToSlash(path), "/"), nil }
	return Host{
		Options: func(path string, s Settings) (lint.Options, error) {
			n, _ := name(path)
			return lint.Options{FS: os.DirFS("/"), Paths: []string{n}, Select: s.Select}, nil
		},
		Name: name, Path: func(name string) string { return "/" + name }, Version: "test",
	}
}

// A client is the other end of a session.
type client struct {
	t    testing.TB
	in   io.WriteCloser
	next int
	done chan error

	mu        sync.Mutex
	responses map[int]chan message
	published map[string]publishParams // the latest, by URI
	logs      []string
	asked     []message // requests of the server
	news      chan struct{}
	answer    func(message) any
}

// start starts a server and initializes it. The capabilities are JSON.
func start(t testing.TB, h Host, capabilities string, dirs ...string) *client {
	c := connect(t, h)
	c.initialize(capabilities, dirs...)
	return c
}

// connect starts a server.
func connect(t testing.TB, h Host) *client {
	toServer, in := io.Pipe()
	out, fromServer := io.Pipe()
	c := &client{t: t, in: in, done: make(chan error, 1), responses: make(map[int]chan message), published: make(map[string]publishParams), news: make(chan struct{}, 1)}
	go func() {
		err := Serve(toServer, fromServer, h)
		fromServer.Close()
		toServer.CloseWithError(io.ErrClosedPipe)
		c.done <- err
	}()
	go c.read(out)
	t.Cleanup(func() { in.Close() })
	return c
}

func (c *client) initialize(capabilities string, dirs ...string) json.RawMessage {
	var folders []folder
	for _, dir := range dirs {
		folders = append(folders, folder{URI: uriOf(dir), Name: filepath.Base(dir)})
	}
	if capabilities == "" {
		capabilities = "{}"
	}
	result := c.request("initialize", map[string]any{"capabilities": json.RawMessage(capabilities), "workspaceFolders": folders})
	c.notify("initialized", struct{}{})
	return result
}

func (c *client) read(out io.Reader) {
	r := bufio.NewReader(out)
	for {
		content, err := readMessage(r)
		if err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(content, &m); err != nil {
			c.t.Errorf("the server sent %q", content)
			return
		}
		c.received(m)
	}
}

func (c *client) received(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case m.Method == "" && string(m.ID) == "null":
		c.logs = append(c.logs, m.Error.Message)
	case m.Method == "":
		var id int
		json.Unmarshal(m.ID, &id)
		c.responses[id] <- m
	case m.Method == "textDocument/publishDiagnostics":
		p, _ := decode[publishParams](m.Params)
		c.published[p.URI] = p
	case m.Method == "window/logMessage":
		c.logs = append(c.logs, string(m.Params))
	default:
		c.asked = append(c.asked, m)
		var result any
		if c.answer != nil {
			result = c.answer(m)
		}
		go c.send(message{ID: m.ID, Result: marshal(result)})
	}
	select {
	case c.news <- struct{}{}:
	default:
	}
}

func (c *client) send(m message) {
	m.Version = "2.0"
	content, _ := json.Marshal(m)
	c.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(content), content))
}

var writing sync.Mutex

func (c *client) raw(s string) {
	writing.Lock()
	defer writing.Unlock()
	io.WriteString(c.in, s)
}

func (c *client) notify(method string, params any) {
	c.send(message{Method: method, Params: marshal(params)})
}

// begin sends a request.
func (c *client) begin(method string, params any) (id int, response chan message) {
	c.mu.Lock()
	c.next++
	id, response = c.next, make(chan message, 1)
	c.responses[id] = response
	c.mu.Unlock()
	c.send(message{ID: marshal(id), Method: method, Params: marshal(params)})
	return id, response
}

// try sends a request and returns its response.
func (c *client) try(method string, params any) message {
	c.t.Helper()
	_, response := c.begin(method, params)
	select {
	case m := <-response:
		return m
	case <-time.After(patient):
		c.t.Fatalf("%s: no response", method)
		return message{}
	}
}

// request sends a request that must succeed.
func (c *client) request(method string, params any) json.RawMessage {
	c.t.Helper()
	m := c.try(method, params)
	if m.Error != nil {
		c.t.Fatalf("%s: %s", method, m.Error.Message)
	}
	return m.Result
}

// patient is how long tests wait for what must happen.
const patient = 30 * time.Second

// wait waits until a condition holds. The condition is called with the lock.
func (c *client) wait(what string, holds func() bool) {
	c.t.Helper()
	for deadline := time.After(patient); ; {
		c.mu.Lock()
		ok := holds()
		c.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-c.news:
		case <-deadline:
			c.t.Fatalf("waited in vain for %s; published: %v, logs: %v", what, c.published, c.logs)
		}
	}
}

// open opens a document with the contents on disk.
func (c *client) open(path string) string {
	c.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.openAs(path, string(text))
}

func (c *client) openAs(path, text string) string {
	uri := uriOf(path)
	c.notify("textDocument/didOpen", map[string]any{"textDocument": documentItem{uri, "nginx", 1, text}})
	return uri
}

// change replaces a range of a document, or all of it without one.
func (c *client) change(uri string, version int, at *span, text string) {
	c.notify("textDocument/didChange", changeParams{versionedID{uri, &version}, []contentChange{{at, text}}})
}

// diagnostics waits for the diagnostics of a version of an open document.
func (c *client) diagnostics(uri string, version int) []diagnostic {
	c.t.Helper()
	var list []diagnostic
	c.wait(fmt.Sprintf("version %d of %s", version, uri), func() bool {
		p, ok := c.published[uri]
		list = p.Diagnostics
		return ok && p.Version != nil && *p.Version == version
	})
	return list
}

// end ends the session and returns the server's error.
func (c *client) end() error {
	c.t.Helper()
	c.request("shutdown", nil)
	c.notify("exit", nil)
	select {
	case err := <-c.done:
		return err
	case <-time.After(patient):
		c.t.Fatal("the server does not end")
		return nil
	}
}
