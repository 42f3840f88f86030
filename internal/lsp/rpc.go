package lsp

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"
)

// A message is a request, a notification or a response of JSON-RPC 2.0.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *failure        `json:"error,omitempty"`
}

// A failure is the error of a response.
type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (f *failure) Error() string { return f.Message }

// The error codes of JSON-RPC and of the protocol.
const (
	parseFailed      = -32700
	invalidRequest   = -32600
	methodNotFound   = -32601
	invalidParams    = -32602
	internalFailure  = -32603
	notInitialized   = -32002
	requestCancelled = -32800
)

func failed(code int, format string, args ...any) *failure {
	return &failure{code, fmt.Sprintf(format, args...)}
}

// The kinds of log messages.
const (
	logError   = 1
	logWarning = 2
	logInfo    = 3
)

// A conn sends messages. Sending never waits for the client to read: a client that
// writes while we write would wait for us.
type conn struct {
	w io.Writer

	mu      sync.Mutex
	queue   [][]byte
	more    *sync.Cond
	closed  bool
	err     error
	next    int                                    // the ID of the next request
	waiting map[string]func(json.RawMessage, bool) // for responses, by ID
	done    chan struct{}
}

func newConn(w io.Writer) *conn {
	c := &conn{w: w, waiting: make(map[string]func(json.RawMessage, bool)), done: make(chan struct{})}
	c.more = sync.NewCond(&c.mu)
	go c.write()
	return c
}

// write sends what is queued until the connection is closed or broken.
func (c *conn) write() {
	defer close(c.done)
	for {
		c.mu.Lock()
		for len(c.queue) == 0 && !c.closed {
			c.more.Wait()
		}
		queue := c.queue
		c.queue = nil
		ended := c.closed && len(queue) == 0 || c.err != nil
		c.mu.Unlock()
		if ended {
			return
		}
		for _, content := range queue {
			if err := writeMessage(c.w, content); err != nil {
				c.mu.Lock()
				c.err = err
				c.mu.Unlock()
				return
			}
		}
	}
}

// close sends what is queued, and returns the error of sending.
func (c *conn) close() error {
	c.mu.Lock()
	c.closed = true
	c.more.Signal()
	c.mu.Unlock()
	<-c.done
	return c.err
}

func (c *conn) send(m message) {
	m.Version = "2.0"
	content, err := json.Marshal(m)
	if err != nil { // a result that is no JSON would be a mistake of ours
		content, _ = json.Marshal(message{Version: "2.0", ID: m.ID, Error: failed(internalFailure, "%v", err)})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil && !c.closed {
		c.queue = append(c.queue, content)
		c.more.Signal()
	}
}

// notify sends a notification.
func (c *conn) notify(method string, params any) {
	c.send(message{Method: method, Params: marshal(params)})
}

// reply sends the response to a request.
func (c *conn) reply(id json.RawMessage, result any, failed *failure) {
	m := message{ID: id, Error: failed}
	if failed == nil {
		m.Result = marshal(result)
	}
	c.send(m)
}

// call sends a request. The function gets the result, and whether there is one.
func (c *conn) call(method string, params any, answered func(result json.RawMessage, ok bool)) {
	c.mu.Lock()
	c.next++
	id := strconv.Itoa(c.next)
	c.waiting[id] = answered
	c.mu.Unlock()
	c.send(message{ID: json.RawMessage(id), Method: method, Params: marshal(params)})
}

// answer passes on a response of the client.
func (c *conn) answer(m message) {
	c.mu.Lock()
	answered := c.waiting[string(m.ID)]
	delete(c.waiting, string(m.ID))
	c.mu.Unlock()
	if answered != nil {
		answered(m.Result, m.Error == nil)
	}
}

// log writes to the log of the editor. Nothing of a configuration is in it.
func (c *conn) log(kind int, format string, args ...any) {
	c.notify("window/logMessage", map[string]any{"type": kind, "message": fmt.Sprintf(format, args...)})
}

func marshal(v any) json.RawMessage {
	if v == nil {
		return json.RawMessage("null")
	}
	content, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types
	}
	return content
}
