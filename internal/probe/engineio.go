package probe

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// isEngineIO reports whether a URL is one that Socket.IO's client requests.
func isEngineIO(u *url.URL) bool {
	q := u.Query()
	return q.Get("EIO") != "" && q.Get("transport") == "websocket" && q.Get("sid") == ""
}

// session does what Socket.IO's client does by default: it opens a session by
// polling, then upgrades it. Only the server that knows the session accepts the
// handshake. Without polling there is no answer.
func (c client) session(ctx context.Context, q question) *Answer {
	c.Timeout /= 2 // of two exchanges
	values := c.target.Query()
	values.Set("transport", "polling")
	poll := q
	poll.key, poll.uri, poll.fields = "", c.target.EscapedPath()+"?"+values.Encode(), c.Fields
	first := c.exchange(ctx, poll)
	sid := sessionID(first.Body)
	if first.Failure != nil || first.Status != http.StatusOK || sid == "" {
		return nil
	}
	values.Set("transport", "websocket")
	values.Set("sid", sid)
	q.uri = c.target.EscapedPath() + "?" + values.Encode()
	if cookie := cookies(first.Header); cookie != "" {
		q.fields = append(q.fields, ws.Field{Name: "Cookie", Value: cookie})
	}
	return c.exchange(ctx, q)
}

// sessionID reads Engine.IO's open packet: 0{"sid":"..."}.
func sessionID(body string) string {
	var open struct{ SID string }
	if i := strings.IndexByte(body, '{'); i >= 0 {
		_ = json.NewDecoder(strings.NewReader(body[i:])).Decode(&open)
	}
	return open.SID
}

// cookies returns the cookies of an answer in the form that a request sends.
func cookies(h http.Header) string {
	var all []string
	for _, c := range (&http.Response{Header: h}).Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}
