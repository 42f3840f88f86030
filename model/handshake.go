package model

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An Outcome is the result of a WebSocket handshake with a strict backend: one that,
// as RFC 6455 section 4.2.1 requires, expects a GET over HTTP/1.1 with one "Upgrade:
// websocket" and the token upgrade in Connection.
type Outcome int

const (
	Fails Outcome = iota
	Unsure
	Passes
)

func (o Outcome) String() string { return [...]string{"fails", "unsure", "passes"}[o] }

// A Handshake is an outcome with its reason in one line.
type Handshake struct {
	Outcome Outcome
	Reason  string
	Likely  Outcome // the outcome if an if or a rewrite that may change it does not
}

func fails(format string, args ...any) Handshake {
	return Handshake{Fails, fmt.Sprintf(format, args...), Fails}
}

func unsure(format string, args ...any) Handshake {
	return Handshake{Unsure, fmt.Sprintf(format, args...), Unsure}
}

// Handshake returns the outcome of a WebSocket request, as far as the configuration
// decides it. It cannot know whether the backend is running.
func (q Request) Handshake() Handshake {
	h := q.handshake()
	if h.Outcome == Passes && len(q.given) > 0 {
		h.Reason = strings.Join(q.given, ", ")
	}
	d := q.some
	if h.Outcome == Passes || q.garbled {
		d = nil
	}
	if len(q.Perhaps) > 0 && (h.Outcome == Passes || q.mayChange) {
		d = q.Perhaps[0]
	}
	if h.Outcome != Unsure && d != nil {
		h.Outcome, h.Reason = Unsure, fmt.Sprintf("%s, unless the %s in line %d changes that", h.Reason, d.Name(), d.Span().File.Position(d.Span().Start).Line)
	}
	return h
}

// Garbled reports whether the server's sockets speak only HTTP/2 without TLS.
func (q Request) Garbled() bool { return q.garbled }

func (q Request) handshake() Handshake {
	switch {
	case q.garbled:
		return fails("before %s, HTTP/2 without TLS speaks only HTTP/2", parser.Only(q.version).Named(parser.BothOnPlaintext))
	case q.Answer != "":
		return fails("nginx answers %s itself", q.Answer)
	case q.status != "" && q.status != "0":
		return fails("error_page makes the answer a %s; write = before its location to avoid that", q.status)
	case q.Pass == nil && q.By != nil && q.By.Is(parser.ContentScripts...):
		return scriptedAnswer(q.By)
	case q.Pass == nil && q.By != nil:
		return fails("%s answers in the place of proxy_pass", q.By.Name())
	case q.Pass == nil && q.Location.First("proxy_pass") != nil:
		return fails("proxy_pass is not used: nginx looks for a file")
	case q.Pass == nil:
		return fails("no proxy_pass: nginx serves files")
	case q.Pass.Is("uwsgi_pass", "scgi_pass"):
		return Handshake{Passes, "the request's header is passed as parameters", Passes}
	case !q.Pass.Is("proxy_pass"):
		return fails("%s cannot carry an upgraded connection", q.Pass.Name())
	case strings.HasPrefix(q.Target.Text, "ws://"), strings.HasPrefix(q.Target.Text, "wss://"):
		return fails("proxy_pass accepts only http:// or https://")
	}
	if h := q.target(); h.Outcome != Passes {
		return h
	}
	if h := q.lines(); h.Outcome != Passes {
		return h
	}
	h := q.rest()
	if h.Outcome == Passes && q.Short != nil {
		h = q.Short.judge(q.Location)
	}
	if name := q.Target.clientsHost(); h.Outcome == Passes && name != "" {
		h = Handshake{Unsure, fmt.Sprintf("the client chooses the host of proxy_pass ($%s)", name), Passes}
	}
	return h
}

// target judges the URL that proxy_pass evaluates to.
func (q Request) target() Handshake {
	bad := q.BadTarget()
	switch {
	case q.Target.hostless() && q.Script() != nil:
		return unsure("a script may set the host of proxy_pass")
	case q.Target.hostless():
		return fails("proxy_pass names no host: nginx answers 500")
	case bad != nil && bad.Unless == "":
		return fails("nginx answers %s: %s", bad.Answer, bad.Reason)
	case bad != nil:
		return unsure("nginx answers %s (%s) unless %s is empty", bad.Answer, bad.Reason, bad.Unless)
	}
	if u := q.Down(); u != nil {
		return fails("all servers of upstream %s are marked down: nginx answers 502", u.Opener.Param(0))
	}
	if name := q.unresolved(); name != "" {
		return fails("nginx answers 502: no resolver defined to resolve %s", name)
	}
	if script, by := q.cancelledBalancer(); script != nil {
		return fails("%s below %s cancels it, and the upstream has no other server", by.Name(), script.Name())
	}
	return Handshake{Passes, "", Passes}
}

// rest checks what else can break a handshake with correct headers.
func (q Request) rest() Handshake {
	level := q.Level
	body := q.model.Evaluate(level.Effective("proxy_set_body").Value(), q.Kind)
	switch {
	case level.Effective("proxy_pass_request_headers").Value() == "off" && !q.bringsOwn():
		return fails("proxy_pass_request_headers off drops Sec-WebSocket-Key")
	case !body.Known:
		return unsure("proxy_set_body decides")
	case body.Text != "":
		return fails("proxy_set_body sends a body")
	case isZero(level.Effective("proxy_read_timeout")):
		return fails("proxy_read_timeout 0 ends every request at once")
	}
	h := q.others()
	if h.Outcome == Passes {
		h = q.subrequests()
	}
	if h.Outcome != Passes || level.Effective("auth_basic").Last() == nil || level.Effective("auth_basic").Value() == "off" {
		return h
	}
	return Handshake{Passes, "with credentials (auth_basic)", Passes}
}

// others checks the headers besides Upgrade and Connection, and the response headers.
func (q Request) others() Handshake {
	for _, h := range q.Headers {
		switch {
		case !SpoilsHandshake(h.Name, h.Value):
		case !h.Value.Known:
			return unsure("%s is %s", h.Name, h.Value.Text)
		default:
			return fails("%s is sent as %q, and many applications do not answer a handshake with it", h.Name, h.Value.Text)
		}
	}
	if h := q.keyAndVersion(); h.Outcome != Passes {
		return h
	}
	for _, name := range []string{"Upgrade", "Sec-WebSocket-Accept"} {
		if h := q.answersWith(name); h.Outcome != Passes {
			return h
		}
		if h := q.filtered(name); h.Outcome != Passes {
			return h
		}
	}
	return Handshake{Passes, "Upgrade and Connection reach the upstream", Passes}
}

func isZero(s parser.Setting) bool {
	d := s.Last()
	if d == nil {
		return false
	}
	t, err := parser.ParseTime(d.Param(0))
	return err == nil && t == 0
}
