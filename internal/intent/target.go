package intent

import (
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A target is where a location sends its requests, as far as the text shows.
type target struct {
	pass  *parser.Directive // nil: nginx answers itself, or another location does
	host  string            // with the port, as the user knows it
	uri   string            // what replaces the location's path
	terms []*term           // of the host, the upstream's servers and the variables
	ports []int             // those that identify an application: not 80, 3000, 8080
}

// maxNames limits the names of one thing: a hundred say as much as ten thousand, and
// are read again for each location.
const maxNames = 100

var passes = []string{"proxy_pass", "fastcgi_pass", "grpc_pass", "uwsgi_pass", "scgi_pass"}

// passOf returns the directive that proxies a location's requests. It can be in an if
// or a limit_except.
func passOf(location *parser.Context) *parser.Directive {
	for _, name := range passes {
		if d := location.First(name); d != nil {
			return d
		}
	}
	for _, child := range location.Children {
		if child.Name == "if" || child.Name == "limit_except" {
			if d := passOf(child); d != nil {
				return d
			}
		}
	}
	return nil
}

var variable = lazyregexp.New(`\$\{?(\w+)\}?`)

func (w *worker) target(location *parser.Context) target {
	t := target{pass: passOf(location)}
	if t.pass == nil {
		return t
	}
	written := t.pass.Param(0)
	value := written
	if strings.Contains(written, "$") {
		for _, m := range variable().FindAllStringSubmatch(hostPart(written), -1) {
			t.terms = append(t.terms, terms(m[1])...)
		}
		value = resolve(location, written)
	}
	t.host = hostPart(value)
	_, rest, _ := strings.Cut(value, "://")
	if t.uri = strings.TrimPrefix(rest, t.host); t.uri == rest {
		t.uri = ""
	}
	t.add(newPeers(t.host))
	if up := location.Config.Upstream(t.host); up != nil {
		t.add(w.upstream(up))
	}
	return t
}

func (t *target) add(p peers) {
	t.terms = append(t.terms, p.terms...)
	t.ports = append(t.ports, p.ports...)
}

// maxSets limits how deeply set directives refer to each other, because a set can
// refer to itself.
const maxSets = 4

// resolve replaces the variables in a value that a set of the location, or of a level
// around it, defines.
func resolve(location *parser.Context, value string) string {
	for range maxSets {
		next := variable().ReplaceAllStringFunc(value, func(v string) string {
			if d := setOf(location, strings.Trim(v, "${}")); d != nil {
				return d.Param(1)
			}
			return v
		})
		if next == value {
			break
		}
		value = next
	}
	return value
}

func setOf(c *parser.Context, name string) *parser.Directive {
	for ; c != nil; c = c.Parent {
		for _, d := range c.Own("set") {
			if strings.EqualFold(strings.TrimPrefix(d.Param(0), "$"), name) {
				return d
			}
		}
	}
	return nil
}

// hostPart returns the host and port of a URL, or of an address without a scheme.
func hostPart(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		url = rest
	}
	if strings.HasPrefix(url, "unix:") {
		return url
	}
	host, _, _ := strings.Cut(url, "/")
	return host
}

// peers is what the addresses of one or more servers say.
type peers struct {
	terms []*term
	ports []int
}

func newPeers(address string) peers {
	host, port, found := strings.Cut(address, ":")
	p := peers{terms: terms(host)}
	if n, err := strconv.Atoi(port); found && err == nil && (endpoints().ports[n] || portAny.weight(port) > 0) {
		p.ports = []int{n}
	}
	return p
}

// upstream returns what the servers of an upstream say. It is cached, because many
// locations can share the upstream.
func (w *worker) upstream(up *parser.Context) peers {
	if p, ok := w.upstreams[up]; ok {
		return p
	}
	var all peers
	servers := up.Own("server")
	for _, d := range servers[:min(len(servers), maxNames)] {
		p := newPeers(d.Param(0))
		all.terms = append(all.terms, p.terms...)
		all.ports = append(all.ports, p.ports...)
	}
	if len(servers) > fewServers {
		w.upstreams[up] = all
	}
	return all
}

// fewServers servers or fewer are read again rather than cached.
const fewServers = 4
