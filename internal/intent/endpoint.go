package intent

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Class says what an endpoint serves.
type Class string

const (
	Dedicated Class = "dedicated" // WebSockets and nothing else
	Mixed     Class = "mixed"     // WebSockets and plain requests
	Stream    Class = "stream"    // long polling or server-sent events: long answers, no Upgrade
	Plain     Class = "plain"     // plain requests; it only looks like an endpoint for WebSockets
)

// An Endpoint is a path at which a known application accepts WebSockets, or something
// easily mistaken for them.
type Endpoint struct {
	App             string
	Path            Pattern
	Class           Class
	ByName          bool     // the path is too common to be a signal: a name or a port must point to the application
	Generic         bool     // the path is a signal for WebSockets, but many applications use it: a name or a port must point to this one
	Points          int      // weight as a signal
	Names           []string // of the application, as parts of upstream and server names; lower-case, letters and digits only
	Ports           []int
	Sticky          string        // yes, no or polling: a session must stay on one server, polling transports only
	Ping            time.Duration // data from either side keeps the tunnel alive; 0: unknown or none
	MinReadTimeout  time.Duration // a lower proxy_read_timeout closes idle tunnels; 0: the default of 60 s is enough
	PrefixMustReach bool          // the application must see exactly this path
	SPDYUpgrade     bool          // Upgrade can be SPDY/3.1: it must not be restricted to websocket
	Endless         bool          // the answer has parts that must arrive before it ends
	Note            string

	row int // in the table
}

// A Pattern is a path in endpoints.tsv: segments between slashes, where * is any one
// segment and ** any number of them. A trailing slash does not count. A named
// location is written as in nginx, @name.
type Pattern string

func (p Pattern) segments() []string {
	return strings.FieldsFunc(string(p), func(r rune) bool { return r == '/' })
}

// Match reports whether the pattern matches a path, split at its slashes, ignoring
// case. Only * and ** match an open segment of a regular expression (*).
func (p Pattern) Match(path []string) bool { return match(p.segments(), path) }

// match only backtracks to the last **, so its time is limited by the product of the
// lengths, and patterns are short.
func match(pattern, path []string) bool {
	p, n := 0, 0
	after, resume := -1, 0 // for the last **: what follows it, and the segment at which it stops
	for n < len(path) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			p++
			after, resume = p, n
		case p < len(pattern) && (pattern[p] == "*" || strings.EqualFold(pattern[p], path[n])):
			p++
			n++
		case after < 0:
			return false
		default:
			resume++
			p, n = after, resume
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

// below reports whether the pattern lies below a path that does not match it.
func (p Pattern) below(path []string) bool {
	segments := p.segments()
	if len(segments) > 0 && segments[0] == "**" {
		segments = segments[1:]
	}
	return len(path) < len(segments) && match(segments[:len(path)], path)
}

// key returns the last literal segment in lower case, or "" for /.
func (p Pattern) key() string {
	for _, s := range slices.Backward(p.segments()) {
		if s != "*" && s != "**" {
			return strings.ToLower(s)
		}
	}
	return ""
}

// literals returns the number of literal segments: more is more specific.
func (p Pattern) literals() int {
	n := 0
	for _, s := range p.segments() {
		if s != "*" && s != "**" {
			n++
		}
	}
	return n
}

//go:embed endpoints.tsv
var endpointsTable string

// An index holds endpoints.tsv, sorted by application and path.
type index struct {
	all    []*Endpoint
	byKey  map[string][]*Endpoint
	byApp  map[string][]*Endpoint
	ports  map[int]bool           // of the applications, except common ones
	byName map[string][]*Endpoint // whole sites, which only a name identifies
}

var endpoints = sync.OnceValue(func() *index {
	x := &index{
		all: parseEndpoints(endpointsTable), byKey: make(map[string][]*Endpoint), byApp: make(map[string][]*Endpoint),
		byName: make(map[string][]*Endpoint), ports: make(map[int]bool),
	}
	for i, e := range x.all {
		e.row = i
		key := e.Path.key()
		x.byKey[key] = append(x.byKey[key], e)
		x.byApp[e.App] = append(x.byApp[e.App], e)
		for _, port := range e.Ports {
			x.ports[port] = !slices.Contains(commonPorts, port)
		}
		if key != "" || !e.ByName {
			continue
		}
		for _, name := range e.Names {
			x.byName[name] = append(x.byName[name], e)
		}
	}
	return x
})

// commonPorts are used by too many applications to identify one.
var commonPorts = []int{80, 443, 3000, 4000, 5000, 8000, 8080, 8443, 9000, 9443}

func parseEndpoints(table string) []*Endpoint {
	var all []*Endpoint
	for _, r := range rows(table) {
		all = append(all, &Endpoint{
			App:             r.text("app"),
			Path:            Pattern(r.text("path")),
			Class:           Class(r.text("class")),
			ByName:          r.text("told_by") == "name",
			Generic:         r.text("told_by") == "sign",
			Points:          int(r.number("points")),
			Names:           r.list("names"),
			Ports:           r.ports(),
			Sticky:          r.text("sticky"),
			Ping:            r.seconds("ping_seconds"),
			MinReadTimeout:  r.seconds("min_read_timeout_seconds"),
			PrefixMustReach: r.yes("prefix_must_reach"),
			SPDYUpgrade:     r.yes("spdy_upgrade"),
			Endless:         r.yes("endless"),
			Note:            r.text("note"),
		})
	}
	return all
}

func (r row) seconds(column string) time.Duration {
	return time.Duration(r.number(column) * float64(time.Second))
}

func (r row) ports() []int {
	var ports []int
	for _, p := range r.list("ports") {
		n, err := strconv.Atoi(p)
		if err != nil {
			panic(err)
		}
		ports = append(ports, n)
	}
	return ports
}
