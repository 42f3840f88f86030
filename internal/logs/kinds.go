package logs

import (
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
)

// A Kind is something that log lines say about WebSockets.
type Kind struct {
	Name  string
	Error bool   // in an error log; else in an access log
	Seen  string // the text to look for, for docs/logs.md
	Cause *cause.Cause
	Sure  string // how sure it is this cause: certain, likely or possible
	All   bool   // it counts for every request; else only for those of WebSocket locations
	Plain bool   // also for plain requests, which are part of an endpoint
	Least int    // fewer lines than this may be chance

	match func(*Entry, time.Duration) bool // computed from the proxy_read_timeout of the location
}

// Values of Sure.
const (
	certain  = "certain"
	likely   = "likely"
	possible = "possible"
)

// Kinds lists everything that is recognised. The first that matches a line counts.
var Kinds = slices.Concat(errorKinds, accessKinds)

const upgraded = "while proxying upgraded connection"

// errorKinds have nginx's own words: ngx_http_upstream.c, ngx_connection.c.
var errorKinds = []*Kind{
	said("upgraded-timeout", cause.IdleCut, certain, true, "upstream timed out", upgraded),
	said("upgraded-client-timeout", cause.SilentlyDropped, likely, true, "client timed out", upgraded),
	atLeast(few, said("upgraded-client-reset", cause.ProxyCut, possible, true, "[info] ", "recv() failed (104:", upgraded)), // closing a browser looks the same
	said("upgraded-reset", cause.ApplicationCloses, likely, true, "recv() failed (104:", upgraded),
	said("connect-timeout", cause.UpstreamDown, certain, false, "upstream timed out", "while connecting to upstream"),
	said("connect-failed", cause.UpstreamDown, certain, false, "connect() ", "failed (", "while connecting to upstream"),
	said("no-live-upstreams", cause.UpstreamDown, certain, false, "no live upstreams"),
	said("no-resolver", cause.UpstreamUnresolved, certain, false, "no resolver defined to resolve "),
	said("not-resolved", cause.UpstreamUnresolved, certain, false, " could not be resolved ("),
	said("host-not-found", cause.UpstreamUnresolved, certain, true, "host not found in upstream "),
	said("tls-failed", cause.UpstreamTLS, certain, false, "SSL_do_handshake() failed", "while SSL handshaking to upstream"),
	said("tls-name", cause.UpstreamTLS, certain, false, "upstream SSL certificate "),
	said("tls-no-answer", cause.UpstreamTLS, likely, false, "while SSL handshaking to upstream"),
	said("no-http", cause.NotHTTP, likely, false, "upstream sent no valid HTTP"),
	said("invalid-header", cause.NotHTTP, possible, false, "upstream sent invalid header"),
	said("reset-before-answer", cause.HandshakeDropped, likely, false, "recv() failed (104:", "while reading response header from upstream"),
	said("closed-before-answer", cause.HandshakeDropped, likely, false, "upstream prematurely closed connection while reading response header"),
	said("answer-timeout", cause.UpstreamSilent, likely, false, "upstream timed out", "while reading response header from upstream"),
	said("client-gave-up", cause.UpstreamSilent, likely, false, "client prematurely closed connection, so upstream connection is closed too"),
	said("worker-connections", cause.ConnectionsExhausted, certain, true, "worker_connections are not enough"),
	said("open-files", cause.ConnectionsExhausted, certain, true, "failed (24:"),
	said("limit-conn", cause.Limited, certain, false, "limiting connections by zone "),
	said("limit-req", cause.Limited, certain, false, "limiting requests, excess: "),
	said("access-denied", cause.RefusedByNginx, certain, false, "access forbidden by rule"),
	said("no-password", cause.LoginNeeded, certain, false, "no user/password was provided for basic authentication"),
	said("invalid-upstream", cause.NginxError, certain, false, "invalid port in upstream "),
	said("no-such-file", cause.WrongLocation, certain, false, "open() ", "failed (2:"),
}

