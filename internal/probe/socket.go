package probe

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// A socket is an open WebSocket.
type socket struct {
	link
	r      *bufio.Reader
	answer *Answer
}

const (
	// pongTimeout is how long we wait for the answer to a ping. Every server answers
	// pings automatically (RFC 6455, section 5.5.2).
	pongTimeout = 5 * time.Second
	maxPings    = 1000 // that are recorded
	goodbye     = time.Second
)

// use shows that a socket carries data, and keeps it idle if requested.
func (c client) use(s *socket) {
	wait := min(c.Timeout, pongTimeout)
	if c.Send != "" && s.answer.Kind == Handshake {
		_ = ws.WriteFrame(s, ws.Text, []byte(c.Send))
		s.wait(wait, func(f ws.Frame) bool {
			if f.Op == ws.Text && string(f.Payload) == c.Send {
				s.answer.Alive = "echo"
			}
			return f.Op == ws.Text || f.Op == ws.Binary
		})
	}
	if s.answer.Alive != "echo" && s.answer.End == nil {
		s.ping(wait)
	}
	if s.answer.Kind == Hold && s.answer.End == nil && s.answer.Alive != "" {
		s.hold(c.Hold, wait)
	}
	if s.answer.End == nil {
		s.allow(goodbye)
		_ = ws.WriteFrame(s, ws.Close, ws.Closing(1000))
		_, _ = io.CopyN(io.Discard, s.r, maxHead) // until the other side closes as well
	}
}

// ping shows that the socket carries data. A message from the server also shows that.
func (s *socket) ping(wait time.Duration) {
	payload := []byte(ws.NewKey())
	s.allow(wait)
	if err := ws.WriteFrame(s, ws.Ping, payload); err != nil {
		s.answer.End = &End{How: how(err)}
		return
	}
	s.wait(wait, func(f ws.Frame) bool {
		switch {
		case f.Op == ws.Pong && bytes.Equal(f.Payload, payload):
			s.answer.Alive = "pong"
			return true
		case f.Op == ws.Text || f.Op == ws.Binary:
			s.answer.Alive = "message"
		}
		return false
	})
}

// hold only answers pings for a while, and then checks that the connection is alive.
func (s *socket) hold(d, wait time.Duration) {
	start := time.Now()
	last := start
	s.until = s.until.Add(d)
	s.wait(d, func(f ws.Frame) bool {
		last = time.Now()
		if f.Op == ws.Ping && len(s.answer.Pings) < maxPings {
			s.answer.Pings = append(s.answer.Pings, time.Since(start))
		}
		return false
	})
	s.answer.Held = time.Since(start)
	if end := s.answer.End; end != nil {
		end.After = time.Since(last)
		return
	}
	s.answer.Alive = ""
	s.ping(wait)
	if s.answer.Alive == "" {
		how := "silence"
		if s.answer.End != nil {
			how = s.answer.End.How
		}
		s.answer.End = &End{After: s.answer.Held, How: how}
	}
}

// wait reads frames and answers pings until done returns true or the time is over. If
// the connection ended, the answer says how.
func (s *socket) wait(d time.Duration, done func(ws.Frame) bool) {
	s.allow(d)
	start := time.Now()
	for { // the deadline ended it
		f, err := ws.ReadFrame(s.r)
		switch {
		case err != nil && timedOut(err):
			return
		case err != nil:
			s.answer.End = &End{After: time.Since(start), How: how(err)}
			return
		case f.Op == ws.Close:
			_ = ws.WriteFrame(s, ws.Close, f.Payload)
			code, reason := ws.Closed(f.Payload)
			s.answer.End = &End{After: time.Since(start), How: "close", Code: code, Reason: reason}
			return
		case f.Op == ws.Ping:
			_ = ws.WriteFrame(s, ws.Pong, f.Payload)
		}
		if done(f) {
			return
		}
	}
}

// how returns the way in which a connection ended. TLS without close_notify counts as
// a normal end.
func how(err error) string {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "fin"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, windowsReset):
		return "reset"
	}
	return "garbage"
}
