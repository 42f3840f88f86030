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

// Bounds of what is read.
const (
	maxHead = 64 << 10 // of an answer
	maxBody = 4 << 10  // of a body that is kept
	maxRaw  = 256      // of what is no HTTP
	max1xx  = 5        // interim answers before the real one
)

// exchange sends one request and takes what comes of it.
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

// hostSent is the Host of every request: the application itself is asked with
// that of the public URL as well, as a proxy that passes Host on does.
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

// A reader reads so many bytes and no more; with left below 0 there is no bound.
// It keeps the first of them.
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

// readHead reads the head of the answer, and of a body its beginning.
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
			body, _ := io.ReadAll(io.LimitReader(resp.Body, maxBody)) // that it breaks off is of no account
			a.Body = string(body)
		}
		return true
	}
	a.Failure = &Failure{NotHTTP, "interim answers only"}
	return false
}

// problem says why a browser refuses a 101, or "".
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

// asks reports whether the user's own fields ask for a subprotocol.
func asks(fields []ws.Field) bool {
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Sec-WebSocket-Protocol") {
			return true
		}
	}
	return false
}
