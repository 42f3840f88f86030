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
	if h.Outcome != Unsure && len(q.Perhaps) > 0 && (h.Outcome == Passes || q.mayChange) {
		d := q.Perhaps[0]
		h.Outcome, h.Reason = Unsure, fmt.Sprintf("%s, unless the %s in line %d changes that", h.Reason, d.Name(), d.Span().File.Position(d.Span().Start).Line)
	}
	return h
}

func (q Request) handshake() Handshake {
	switch {
	case q.garbled:
		return fails("before nginx 1.25.1, listen ... http2 without ssl speaks only HTTP/2")
	case q.Answer != "":
		return fails("nginx answers %s itself", q.Answer)
	case q.status != "" && q.status != "0":
		return fails("error_page makes the answer a %s; write = before its location to avoid that", q.status)
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
	if h := q.rest(); h.Outcome != Passes || q.Short == nil {
		return h
	}
	return q.Short.judge(q.Location)
}

// judge says what becomes of a handshake of which a rewrite leaves too little.
func (s *Shortened) judge(location *parser.Context) Handshake {
	line := s.By.Span().File.Position(s.By.Span().Start).Line
	modifier, _ := location.LocationName()
	switch {
	case s.Path != "" && modifier == "=":
		return fails("nginx answers 500, because the rewrite in line %d leaves nothing of the path", line)
	case s.NoSlash:
		return unsure("the rewrite in line %d sends paths without their slash, which applications refuse with 400", line)
	}
	return unsure("nginx answers 500 for %s itself, of which the rewrite in line %d leaves nothing", s.Path, line)
}

// target judges the URL that proxy_pass evaluates to.
func (q Request) target() Handshake {
	bad := q.BadTarget()
	switch {
	case q.Target.hostless() && q.scripted():
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
	return Handshake{Passes, "", Passes}
}

// lines checks the request line and the two headers.
func (q Request) lines() Handshake {
	connection := q.All("Connection")
	switch {
	case q.HTTP != "1.1":
		return fails("the request goes upstream as HTTP/%s", q.HTTP)
	case q.Set.Unsure != nil:
		return unsure("%s", q.Set.Unsure.Unreadable())
	case q.EmptyMethod():
		return fails("proxy_method makes the method empty")
	case q.Method.Known && q.Method.Text != "GET":
		return fails("proxy_method makes it a %s", q.Method.Text)
	}
	if h := judgeUpgrade(q.All("Upgrade")); h.Outcome != Passes {
		return h
	}
	switch {
	case len(connection) == 0:
		return fails("no Connection header is sent")
	}
	if hosts := q.hosts(); hosts > 1 {
		return fails("Host is sent %d times", hosts)
	} else if hosts == 0 && len(q.All("Host")) == 0 {
		return fails("no Host is sent")
	}
	doubt := ""
	for _, h := range connection {
		if HasToken(h.Value.Text, "upgrade") && h.Value.Known {
			return Handshake{Passes, "Upgrade and Connection reach the upstream", Passes}
		}
		if !h.Value.Known {
			doubt = h.Value.Text
		}
	}
	if doubt != "" {
		return unsure("Connection is %s", doubt)
	}
	return fails("Connection is sent as %q", connection[0].Value.Text)
}

// judgeUpgrade judges the Upgrade lines. A line without a value is not sent: one whose
// variable may be empty may be a second one or none.
func judgeUpgrade(lines []Header) Handshake {
	var sent, maybe []Header
	for _, h := range lines {
		switch {
		case h.Value.Known:
			sent = append(sent, h)
		case len(lines) == 1 || !notSent(h.Value):
			maybe = append(maybe, h)
		}
	}
	switch {
	case len(sent) > 1:
		return fails("Upgrade is sent %d times", len(sent))
	case len(sent) == 1 && !strings.EqualFold(strings.Trim(sent[0].Value.Text, " \t"), "websocket"):
		return fails("Upgrade is sent as %q", sent[0].Value.Text)
	case len(sent) == 1 && len(maybe) > 0 && maybe[0].Directive != nil && NeverEmpty(maybe[0].Directive.Param(1)):
		return fails("Upgrade is sent %d times", 1+len(maybe))
	case len(sent) == 1 && len(maybe) > 0:
		return unsure("Upgrade is sent twice unless %s is empty", maybe[0].Value.Text)
	case len(maybe) > 0:
		return unsure("Upgrade is %s", maybe[0].Value.Text)
	case len(sent) == 0:
		return fails("no Upgrade header is sent")
	}
	return Handshake{Passes, "", Passes}
}

// HasToken reports whether a header's value lists a token, ignoring case.
func HasToken(value, token string) bool {
	for _, t := range strings.Split(value, ",") {
		if strings.EqualFold(strings.Trim(t, " \t"), token) {
			return true
		}
	}
	return false
}

// hosts counts the Host lines. A name that ends in a colon counts as one more.
func (q Request) hosts() int {
	n := 0
	for _, h := range q.Headers {
		if strings.EqualFold(strings.TrimSuffix(h.Name, ":"), "Host") && (h.Value.Known || h.Directive == nil || NeverEmpty(h.Directive.Param(1))) {
			n++
		}
	}
	return n
}

// bringsOwn reports whether header lines copy the client's own handshake headers.
func (q Request) bringsOwn() bool {
	return len(q.All("Sec-WebSocket-Key")) > 0 && len(q.All("Sec-WebSocket-Version")) > 0
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
	}
	return Handshake{Passes, "Upgrade and Connection reach the upstream", Passes}
}

// keyAndVersion judges the two headers of the client's that an application needs.
func (q Request) keyAndVersion() Handshake {
	for _, name := range []string{"Sec-WebSocket-Key", "Sec-WebSocket-Version"} {
		if set := q.Sets(name); set != nil && len(q.All(name)) == 0 {
			return fails("%s is cleared", name)
		}
		for _, h := range q.All(name) {
			switch header := h.Copies(); {
			case h.Value.Known && (name == "Sec-WebSocket-Key" || strings.Trim(h.Value.Text, " \t") != "13"):
				return fails("%s is sent as %q", name, h.Value.Text)
			case header != "": // it is empty or something else
				return fails("%s is a copy of another header ($http_%s)", name, header)
			case !h.Value.Known && copiedHeader(h.Value) == "":
				return unsure("%s is %s", name, h.Value.Text)
			}
		}
	}
	return Handshake{Passes, "", Passes}
}

// Sets returns the last proxy_set_header that applies to a header, or nil.
func (q *Request) Sets(name string) *parser.Directive {
	for i := len(q.Set.Directives) - 1; i >= 0; i-- {
		if d := q.Set.Directives[i]; strings.EqualFold(d.Param(0), name) {
			return d
		}
	}
	return nil
}

func isZero(s parser.Setting) bool {
	d := s.Last()
	if d == nil {
		return false
	}
	t, err := parser.ParseTime(d.Param(0))
	return err == nil && t == 0
}
