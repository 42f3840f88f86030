package parser

import "strings"

// A Request is what nginx makes of a request that reaches a location: the
// answer that it gives itself, or what it sends upstream.
type Request struct {
	Kind     Kind
	Location *Context
	Level    *Context   // whose settings hold: the location, or an if in it
	Pass     *Directive // proxy_pass or its like; nil where nginx answers itself
	Answer   string     // nginx's own answer where Pass is nil: "301", "403", ...
	Target   Value      // what proxy_pass names
	Method   Value
	Version  Setting // proxy_http_version
	HTTP     string  // the HTTP version sent: "1.0", "1.1" or "2"
	Set      Setting // proxy_set_header
	Headers  []Header
	Perhaps  []*Directive // an if with a condition that is not known, which may change all that

	garbled bool // the server's sockets speak only HTTP/2, in plain text
}

// A Header is a line that proxy_set_header, or nginx by default, sends.
type Header struct {
	Name      string
	Value     Value
	Directive *Directive // nil for a default
}

// PassNames are the directives that hand a request to an upstream.
var PassNames = []string{"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"}

// Request returns what a location makes of a kind of request with a version of
// nginx. The context may be a location or a server's own level.
func (c *Context) Request(kind Kind, v Version) Request {
	q := c.request(kind, v)
	for jumps := 0; jumps < maxJumps; jumps++ {
		next := q.jump()
		if next == nil {
			break
		}
		q = next.request(kind, v)
		q.Location = c
	}
	return q
}

// maxJumps is nginx's own limit of internal redirects
// (NGX_HTTP_MAX_URI_CHANGES).
const maxJumps = 10

func (c *Context) request(kind Kind, v Version) Request {
	r := &walk{run: run{cfg: c.Config, kind: kind, vars: make(map[string]Value)}, level: c}
	if s := c.Server(); s != nil && s != c {
		r.rewrites(s)
		r.level = c
	}
	if r.answer == "" {
		r.rewrites(c)
	}
	q := Request{Kind: kind, Location: c, Level: r.level, Answer: r.answer, Perhaps: r.perhaps}
	q.garbled = c.Server().onlyHTTP2(v)
	if q.Answer == "" && r.denied() {
		q.Answer = "403"
	}
	if q.Answer != "" {
		return q
	}
	if q.Pass = r.level.Handler(); q.Pass == nil || q.jump() != nil {
		return q
	}
	q.Target = r.expand(q.Pass.Param(0))
	q.Method = r.method()
	q.Version = r.level.Effective("proxy_http_version")
	q.HTTP = DefaultHTTPVersion(v)
	if d := q.Version.Last(); d != nil {
		q.HTTP = d.Param(0)
	}
	q.Set = r.level.Effective("proxy_set_header")
	q.Headers = r.headers(q.Set, v)
	return q
}

// jump returns the named location that takes the request over: the last
// parameter of try_files, which asks for files first (that none is there is
// assumed), or an error_page for the status that nginx answers. Nil otherwise.
func (q Request) jump() *Context {
	name := ""
	if q.Answer != "" {
		for _, d := range q.Level.Effective("error_page").Directives {
			if hasParam(d, q.Answer) {
				name = d.Params[len(d.Params)-1].Value
				break
			}
		}
	} else if d := q.tryFiles(); d != nil && len(d.Params) > 1 {
		name = d.Params[len(d.Params)-1].Value
	}
	if !strings.HasPrefix(name, "@") {
		return nil
	}
	return q.Level.Server().named(name)
}

// tryFiles returns the try_files of the location, or of the server where the
// request has reached no location. It is not inherited.
func (q Request) tryFiles() *Directive {
	c := q.Level
	for c.Name == "if" || c.Name == "limit_except" {
		c = c.Parent
	}
	return c.First("try_files")
}

// named returns a server's location @name, or nil.
func (c *Context) named(name string) *Context {
	if c == nil {
		return nil
	}
	for _, child := range c.Children {
		if child.Name == "location" && child.Opener != nil && child.Opener.Param(0) == name {
			return child
		}
	}
	return nil
}

// Handler returns the directive that answers requests at a level: proxy_pass
// and the like are not inherited by a nested location, but hold inside an if or
// limit_except of their location.
func (c *Context) Handler() *Directive {
	for ; c != nil; c = c.Parent {
		for _, name := range PassNames {
			if d := c.First(name); d != nil && d.Block == nil {
				return d
			}
		}
		if c.Name != "if" && c.Name != "limit_except" {
			return nil
		}
	}
	return nil
}

func (s Setting) value() string {
	if d := s.Last(); d != nil {
		return d.Param(0)
	}
	return ""
}

func hasParam(d *Directive, value string) bool {
	for _, p := range d.Params {
		if strings.EqualFold(p.Value, value) {
			return true
		}
	}
	return false
}

func (r *walk) method() Value {
	if d := r.level.Effective("proxy_method").Last(); d != nil {
		return r.expand(d.Param(0))
	}
	return r.variable("request_method")
}

// headers returns the lines that go upstream in place of the client's own.
// Empty values are not sent. Host and Connection have defaults; the default
// "Connection: close" went in 1.29.7.
func (r *walk) headers(set Setting, v Version) []Header {
	headers := make([]Header, 0, len(set.Directives)+2)
	host, connection := false, false
	for _, d := range set.Directives {
		if len(d.Params) != 2 {
			continue
		}
		name := d.Param(0)
		host = host || strings.EqualFold(name, "Host")
		connection = connection || strings.EqualFold(name, "Connection")
		if value := r.expand(d.Param(1)); !value.Known || value.Text != "" {
			headers = append(headers, Header{name, value, d})
		}
	}
	if !v.Before(OneHost) {
		headers = lastHost(headers)
	}
	if !host {
		headers = append(headers, Header{"Host", Value{Text: "${proxy_host}"}, nil})
	}
	if !connection && DefaultConnectionClose(v) {
		headers = append(headers, Header{"Connection", known("close"), nil})
	}
	return headers
}

// OneHost is the version from which on nginx sends the last of several Host
// lines (nginx's CHANGES, 1.31.4).
var OneHost = Version{1, 31, 4}

func lastHost(headers []Header) []Header {
	last := -1
	for i, h := range headers {
		if strings.EqualFold(h.Name, "Host") {
			last = i
		}
	}
	kept := headers[:0]
	for i, h := range headers {
		if i == last || !strings.EqualFold(h.Name, "Host") {
			kept = append(kept, h)
		}
	}
	return kept
}

// All returns the header lines of that name; case does not count.
func (q Request) All(name string) []Header {
	var all []Header
	for _, h := range q.Headers {
		if strings.EqualFold(h.Name, name) {
			all = append(all, h)
		}
	}
	return all
}
