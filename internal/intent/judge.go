package intent

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A server is what the locations of a server have in common.
type server struct {
	terms      []*term // of its names
	name       string  // the first one
	points     int     // that its names are worth
	webSockets int     // how many of its locations have WebSocket names
}

func newServer(c *parser.Context) *server {
	sv := &server{}
	names := 0
	for _, d := range c.Own("server_name") {
		for i := range d.ParamCount() {
			name := d.Param(i)
			if sv.name == "" {
				sv.name = name
			}
			if names++; names > maxNames {
				break
			}
			sv.terms = append(sv.terms, terms(name)...)
		}
	}
	_, sv.points = inServer.weigh(sv.terms)
	return sv
}

// A place is a location with what is known about it.
type place struct {
	location *parser.Context
	server   *server
	target   target
}

// says reports whether one of the names around a place is that of an application.
func (p *place) says(names []string) bool {
	return tell(names, p.target.terms) || tell(names, p.server.terms)
}

func tell(names []string, terms []*term) bool {
	for _, t := range terms {
		if slices.Contains(names, t.text) {
			return true
		}
	}
	return false
}

// judge collects what is known about a location.
func (w *worker) judge(j *judgement, location *parser.Context, sv *server) {
	*j = judgement{location: location, server: sv, signals: j.signals[:0]}
	w.place = place{location: location, server: sv, target: w.target(location)}
	p := &w.place
	j.pass = p.target.pass
	p.surroundings(j)
	signal, said := w.read(comments(location))
	j.add(signal)
	if j.said, j.saidBy = said, Annotated; said == Nothing {
		j.said, j.saidBy = w.userSaid(location)
	}
	if w.headers {
		w.headerSignals(p, j)
	}
	if location.Opener == nil {
		return // a fragment: its path is in another file
	}
	var best verdict
	dedicated := true
	for i, r := range w.readings(location) {
		v := p.weigh(r, w.scratch)
		dedicated = dedicated && v.dedicated
		if w.scratch = v.signals; i == 0 || sum(v.signals) > sum(best.signals) {
			best, w.scratch = v, w.best
			w.best = v.signals
		}
	}
	j.signals = append(j.signals, best.signals...)
	j.endpoint, j.named, j.root, j.dedicated, j.events = best.endpoint, best.named, best.root, dedicated, best.events
}

// What the kind of directive that proxies a request means: these do not support
// Upgrade, or are rarely used for it.
var passPoints = map[string]int{"fastcgi_pass": -100, "grpc_pass": -60, "uwsgi_pass": -25, "scgi_pass": -25}

// surroundings adds the signals that do not depend on the path.
func (p *place) surroundings(j *judgement) {
	t := p.target
	if t.pass != nil && !t.pass.Is("proxy_pass") {
		kind := t.pass.Name()
		j.add(signal{points: passPoints[kind], reason: kind + " passes no WebSockets"})
	}
	if _, n := inUpstream.weigh(t.terms); n > 0 {
		j.add(signal{points: n, reason: "upstream " + t.host + " names WebSockets"})
	}
	if p.server.points > 0 {
		j.add(signal{points: p.server.points, reason: "server name " + p.server.name + " names WebSockets"})
	}
	if n := portAny.weighPorts(t.ports); n > 0 {
		j.add(signal{points: n, reason: "the port of " + t.host + usualPort})
	}
	if _, n := pathTarget.weigh(terms(t.uri)); n > 0 && !newRoute(t.uri).webService() {
		j.add(signal{points: n, reason: "proxy_pass leads to " + t.uri})
	}
}

func (k kind) weighPorts(ports []int) int {
	best := 0
	for _, port := range ports {
		if n := k.weight(strconv.Itoa(port)); abs(n) > abs(best) {
			best = n
		}
	}
	return best
}

// A reading is what a route says by itself, without its surroundings.
type reading struct {
	route
	terms     []*term
	last      []*term  // of its last segment
	signals   []signal // what its words say
	strong    bool     // they name WebSockets outright
	averse    []signal // what speaks against it
	endpoints []*Endpoint
}

