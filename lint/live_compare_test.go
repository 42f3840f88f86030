package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A liveAnswer is what came of one request.
type liveAnswer struct {
	status int
	echoes bool // the handshake passed
	sent   []upstreamRequest
}

// A liveMismatch is a place where nginx and the model differ.
type liveMismatch struct {
	server, path string // the port that the sketch has for it
	kind         model.Kind
	what         string // comparable over runs
	detail       string
}

// doubts are the reasons for which the model may be unsure.
var doubts = regexp.MustCompile(`^try_files decides$|unless the (if|rewrite) in line \d+ changes that$|^(Upgrade|Connection) is .*(\$\{|map\(|if\()|^Upgrade is sent twice unless|the rewrite in line \d+ (sends paths without|leaves nothing)`)

// routeInDoubt reports whether a server has a location whose expression only PCRE can
// run: it is unknown what it matches.
func routeInDoubt(c *parser.Context) bool {
	return slices.ContainsFunc(c.Children, func(child *parser.Context) bool {
		modifier, name := child.LocationName()
		if strings.HasPrefix(modifier, "~") {
			if _, err := parser.CompileRegex(modifier[1:] + name); err != nil {
				return true
			}
		}
		return routeInDoubt(child)
	})
}

// everyPath are expressions of rewrite of which the model knows that they match.
var everyPath = regexp.MustCompile(`^\^?(\(\.\*\)\$?|/?)$`)

// rewritten reports whether a rewrite directive of a server matches this path, but
// not all of its location. The model cannot predict those.
func rewritten(c *parser.Context, path string) bool {
	for _, d := range c.Own("rewrite") {
		if re, err := parser.CompileRegex(d.Param(0)); !everyPath.MatchString(d.Param(0)) && (err != nil || re.MatchString(path)) {
			return true
		}
	}
	return slices.ContainsFunc(c.Children, func(child *parser.Context) bool { return child.Name == "if" && rewritten(child, path) })
}

// judge compares the answer to one request with the model. It returns what
// differs, or "", and whether the model is unsure.
func (q modelled) judge(path string, a liveAnswer) (what, detail string, unsure bool) {
	server, location := q.Level.Server(), q.Level.Enclosing("location")
	switch {
	case routeInDoubt(server):
		return "", "an expression that only PCRE can run", true
	case rewritten(server, path), location != nil && rewritten(location, path), rewritten(q.Location, path):
		return "", "a rewrite of a part of the paths", true
	}
	if q.Kind == model.WebSocket {
		h := q.Handshake()
		switch {
		case h.Outcome == model.Unsure && !doubts.MatchString(h.Reason):
			return "unsure without a reason", h.Reason, true
		case h.Outcome == model.Unsure:
			return "", h.Reason, true
		case len(q.All("Host")) != 1 && q.Pass != nil && h.Outcome == model.Passes:
			return "", "strict backends want one Host", true // Go answers 400; other applications do not care
		case a.echoes != (h.Outcome == model.Passes):
			return fmt.Sprintf("handshake %v", h.Outcome), fmt.Sprintf("nginx answers %d, the model says it %v: %s", a.status, h.Outcome, h.Reason), false
		}
	}
	if doubt := q.inDoubt(); doubt != "" {
		return "", doubt, true
	}
	what, detail = q.compare(a)
	return what, detail, false
}

// modelled is a request as the model has it, with the addresses of upstreams.
type modelled struct {
	model.Request
	cfg     *parser.Config
	version parser.Version
}

// inDoubt says why what is sent is not to be compared, or "".
func (q modelled) inDoubt() string {
	limited := slices.ContainsFunc(q.Location.Children, func(c *parser.Context) bool { return c.Name == "limit_except" })
	if at := q.Level.Enclosing("location"); at != nil && at != q.Location { // somewhere on the way of its jumps
		limited = limitsMethods(q.Level.Server())
	}
	switch {
	case len(q.Perhaps) > 0:
		return "an if or a rewrite decides"
	case q.Pass == nil && q.Answer == "" && q.Level.First("try_files") != nil:
		return "try_files decides"
	case limited && q.Kind == model.Plain:
		return "a plain request's method is not known"
	case q.Level.Effective("proxy_read_timeout").Last() != nil && q.Level.Effective("proxy_read_timeout").Last().Param(0) == "0":
		return "the time may be over before anything is sent"
	case q.unresolved():
		return "a resolver would be asked"
	case q.version.Before(parser.Version{Major: 1, Minor: 25, Patch: 1}) && strings.Contains(q.Level.Server().First("listen").Span().Text(), "http2"):
		return "a socket that speaks HTTP/2"
	}
	return ""
}

func limitsMethods(c *parser.Context) bool {
	return c.Name == "limit_except" || slices.ContainsFunc(c.Children, limitsMethods)
}

