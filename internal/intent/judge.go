package intent

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A server is what the locations of one server have in common.
type server struct {
	terms      []string // of its names
	name       string   // the first one
	names      int      // how many were read
	webSockets int      // how many of its locations take WebSockets by name
}

// server returns the server of a location, or for a fragment's location the
// level that it lies on.
func (s *Scorer) server(location *parser.Context) *server {
	c := location.Server()
	if c == nil {
		c = location.Config.Root
	}
	if s.servers[c] == nil {
		s.servers[c] = newServer(c)
	}
	return s.servers[c]
}

func newServer(c *parser.Context) *server {
	sv := &server{}
	for _, d := range c.Own("server_name") {
		for _, name := range d.Params {
			if sv.name == "" {
				sv.name = name.Value
			}
			if sv.names++; sv.names > maxNames {
				return sv
			}
			sv.terms = append(sv.terms, terms(name.Value)...)
		}
	}
	return sv
}

// A place is a location with what was found out about it.
type place struct {
	location *parser.Context
	path     string // as written
	server   *server
	target   target
}

// says reports whether the names around a place have one of an application's.
func (p *place) says(names []string) bool {
	return tell(names, p.target.terms) || tell(names, p.server.terms)
}

func tell(names, terms []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(terms, name) })
}

func (s *Scorer) judge(location *parser.Context) *judgement {
	said := comments(location)
	p := &place{location: location, server: s.server(location), target: s.target(location)}
	j := &judgement{location: location, server: p.server, said: annotated(said), saidBy: Annotated, pass: p.target.pass}
	if j.said == Nothing {
		j.said, j.saidBy = s.told(location)
	}
	j.signals = append(p.surroundings(), commentSignal(said))
	if s.headers {
		j.signals = append(j.signals, s.headerSignals(p)...)
	}
	if location.Opener == nil {
		return j // a fragment: its path is elsewhere
	}
	p.path = pathAsWritten(location.Opener)
	best, dedicated := (*verdict)(nil), true
	for _, r := range routes(location) {
		v := p.weigh(r)
		dedicated = dedicated && v.dedicated
		if best == nil || sum(v.signals) > sum(best.signals) {
			best = v
		}
	}
	j.signals = append(j.signals, best.signals...)
	j.endpoint, j.named, j.root, j.dedicated, j.events = best.endpoint, best.named, best.root, dedicated, best.events
	return j
}

func pathAsWritten(location *parser.Directive) string {
	_, path, _ := strings.Cut(location.Words(), " ")
	return path
}

// What the directive that passes a request on says by its kind: these know no
// Upgrade, or are seldom used for one.
var passPoints = map[string]int{"fastcgi_pass": -100, "grpc_pass": -60, "uwsgi_pass": -25, "scgi_pass": -25}

// surroundings returns the signals that do not depend on the path.
func (p *place) surroundings() []signal {
	var all []signal
	if p.target.pass != nil {
		kind := p.target.pass.Name.Value
		all = append(all, signal{points: passPoints[kind], reason: kind + " passes no WebSockets"})
	}
	if _, n := weigh("upstream", p.target.terms); n > 0 {
		all = append(all, signal{points: n, reason: "upstream " + p.target.host + " names WebSockets"})
	}
	if _, n := weigh("server", p.server.terms); n > 0 {
		all = append(all, signal{points: n, reason: "server name " + p.server.name + " names WebSockets"})
	}
	if n := weighPorts("port", p.target.ports); n > 0 {
		all = append(all, signal{points: n, reason: "port of " + p.target.host + " is known for WebSockets"})
	}
	if _, n := weigh("path-target", terms(p.target.uri)); n > 0 && !webService(newRoute(p.target.uri)) {
		all = append(all, signal{points: n, reason: "proxy_pass leads to " + p.target.uri})
	}
	return all
}

func weighPorts(kind string, ports []int) int {
	var all []string
	for _, port := range ports {
		all = append(all, strconv.Itoa(port))
	}
	_, n := weigh(kind, all)
	return n
}

// A verdict is what one route of a location says.
type verdict struct {
	signals   []signal
	endpoint  *Endpoint
	dedicated bool
	events    bool
	named     bool
	root      bool
}

func (p *place) weigh(r route) *verdict {
	v := &verdict{root: r.root()}
	words := terms(r.path)
	strong := p.pathNames(v, r, words)
	v.endpoint = p.endpoint(r)
	direct := v.endpoint != nil && v.endpoint.Path.Match(r.segments)
	if points := p.endpointPoints(v.endpoint); points != 0 {
		v.add(points, knownAs[v.endpoint.Class]+v.endpoint.App)
	}
	if n := weighPorts("port-app", p.target.ports); n > 0 && (v.endpoint != nil || p.appRoot(r)) {
		v.add(n, "port of "+p.target.host+" is known for WebSockets")
	}
	against := p.against(v, r, words)
	known := direct && !v.root && (v.endpoint.Class == Dedicated || v.endpoint.Class == Mixed)
	v.named = !against && (strong || known)
	v.dedicated = !against && strong && !v.root
	if direct {
		v.dedicated = !against && v.endpoint.Class == Dedicated
	}
	return v
}

var knownAs = map[Class]string{
	Dedicated: "known endpoint of ",
	Mixed:     "known endpoint of ",
	Stream:    "known stream, without Upgrade, of ",
	Plain:     "known to take no WebSockets: ",
}

func (v *verdict) add(points int, reason string) {
	v.signals = append(v.signals, signal{points: points, reason: reason})
}

// pathNames adds what the words of a path say, and reports whether they name
// WebSockets outright.
func (p *place) pathNames(v *verdict, r route, words []string) (strong bool) {
	if _, n := weigh("path-strong", words); n > 0 {
		if webService(r) {
			v.add(webServicePoints, "path "+p.path+" says ws, as web services do too")
			return false
		}
		v.add(n, "path "+p.path+" names WebSockets")
		return true
	}
	if term, n := weigh("path-medium", words); n > 0 {
		v.add(n, fmt.Sprintf("path %s suggests WebSockets (%s)", p.path, term))
	}
	return false
}

// webServicePoints are for a ws that is more likely short for web service.
const webServicePoints = 15

var version = regexp.MustCompile(`^(v[\d*]|\d)`)

// webService reports whether a path says ws for web service: /ws/v1, /ws/2,
// /ws/rest, /ws.asmx.
func webService(r route) bool {
	_, other := weigh("path-service", terms(r.path))
	for i, segment := range r.segments {
		words := terms(segment)
		if !slices.Contains(words, "ws") {
			continue
		}
		if other != 0 || i+1 < len(r.segments) && version.MatchString(r.segments[i+1]) {
			return true
		}
	}
	return false
}
