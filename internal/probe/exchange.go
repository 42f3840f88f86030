package probe

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// Limits on what is read.
const (
	maxHead = 64 << 10 // of an answer
	maxBody = 4 << 10  // of a body that is kept
	maxRaw  = 256      // of an answer that is not HTTP
	max1xx  = 5        // interim answers before the real one
)

// exchange sends one request and reads the answer.
func (c client) exchange(ctx context.Context, q question) *Answer {
	a := &Answer{Kind: q.kind, Asked: q.asked, URI: q.uri, Origin: q.origin}
	start := time.Now()
	until := start.Add(c.Timeout)
	l, err := c.dial(ctx, "http/1.1")
	a.Connect = time.Since(start)
	if err != nil {
		a.Failure = failure(err)
		return a
	}
	defer l.Close()
	a.Address, a.TLS = l.address, l.tls
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	l.until = until
	l.allow(c.Timeout)
	start = time.Now()
	if err := ws.WriteRequest(l, q.uri, "HTTP/1.1", c.hostSent(), withoutHost(q.fields)); err != nil {
		a.Failure = answerFailure(err, "")
		return a
	}
	r := &reader{from: l, left: maxHead}
	buffered := bufio.NewReader(r)
	if !a.readHead(buffered, r, start) {
		return a
	}
	if q.key == "" || a.Status != http.StatusSwitchingProtocols {
		return a
	}
	r.left = -1
	a.Problem = c.problem(a.Header, q)
	if a.Problem == "" {
		socket := &socket{link: l, r: buffered, answer: a}
		c.use(socket)
	}
	return a
}

// hostSent returns the Host of every request: the application itself also gets that
// of the public URL, like from a proxy that forwards Host.
func (c client) hostSent() string {
	for _, f := range c.Fields {
		if strings.EqualFold(f.Name, "Host") {
			return f.Value
		}
	}
	return hostField(c.URL)
}

func withoutHost(fields []ws.Field) []ws.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f ws.Field) bool { return strings.EqualFold(f.Name, "Host") })
}

// A reader reads a limited number of bytes; with left below 0 there is no limit. It
// keeps the first of them.
type reader struct {
	from io.Reader
	left int
	raw  []byte
}

func (r *reader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, errors.New("the answer is too long")
	}
	if r.left > 0 && len(p) > r.left {
		p = p[:r.left]
	}
	n, err := r.from.Read(p)
	if r.left > 0 {
		r.left -= n
		if len(r.raw) < maxRaw {
			r.raw = append(r.raw, p[:min(n, maxRaw-len(r.raw))]...)
		}
	}
	return n, err
}

// readHead reads the head of the answer and the beginning of its body.
func (a *Answer) readHead(buffered *bufio.Reader, r *reader, start time.Time) bool {
	for range max1xx {
		resp, err := http.ReadResponse(buffered, &http.Request{Method: http.MethodGet})
		a.First = time.Since(start)
		if err != nil {
			a.Failure = answerFailure(err, string(r.raw))
			if a.Failure.Kind == NotHTTP {
				a.Raw = string(r.raw)
			}
			return false
		}
		if resp.StatusCode >= 100 && resp.StatusCode < 200 && resp.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		a.Status, a.Proto, a.Header = resp.StatusCode, resp.Proto, resp.Header
		if a.Status != http.StatusSwitchingProtocols {
			body, _ := io.ReadAll(io.LimitReader(resp.Body, maxBody)) // it does not matter if it breaks off
			a.Body = string(body)
		}
		return true
	}
	a.Failure = &Failure{NotHTTP, "interim answers only"}
	return false
}

// problem says why a browser refuses a 101, or returns "".
func (c client) problem(h http.Header, q question) string {
	if err := ws.Refused(h, q.key); err != nil {
		return err.Error()
	}
	if v := h.Get("Sec-WebSocket-Extensions"); v != "" {
		return "101 with Sec-WebSocket-Extensions " + v + ", which was not requested"
	}
	chosen := h.Get("Sec-WebSocket-Protocol")
	switch {
	case len(c.Subprotocols) > 0 && chosen == "":
		return "101 without Sec-WebSocket-Protocol, though " + strings.Join(c.Subprotocols, ", ") + " was requested"
	case len(c.Subprotocols) == 0 && chosen != "" && !asks(q.fields):
		return "101 with Sec-WebSocket-Protocol " + chosen + ", which was not requested"
	}
	return ""
}

// asks reports whether the user's own headers request a subprotocol.
func asks(fields []ws.Field) bool {
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Sec-WebSocket-Protocol") {
			return true
		}
	}
	return false
}
