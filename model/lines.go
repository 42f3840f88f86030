package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

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
