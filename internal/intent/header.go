package intent

import (
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

const (
	ownUpgrade       = 100
	inheritedUpgrade = 80
	ownConnection    = 90
	ownWebSocketKey  = 90
	lostUpgrade      = 40
	cacheBypass      = 45
	wrongDirective   = 60
	answersInParts   = -40
)

// headerSignals adds the directives that WebSockets need.
func (w *worker) headerSignals(p *place, j *judgement) {
	j.add(w.strongestHeader(p))
	for _, d := range p.location.Own("proxy_cache_bypass") {
		if d.HasParam("$http_upgrade") {
			j.add(signal{points: cacheBypass, reason: "proxy_cache_bypass $http_upgrade"})
			break
		}
	}
	j.add(answerSignal(p.location))
	if emptiesConnection(p.location) {
		j.add(signal{points: answersInParts, reason: "Connection is empty and buffering is off, as for server-sent events"})
	}
	weakSignals(p.location, j)
}

// answerSignal weighs directives for headers of the response that were written for
// the handshake: proxy_pass_header Upgrade, add_header Upgrade $http_upgrade.
func answerSignal(location *parser.Context) signal {
	for _, name := range []string{"proxy_pass_header", "add_header"} {
		for _, d := range location.Own(name) {
			value := strings.ToLower(d.Param(1))
			forHandshake := name == "proxy_pass_header" || strings.Contains(value, "upgrade") || value == "websocket"
			if header := strings.ToLower(d.Param(0)); forHandshake && (header == "upgrade" || header == "connection" && value != "close") {
				return signal{points: wrongDirective, reason: "its " + name + " names " + d.Param(0)}
			}
		}
	}
	return signal{}
}

// emptiesConnection reports whether a location deliberately sends no Connection and
// does not buffer, which is how server-sent events are proxied.
func emptiesConnection(location *parser.Context) bool {
	empty := false
	for _, d := range location.Own("proxy_set_header") {
		switch {
		case strings.EqualFold(d.Param(0), "upgrade"):
			return false
		case strings.EqualFold(d.Param(0), "connection"):
			if empty = d.Param(1) == ""; !empty {
				return false
			}
		}
	}
	buffering := location.Own("proxy_buffering")
	return empty && len(buffering) > 0 && buffering[0].Param(0) == "off"
}

// strongestHeader weighs proxy_set_header. Upgrade and Connection are usually copied
// together, so they count once.
func (w *worker) strongestHeader(p *place) signal {
	set := p.location.Effective("proxy_set_header")
	if set.From == nil {
		return signal{}
	}
	name, points := w.weighHeaders(set)
	switch {
	case set.From == p.location && points > 0:
		return signal{points: points, reason: "it sets " + name}
	case set.From == p.location && w.lost(p, set):
		return signal{points: lostUpgrade, reason: "its own proxy_set_header lines cancel an inherited Upgrade", weak: true}
	case set.From != p.location && points > 0 && p.inherits(set.From):
		return signal{points: min(points, inheritedUpgrade), reason: "it inherits " + name}
	}
	return signal{}
}

// fewHeaders headers or fewer are weighed again rather than cached.
const fewHeaders = 8

// A weight is the strongest header of a level.
type weight struct {
	name   string
	points int
}

// weighHeaders returns the strongest header of a level. Many locations can inherit
// many headers, so those are cached.
func (w *worker) weighHeaders(set parser.Setting) (name string, points int) {
	if len(set.Directives) <= fewHeaders {
		return w.weigh(set)
	}
	known, ok := w.weights[set.From]
	if !ok {
		known.name, known.points = w.weigh(set)
		w.weights[set.From] = known
	}
	return known.name, known.points
}

func (w *worker) weigh(set parser.Setting) (name string, points int) {
	for _, d := range set.Directives {
		if n := w.headerPoints(set.From.Config, d); n > points {
			name, points = d.Param(0), n
		}
	}
	return name, points
}

// lost reports whether a location would inherit an Upgrade header if it had no
// headers of its own. A location that sets Upgrade or Connection does so on purpose.
func (w *worker) lost(p *place, own parser.Setting) bool {
	for _, d := range own.Directives {
		if name := d.Param(0); strings.EqualFold(name, "upgrade") || strings.EqualFold(name, "connection") {
			return false
		}
	}
	around := p.location.Parent.Effective("proxy_set_header")
	if !p.inherits(around.From) {
		return false
	}
	_, points := w.weighHeaders(around)
	return points > 0
}

// inherits reports whether headers of a level around the location are sent from it.
// In a template the levels between them can be template braces, which have no name.
// Below a block that nginx does not have (a listen that a template's braces turned
// into one) the text says nothing.
func (p *place) inherits(from *parser.Context) bool {
	if from == nil || p.target.pass == nil || !p.target.pass.Is("proxy_pass") {
		return false
	}
	for c := p.location; ; c = c.Parent {
		switch c.Name {
		case "http", "server", "location", "":
		default:
			return false
		}
		if c == from {
			return true
		}
	}
}

func (w *worker) headerPoints(cfg *parser.Config, d *parser.Directive) int {
	name, value := d.Param(0), d.Param(1)
	switch {
	case value == "":
		return 0
	case strings.EqualFold(name, "upgrade"):
		return ownUpgrade
	case strings.EqualFold(name, "connection") && w.upgrading(cfg, strings.ToLower(value)):
		return ownConnection
	case model.OnlyHandshakes(name):
		return ownWebSocketKey
	}
	return 0
}

// upgrading reports whether a value of Connection is meant to request an upgrade,
// even if it is misspelt.
func (w *worker) upgrading(cfg *parser.Config, value string) bool {
	for option := range strings.SplitSeq(value, ",") {
		option = strings.TrimSpace(option)
		if option == "upgrade" || strings.Contains(option, "connection_upgrade") {
			return true
		}
	}
	name, isVariable := strings.CutPrefix(value, "$")
	return isVariable && w.fromUpgrade(cfg, strings.Trim(name, "{}"))
}

// fromUpgrade reports whether a variable is $http_upgrade or mapped from it, directly
// or through other maps.
func (w *worker) fromUpgrade(cfg *parser.Config, name string) bool {
	if name == "http_upgrade" {
		return true
	}
	if from, ok := w.upgrades[name]; ok {
		return from
	}
	w.upgrades[name] = false // a map that refers to itself ends here
	for _, d := range cfg.VarSources(name) {
		if !d.Is("map") {
			continue
		}
		for _, m := range variable().FindAllStringSubmatch(strings.ToLower(d.Param(0)), -1) {
			w.upgrades[name] = w.upgrades[name] || w.fromUpgrade(cfg, m[1])
		}
	}
	return w.upgrades[name]
}

// weakSignals adds settings that are common for WebSockets, but as common for other
// purposes.
func weakSignals(location *parser.Context, j *judgement) {
	if timeout := readTimeout(location); timeout >= time.Hour {
		j.add(signal{25, "proxy_read_timeout of an hour or more", true})
	} else if timeout >= 5*time.Minute {
		j.add(signal{10, "proxy_read_timeout of five minutes or more", true})
	}
	if own := location.Own("proxy_buffering"); len(own) > 0 && own[len(own)-1].Param(0) == "off" {
		j.add(signal{8, "proxy_buffering off", true})
	}
	if own := location.Own("proxy_http_version"); len(own) > 0 && own[len(own)-1].Param(0) == "1.1" {
		j.add(signal{3, "proxy_http_version 1.1", true})
	}
}

// readTimeout returns the proxy_read_timeout of a location or of a location around
// it. That of a server applies to everything in it.
func readTimeout(location *parser.Context) time.Duration {
	set := location.Effective("proxy_read_timeout")
	if set.Last() == nil || set.From.Name != "location" {
		return 0
	}
	timeout, err := parser.ParseTime(set.Last().Param(0))
	if err != nil {
		return 0
	}
	return timeout
}