// compare looks at what is sent upstream.
func (q modelled) compare(a liveAnswer) (what, detail string) {
	if q.Pass == nil {
		if len(a.sent) > 0 {
			return "sent in spite of " + q.Answer, fmt.Sprintf("the model says that nginx answers %q itself, but %q goes upstream", q.Answer, a.sent[0].lines)
		}
		if status, err := strconv.Atoi(q.Answer); err == nil && status != a.status && status != 444 {
			return "answer " + q.Answer, fmt.Sprintf("nginx answers %d, the model says %s", a.status, q.Answer)
		}
		return "", ""
	}
	if !strings.HasPrefix(strings.ToLower(q.Target.Text), "http://") && q.Target.Known {
		return "", ""
	}
	if hostless.MatchString(q.Target.Text) {
		return "", ""
	}
	if len(a.sent) == 0 {
		return "nothing sent", fmt.Sprintf("nginx answers %d and sends nothing upstream, the model says that it asks %s", a.status, q.Target.Text)
	}
	sent := a.sent[0]
	if q.HTTP == "2" {
		if !strings.HasSuffix(sent.lines[0], " HTTP/2.0") {
			return "version", fmt.Sprintf("%q goes upstream, the model says HTTP/2", sent.lines[0])
		}
		return "", ""
	}
	if backends := q.backends(); backends != nil && !slices.Contains(backends, sent.backend) {
		return "target", fmt.Sprintf("the request goes to %s, the model says %s: %v", sent.backend, q.Target.Text, backends)
	}
	words := strings.Fields(sent.lines[0])
	if version := words[len(words)-1]; version != "HTTP/"+q.HTTP {
		return "version", fmt.Sprintf("%s goes upstream, the model says %s", version, q.HTTP)
	}
	if q.Method.Known && words[0] != q.Method.Text {
		return "method", fmt.Sprintf("%s goes upstream, the model says %s", words[0], q.Method.Text)
	}
	return q.compareHeaders(sent)
}

// compareHeaders compares every line that the model speaks of, and those of the
// client's that it says nothing about.
func (q modelled) compareHeaders(sent upstreamRequest) (what, detail string) {
	for _, name := range []string{"Upgrade", "Connection", "Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "X-M", "X-Mode", "X-Empty"} {
		var want []string
		for _, h := range q.All(name) {
			want = append(want, pattern(h.Value))
		}
		got := sent.values(name)
		if client := strings.HasPrefix(name, "Sec-"); client && len(want) == 0 && q.Sets(name) == nil {
			if off := q.Level.Effective("proxy_pass_request_headers").Last(); q.Kind == model.Plain || off != nil && off.Param(0) == "off" {
				continue
			}
			want = []string{".*"}
		}
		if !alike(got, want) {
			return "header " + name, fmt.Sprintf("%s is sent as %q, the model says %q", name, got, want)
		}
	}
	return "", ""
}

// alike matches values with patterns, in order; a pattern that matches nothing
// at all may be left out.
func alike(values, patterns []string) bool {
	if len(patterns) == 0 {
		return len(values) == 0
	}
	re := regexp.MustCompile(`^(?s:` + patterns[0] + `)$`)
	if len(values) > 0 && re.MatchString(values[0]) && alike(values[1:], patterns[1:]) {
		return true
	}
	return re.MatchString("") && alike(values, patterns[1:])
}

// hostless matches targets for which nginx answers 500.
var hostless = regexp.MustCompile(`(?i)^https?://($|/|\$\{(request_)?uri\})`)

var placeholder = regexp.MustCompile(`\\\$\\\{\w+\\\}`)

// pattern is a regular expression for a value: what the model does not know may
// be anything.
func pattern(v model.Value) string {
	if !v.Known && (strings.Contains(v.Text, "map(") || strings.Contains(v.Text, "if(") || strings.Contains(v.Text, "{ ") || strings.Contains(v.Text, "geo")) {
		return ".*"
	}
	return placeholder.ReplaceAllString(regexp.QuoteMeta(v.Text), ".*")
}

// unresolved reports whether a target names neither an upstream nor an address:
// nginx would have to ask a resolver.
func (q modelled) unresolved() bool {
	for _, address := range q.backends() {
		if !strings.Contains(address, ":") {
			return true
		}
	}
	return false
}

// backends are the addresses that a target means; nil where it is not known.
func (q modelled) backends() []string {
	_, rest, _ := strings.Cut(q.Target.Text, "://")
	host, _, _ := strings.Cut(rest, "/")
	if host == "" || strings.Contains(host, "$") {
		return nil
	}
	upstream := q.cfg.Upstream(host)
	if upstream == nil {
		return []string{host}
	}
	var all []string
	for _, d := range upstream.Own("server") {
		all = append(all, d.Param(0))
	}
	return all
}
