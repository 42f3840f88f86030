package probe

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// A question is a request to be sent.
type question struct {
	kind   Kind
	asked  string
	uri    string
	origin string
	fields []ws.Field
	key    string // of a handshake
}

// inquire sends all requests to one URL. If the first handshake gets no answer at
// all, only the requests that explain this are sent.
func (opt Options) inquire(ctx context.Context, target *url.URL) (*Inquiry, error) {
	q := &Inquiry{URL: target}
	until := time.Now().Add(opt.Timeout)
	all := opt.questions(target)
	for len(all) > 0 {
		next := all[0]
		c := client{Options: opt, target: target}
		c.Timeout = share(time.Until(until), len(all), next.kind)
		var a *Answer
		switch next.kind {
		case ALPN:
			a = c.alpn(ctx, next)
		case Session:
			a = c.session(ctx, next)
		default:
			a = c.exchange(ctx, next)
		}
		if ctx.Err() != nil {
			return q, ctx.Err()
		}
		if a != nil {
			q.Answers = append(q.Answers, a)
		}
		all = slices.DeleteFunc(all[1:], func(next question) bool {
			first := q.Of(Handshake)
			return first != nil && !worthAsking(first, next.kind)
		})
	}
	return q, nil
}

// share returns how much of the remaining time a request may take: half of it for the
// first handshake, because the other requests depend on its answer, and equal parts
// for the others.
func share(left time.Duration, questions int, k Kind) time.Duration {
	if k == Handshake {
		return left / 2
	}
	return max(left/time.Duration(questions), 0)
}

// worthAsking reports whether a request can add information after this result of the
// first handshake.
func worthAsking(first *Answer, k Kind) bool {
	switch {
	case k == Handshake:
		return true
	case first.Failure == nil:
		return k != Hold || first.Switched()
	case first.Failure.Kind == NotHTTP, first.Failure.Kind == Closed, first.Failure.Kind == Silent:
		return k == Plain || k == ALPN
	case first.Failure.Kind == TLSFailed, first.Failure.Kind == NoCommonALPN:
		return k == ALPN
	}
	return false
}

// questions returns the requests to a URL, in order.
func (opt Options) questions(target *url.URL) []question {
	uri, origin := target.RequestURI(), opt.origin()
	all := []question{
		opt.handshake(Handshake, "handshake", uri, origin, "Upgrade"),
		{kind: Plain, asked: "plain GET", uri: uri, fields: opt.Fields},
	}
	if other, asked := otherSlash(target); other != "" {
		all = append(all, opt.handshake(Slash, asked, other, origin, "Upgrade"))
	}
	all = append(all, opt.handshake(Firefox, "as Firefox asks", uri, origin, "keep-alive, Upgrade"))
	if origin != "" {
		all = append(all, opt.handshake(NoOrigin, "without Origin", uri, "", "Upgrade"))
	}
	if target.Scheme == "wss" {
		all = append(all, question{kind: ALPN, asked: "TLS offering h2"})
	}
	for range opt.Tries - 1 {
		all = append(all, opt.handshake(Again, "once more", uri, origin, "Upgrade"))
	}
	if isEngineIO(target) {
		for range opt.Tries {
			all = append(all, opt.handshake(Session, "session by polling", uri, origin, "Upgrade"))
		}
	}
	if opt.Hold > 0 {
		all = append(all, opt.handshake(Hold, "idle for "+opt.Hold.String(), uri, origin, "Upgrade"))
	}
	return all
}

// origin returns the Origin of a page that the URL's host serves.
func (opt Options) origin() string {
	switch {
	case opt.Origin == "none":
		return ""
	case opt.Origin != "":
		return opt.Origin
	}
	return strings.Replace(opt.URL.Scheme, "ws", "http", 1) + "://" + hostField(opt.URL)
}

// hostField returns what browsers send as Host: the port only if it is not the
// scheme's default.
func hostField(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port == "" || port == defaultPort(u) {
		return host
	}
	return host + ":" + port
}

func defaultPort(u *url.URL) string {
	if u.Scheme == "wss" {
		return "443"
	}
	return "80"
}

// hostPort returns the address to connect to.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = defaultPort(u)
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// handshake returns the request for a WebSocket. The user's headers replace those
// with the same name.
func (opt Options) handshake(kind Kind, asked, uri, origin, connection string) question {
	q := question{kind: kind, asked: asked, uri: uri, origin: origin, key: ws.NewKey()}
	own := []ws.Field{{Name: "Upgrade", Value: "websocket"}, {Name: "Connection", Value: connection}}
	if origin != "" {
		own = append(own, ws.Field{Name: "Origin", Value: origin})
	}
	own = append(own, ws.Field{Name: "Sec-WebSocket-Version", Value: "13"}, ws.Field{Name: "Sec-WebSocket-Key", Value: q.key})
	if len(opt.Subprotocols) > 0 {
		own = append(own, ws.Field{Name: "Sec-WebSocket-Protocol", Value: strings.Join(opt.Subprotocols, ", ")})
	}
	for _, f := range own {
		if !slices.ContainsFunc(opt.Fields, func(o ws.Field) bool { return strings.EqualFold(o.Name, f.Name) }) {
			q.fields = append(q.fields, f)
		}
	}
	q.fields = append(q.fields, opt.Fields...)
	return q
}

// otherSlash returns the URL's path with a trailing slash if it has none, or without.
// The root has only one form.
func otherSlash(target *url.URL) (uri, asked string) {
	path, query, has := strings.Cut(target.RequestURI(), "?")
	if has {
		query = "?" + query
	}
	if trimmed := strings.TrimSuffix(path, "/"); trimmed != path && trimmed != "" {
		return trimmed + query, "without the trailing slash"
	}
	if path == "/" {
		return "", ""
	}
	return path + "/" + query, "with a trailing slash"
}