// said returns a kind that an error log shows by these words, in that order. The
// first can be a level.
func said(name string, c *cause.Cause, sure string, all bool, words ...string) *Kind {
	level, shown := "", make([]string, len(words))
	for i, w := range words {
		shown[i] = "`" + strings.TrimSpace(w) + "`"
	}
	if strings.HasPrefix(words[0], "[") {
		level, words = strings.Trim(words[0], "[] "), words[1:]
	}
	return &Kind{
		Name: name, Error: true, Seen: strings.Join(shown, " ... "), Cause: c, Sure: sure, All: all, Least: 1,
		match: func(e *Entry, _ time.Duration) bool {
			return (level == "" || e.Level == level) && inOrder(e.Message, words)
		},
	}
}

func atLeast(n int, k *Kind) *Kind {
	k.Least = n
	return k
}

func inOrder(s string, words []string) bool {
	for _, w := range words {
		_, rest, ok := strings.Cut(s, w)
		if !ok {
			return false
		}
		s = rest
	}
	return true
}

// few is the number of connections with the same duration that is too high for
// chance.
const few = 3

var accessKinds = []*Kind{
	{
		Name: "lasted-read-timeout", Seen: "101, and `$request_time` is the location's proxy_read_timeout (60 s unless set)",
		Cause: cause.IdleCut, Sure: likely, All: true, Least: few,
		match: func(e *Entry, timeout time.Duration) bool { return e.lasted(timeout) },
	},
	lasted("lasted-100s", 100*time.Second, cause.CloudflareCut),
	lasted("lasted-350s", 350*time.Second, cause.SilentlyDropped),
	lasted("lasted-3600s", time.Hour, cause.IdleCut),
	{
		Name: "session-unknown", Seen: "400 to a request with `sid=` and `transport=`, as Engine.IO answers for a session of another server",
		Cause: cause.NoAffinity, Sure: possible, Plain: true, Least: few,
		match: func(e *Entry, _ time.Duration) bool {
			return e.Status == 400 && strings.Contains(e.URI, "sid=") && strings.Contains(e.URI, "transport=")
		},
	},
	answered("answer-426", cause.HeadersLost, likely, 426),
	answered("answer-400", cause.HeadersLost, likely, 400),
	answered("answer-200", cause.HeadersLost, likely, 200),
	answered("answer-redirect", cause.SlashRedirect, possible, 301, 302, 307, 308),
	answered("answer-401", cause.LoginNeeded, likely, 401),
	answered("answer-403", cause.OriginRefused, possible, 403),
	answered("answer-404", cause.PathChanged, possible, 404),
	answered("answer-499", cause.UpstreamSilent, possible, 499),
	answered("answer-500", cause.NginxError, possible, 500),
	answered("answer-502", cause.UpstreamDown, likely, 502),
	answered("answer-503", cause.Limited, possible, 429, 503),
	answered("answer-504", cause.UpstreamSilent, likely, 504),
}

// lasted reports connections that last as long as someone's timeout. nginx's own
// timeout only applies if nothing at all passes, so that is the thing to check.
func lasted(name string, time_ time.Duration, c *cause.Cause) *Kind {
	return &Kind{
		Name: name, Seen: "101, and `$request_time` is " + strings.TrimPrefix(name, "lasted-"), Cause: c, Sure: possible, All: true, Least: few,
		match: func(e *Entry, _ time.Duration) bool { return e.lasted(time_) },
	}
}

// lasted reports whether a WebSocket lasted for a time or at most a second longer.
func (e *Entry) lasted(d time.Duration) bool {
	return e.Status == 101 && e.Lasted >= d && e.Lasted < d+time.Second
}

func answered(name string, c *cause.Cause, sure string, statuses ...int) *Kind {
	seen := strings.ReplaceAll(strings.TrimPrefix(name, "answer-"), "redirect", "301, 302, 307 or 308")
	if len(statuses) == 2 {
		seen = "429 or 503"
	}
	return &Kind{
		Name: name, Seen: seen + " to a handshake", Cause: c, Sure: sure, Least: 1,
		match: func(e *Entry, _ time.Duration) bool { return slices.Contains(statuses, e.Status) },
	}
}
