package model

import (
	"net"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A BadTarget says why nginx cannot use the URL that a proxy_pass with variables
// evaluates to.
type BadTarget struct {
	Answer string // "500" or "502"
	Reason string
	Unless string // the capture that has to be empty for a request to succeed; "" where every request fails
}

// BadTarget returns what is wrong with the URL, or nil. nginx checks a URL without
// variables when it starts, one with variables at each request (ngx_http_proxy_eval,
// ngx_parse_url).
func (q Request) BadTarget() *BadTarget {
	if q.Pass == nil || !q.Pass.Is("proxy_pass") || !strings.Contains(q.Pass.Param(0), "$") || q.Script() != nil {
		return nil
	}
	text := q.Target.Text
	if rest, ok := strings.CutPrefix(text, "${scheme}"); ok {
		text = "http" + rest
	}
	scheme, rest, ok := strings.Cut(text, "://")
	switch {
	case (!ok || !isHTTP(scheme)) && q.Target.Known && !strings.EqualFold(scheme, "ws") && !strings.EqualFold(scheme, "wss"):
		return &BadTarget{Answer: "500", Reason: "invalid URL prefix in " + strconv.Quote(text)}
	case !ok || !isHTTP(scheme) || strings.HasPrefix(rest, "unix:") || strings.HasPrefix(rest, "["):
		return nil
	case q.Target.hostless():
		return &BadTarget{Answer: "500", Reason: "no host in upstream"}
	}
	head, glued, ok := authority(rest, q.Target.Known)
	if !ok {
		return nil
	}
	host, port, hasPort := strings.Cut(head, ":")
	switch {
	case glued != "":
		return q.gluedCapture(head, host, port, hasPort, glued)
	case hasPort && !validPort(port) && !strings.ContainsAny(head, "<>{}[]"): // of an example or a template
		return &BadTarget{Answer: "500", Reason: "invalid port in upstream " + strconv.Quote(rest)}
	}
	return nil
}

// Script returns a script on the way of the request that may set variables, or nil.
func (q Request) Script() *parser.Directive {
	for _, names := range phases {
		if d := nearest(q.Level, names); d != nil {
			return d
		}
	}
	return nil
}

func isHTTP(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

func validPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// authority returns the host and port at the beginning of a URL, up to the first
// variable in them, whose name it returns. It reports false where the end cannot be
// found.
func authority(url string, known bool) (head, variable string, ok bool) {
	end := strings.IndexAny(url, "/?")
	if !known {
		if i := strings.IndexAny(url, "(${"); i >= 0 && (end < 0 || i < end) {
			name, _, closed := strings.Cut(strings.TrimPrefix(url[i:], "${"), "}")
			switch {
			case !strings.HasPrefix(url[i:], "${") || !closed:
				return "", "", false // a map or an if decides
			case name == "uri" || name == "document_uri" || name == "request_uri" || name == "is_args":
				return url[:i], "", true
			}
			return url[:i], name, true
		}
	}
	if end >= 0 {
		url = url[:end]
	}
	return url, "", true
}

// gluedCapture is for a URL in which a capture of the location's expression follows
// the host or the port without a slash.
func (q Request) gluedCapture(head, host, port string, hasPort bool, variable string) *BadTarget {
	g, ok := q.captured(variable)
	if !ok || g.slash || g.digits {
		return nil
	}
	bad := &BadTarget{Answer: "500", Reason: "invalid port in upstream"}
	switch {
	case hasPort && !validPort(port): // the whole port is in the variable
		return nil
	case !hasPort:
		if net.ParseIP(host) == nil && !q.model.onlyUpstream(host) || q.model.resolves(q.Level, q.version) {
			return nil
		}
		bad.Answer, bad.Reason = "502", "no resolver defined to resolve"
	}
	bad.Reason += " " + strconv.Quote(head+"$"+variable)
	if g.empty {
		bad.Unless = "$" + variable
	}
	return bad
}

// onlyUpstream reports whether a name is that of an upstream, and no other upstream
// has a name that begins with it.
func (m *Model) onlyUpstream(name string) bool {
	found := false
	for _, u := range m.Upstreams() {
		other := u.Opener.Param(0)
		found = found || other == name
		if other != name && strings.HasPrefix(other, name) {
			return false
		}
	}
	return found
}
