package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Request is what nginx does with a request that reaches a location: its own
// answer, or what it sends upstream.
type Request struct {
	Kind     Kind
	Location *parser.Context
	Level    *parser.Context   // the context whose settings apply: the location, or an if in it
	Pass     *parser.Directive // proxy_pass or the like; nil if nginx answers itself
	Answer   string            // nginx's own answer if Pass is nil: "301", "403", ...
	By       *parser.Directive // why nginx answers itself: return, deny, or the if or limit_except around it
	Target   Value             // the target of proxy_pass
	Method   Value
	Version  parser.Setting // proxy_http_version
	HTTP     string         // the HTTP version sent: "1.0", "1.1" or "2"
	Set      parser.Setting // proxy_set_header
	Headers  []Header
	Short    *Shortened          // a rewrite that leaves too little of the path; nil for none
	Perhaps  []*parser.Directive // an if with an unknown condition, which may change all of the above

	model   *Model
	version parser.Version
	given   []string // what is assumed of the client: that it asks over TLS
	status  string   // the status of an error_page; "" for that of the upstream
	garbled bool     // the server's sockets speak only HTTP/2 without TLS

	some      *parser.Directive // a rewrite that takes some of the location's paths elsewhere
	mayChange bool              // one of Perhaps may do more than have nginx answer the request itself
}

// A Header is a line that proxy_set_header, or nginx by default, sends.
type Header struct {
	Name      string
	Value     Value
	Directive *parser.Directive // nil for a default
}

// pass sends a request through one location.
func (r *requestState) pass(c *parser.Context, same bool, v parser.Version) Request {
	r.level, r.answer, r.by, r.uri, r.settled, r.short = c, "", nil, "", false, nil
	server := c.Server()
	if server != nil && !same {
		r.server(server)
	}
	if r.answer == "" && r.uri == "" && c != server {
		r.level = c
		r.find(c)
	}
	if r.answer == "" && r.uri == "" {
		r.scripts()
	}
	q := Request{model: r.model, Kind: r.kind, Location: c, Level: r.level, Answer: r.answer, By: r.by, Perhaps: r.perhaps, some: r.some, version: v, given: r.given}
	q.mayChange = r.mayChange || len(r.perhaps) > 0 && len(r.level.Effective("error_page").Directives) > 0
	q.garbled = r.model.onlyHTTP2(server, v)
	if q.Answer == "" && r.uri == "" {
		if d := r.denied(); d != nil {
			q.Answer, q.By = "403", d
		}
	}
	if q.Answer != "" || r.uri != "" {
		return q
	}
	if q.Pass = r.level.Handler(); q.Pass == nil {
		q.By = r.level.ContentScript()
	} else if d := r.level.Replacer(q.Pass); d != nil {
		q.Pass, q.By = nil, d
	}
	if q.By.Named("echo_exec") {
		r.uri = q.By.Param(0)
	}
	if q.Pass == nil {
		return q
	}
	r.settled, q.Short = true, r.short
	q.Target = r.expand(q.Pass.Param(0))
	q.Method = r.method()
	q.Version = r.level.Effective("proxy_http_version")
	q.HTTP = parser.DefaultHTTPVersion(v)
	if d := q.Version.Last(); d != nil {
		q.HTTP = d.Param(0)
	}
	q.Set = r.level.Effective("proxy_set_header")
	q.Headers = r.headers(q.Set, v)
	return q
}

// server runs the rewrite directives of a server. They have the same result for every
// request without earlier changes, and run only once for these: a thousand of them
// above a thousand locations would take a million steps.
func (r *requestState) server(c *parser.Context) {
	r.level, r.at = c, c
	first := len(r.vars.own) == 0 && len(r.perhaps) == 0 && !r.internal && hasRewrites(c)
	key := serverRun{c, r.kind}
	if first {
		if done, ok := r.model.serverRuns.Load(key); ok {
			end := done.(*requestState)
			r.level, r.answer, r.by, r.uri, r.perhaps = end.level, end.answer, end.by, end.uri, slices.Clip(end.perhaps)
			r.sets, r.given, r.mayChange = end.sets, slices.Clip(end.given), end.mayChange
			r.vars = variables{below: &end.vars}
			return
		}
	}
	r.rewrites(c)
	if first {
		end := *r
		r.model.serverRuns.Store(key, &end)
		r.vars = variables{below: &end.vars}
	}
}

// A serverRun is the key for the result of a server's rewrite directives.
type serverRun struct {
	server *parser.Context
	kind   Kind
}

// find enters a location, in the order of ngx_http_core_find_config_phase.
func (r *requestState) find(c *parser.Context) {
	to, slash := r.model.redirectTarget(c)
	if slash {
		c, r.level = to, to
	}
	if d := c.Effective("internal").Last(); d != nil && !r.internal {
		r.answer, r.by = "404", d
		return
	}
	limit := limited(c, r.kind)
	if limit != nil { // it has no rewrite directives, and those of the location do not run
		r.level = limit
	}
	switch {
	case slash:
		r.answer = "301"
	case limit == nil:
		r.at = c
		r.rewrites(c)
	}
}

// hostless reports whether a target with variables has no host. nginx then answers
// 500.
func (v Value) hostless() bool {
	_, rest, ok := strings.Cut(v.Text, "://")
	return ok && (rest == "" || rest[0] == '/' || strings.HasPrefix(rest, "${request_uri}") || strings.HasPrefix(rest, "${uri}"))
}

// Upstream returns the upstream block that a request is sent to, or nil.
func (q Request) Upstream() *parser.Context {
	_, rest, ok := strings.Cut(q.Target.Text, "://")
	if !ok || q.Location == nil {
		return nil
	}
	host, _, _ := strings.Cut(rest, "/")
	return q.model.UpstreamIn(host, q.version)
}

// tryFiles returns the try_files of the location, or of the server if the request has
// not reached a location. It is not inherited, not even by an if.
func (q Request) tryFiles() *parser.Directive { return q.Level.First("try_files") }

func (r *requestState) method() Value {
	if d := r.level.Effective("proxy_method").Last(); d != nil {
		return r.expand(d.Param(0))
	}
	return r.variable("request_method")
}

// All returns the header lines with a name, ignoring case. The caller must not change
// the list.
func (q *Request) All(name string) []Header {
	var all []Header
	for i, h := range q.Headers {
		switch {
		case len(h.Name) != len(name) || !strings.EqualFold(h.Name, name):
		case all == nil: // usually there is one
			all = q.Headers[i : i+1 : i+1]
		default:
			all = append(all, h)
		}
	}
	return all
}