// readings returns what the routes of a location say. Many locations have the same
// path.
func (w *worker) readings(location *parser.Context) []*reading {
	modifier, name := location.LocationName()
	written := modifier + name // of one of several names
	if !location.Combined() {
		written = pathAsWritten(location.Opener)
	}
	key := [3]string{modifier, name, written}
	known, ok := w.paths[key]
	if !ok {
		for _, r := range routes(modifier, name) {
			known = append(known, newReading(r, written))
		}
		w.paths[key] = known
	}
	return known
}

func pathAsWritten(location *parser.Directive) string {
	params := location.Params()
	if len(params) == 1 {
		return params[0].Value()
	}
	var words []string
	for _, p := range params {
		words = append(words, p.Value())
	}
	return strings.Join(words, " ")
}

func newReading(r route, path string) *reading {
	n := &reading{route: r, terms: terms(r.path), endpoints: candidates(r)}
	if len(r.segments) > 0 {
		n.last = terms(r.segments[len(r.segments)-1])
	}
	n.pathNames(path)
	n.averse = n.against(path)
	return n
}

// pathNames adds what the words of a path say.
func (r *reading) pathNames(path string) {
	add := func(points int, reason string) { r.signals = append(r.signals, signal{points: points, reason: reason}) }
	if _, n := pathStrong.weigh(r.terms); n > 0 {
		if r.webService() {
			add(webServicePoints, "path "+path+" says ws, as web services do too")
			return
		}
		add(n, "path "+path+" names WebSockets")
		r.strong = true
		return
	}
	if term, n := pathMedium.weigh(r.terms); n > 0 {
		add(n, fmt.Sprintf("path %s suggests WebSockets (%s)", path, term))
	}
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

// weigh returns what a route at a place says. Its signals go into scratch.
func (p *place) weigh(r *reading, scratch []signal) verdict {
	v := verdict{root: r.root(), signals: append(scratch[:0], r.signals...)}
	v.endpoint = p.endpoint(r)
	direct := v.endpoint != nil && v.endpoint.Path.Match(r.segments)
	anonymous := v.endpoint != nil && p.anonymous(v.endpoint)
	switch {
	case anonymous:
		v.add(v.endpoint.Points, "several applications serve WebSockets at "+r.path)
	case v.endpoint != nil:
		v.add(v.endpoint.Points, knownAs[v.endpoint.Class]+v.endpoint.App)
	}
	switch n := portOfApp.weighPorts(p.target.ports); {
	case n > 0 && (v.endpoint != nil || p.appRoot(r.route)):
		v.add(n, "the port of "+p.target.host+usualPort)
	case v.endpoint != nil && v.endpoint.Points > 0 && p.portTells(v.endpoint):
		v.add(portConfirms, "the port of "+p.target.host+" is "+v.endpoint.App+"'s")
	}
	v.signals = append(v.signals, r.averse...)
	points, own := p.events(r)
	if points != 0 {
		v.add(points, "the name says server-sent events")
	}
	v.events = own
	against := len(r.averse) > 0 || points != 0
	known := direct && !v.root && (v.endpoint.Class == Dedicated || v.endpoint.Class == Mixed)
	v.named = !against && (r.strong || known)
	v.dedicated = !against && r.strong && !v.root
	if direct {
		v.dedicated = !against && v.endpoint.Class == Dedicated
	}
	if anonymous {
		v.endpoint = nil
	}
	return v
}

// usualPort ends the reason for a port's weight.
const usualPort = " is common for WebSocket applications"

var knownAs = map[Class]string{
	Dedicated: "known endpoint of ",
	Mixed:     "known endpoint of ",
	Stream:    "known stream, without Upgrade, of ",
	Plain:     "known not to use WebSockets: ",
}

func (v *verdict) add(points int, reason string) {
	v.signals = append(v.signals, signal{points: points, reason: reason})
}

// portConfirms is the weight of an application's port if its name or path is also
// present.
const portConfirms = 25

// webServicePoints are for a ws that is more likely short for web service.
const webServicePoints = 15

var version = lazyregexp.New(`^(v[\d*]|\d)`)

// webService reports whether ws in a path means web service: /ws/v1, /ws/2, /ws/rest,
// /ws.asmx.
func (r route) webService() bool {
	_, other := pathService.weigh(terms(r.path))
	for i, segment := range r.segments {
		if !slices.Contains(split(segment), "ws") {
			continue
		}
		if other != 0 || i+1 < len(r.segments) && version().MatchString(r.segments[i+1]) {
			return true
		}
	}
	return false
}
