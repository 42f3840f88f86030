package hops

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A line of HAProxy's configuration.
type line struct {
	words []string
	at    parser.Span
}

// A section is a proxy of HAProxy, or its defaults.
type section struct {
	kind, name string
	from       *section // the defaults that it has
	lines      []line
}

// readHAProxy returns what the backends of a haproxy.cfg do. What is said of its timeouts
// and headers was found by running HAProxy 2.6 (haproxy_live_test.go).
func readHAProxy(f *parser.File) []Hop {
	sections := sectionsOf(f)
	var hops []Hop
	for _, s := range sections {
		if s.kind == "frontend" || s.kind == "backend" || s.kind == "listen" {
			hops = append(hops, s.strips()...)
		}
	}
	backends, untunneled := 0, false
	for _, s := range sections {
		if ports := s.ports(); (s.kind == "backend" || s.kind == "listen") && ports != nil {
			backends++
			tunnel, _ := s.timeout("tunnel")
			untunneled = untunneled || tunnel == 0
			if h, ok := s.idle(sections); ok {
				h.Ports = ports
				hops = append(hops, h)
			}
		}
	}
	if untunneled {
		hops = append(hops, misplaced(sections)...)
	}
	for i := range hops {
		hops[i].Sole = backends == 1
	}
	return hops
}

func sectionsOf(f *parser.File) []*section {
	var all []*section
	var defaults *section
	named := make(map[string]*section)
	for at := 0; at < len(f.Src); {
		end := len(f.Src)
		if i := bytes.IndexByte(f.Src[at:], '\n'); i >= 0 {
			end = at + i
		}
		text, _, _ := strings.Cut(string(f.Src[at:end]), "#")
		words := strings.Fields(text)
		start := at + len(text) - len(strings.TrimLeft(text, " \t"))
		at = end + 1
		if len(words) == 0 {
			continue
		}
		l := line{words, parser.Span{File: f, Start: start, End: start + len(strings.TrimSpace(text))}}
		switch words[0] {
		case "defaults", "frontend", "backend", "listen", "global", "peers", "resolvers", "userlist", "program", "cache", "ring", "mailers", "http-errors":
			s := &section{kind: words[0], from: defaults}
			if len(words) > 1 {
				s.name = words[1]
			}
			if i := len(words) - 2; i > 0 && words[i] == "from" {
				s.from = named[words[i+1]]
			}
			if s.kind == "defaults" {
				defaults, named[s.name] = s, s
				if !strings.Contains(text, " from ") {
					s.from = nil
				}
			}
			all = append(all, s)
		default:
			if len(all) > 0 {
				all[len(all)-1].lines = append(all[len(all)-1].lines, l)
			}
		}
	}
	return all
}

// unknown is a timeout that is set to what is not known.
const unknown = time.Duration(math.MinInt64)

// timeout returns a timeout of a section or of its defaults, and where it is set; 0 if it
// is not set.
func (s *section) timeout(name string) (time.Duration, line) {
	for depth := 0; s != nil && depth < 8; s, depth = s.from, depth+1 {
		for i := len(s.lines) - 1; i >= 0; i-- {
			if w := s.lines[i].words; len(w) >= 3 && w[0] == "timeout" && w[1] == name {
				return haproxyTime(w[2]), s.lines[i]
			}
		}
	}
	return 0, line{}
}

// haproxyTime reads a time, which is in milliseconds if it has no unit.
func haproxyTime(text string) time.Duration {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(digits)
	units := map[string]time.Duration{"": time.Millisecond, "us": time.Microsecond, "ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
	unit, ok := units[text[len(digits):]]
	if err != nil || !ok || n < 0 || n > 1<<30 {
		return unknown
	}
	return time.Duration(n) * unit
}

// idle returns after which time a backend closes an idle WebSocket: timeout tunnel, else
// the shorter one of timeout client and timeout server. A tunnel of 0 does not count.
func (s *section) idle(sections []*section) (h Hop, ok bool) {
	h = Hop{Kind: Idle, Name: "HAProxy " + s.kind + " " + s.name}
	tunnel, at := s.timeout("tunnel")
	if tunnel != 0 {
		h.Time, h.At, h.Why = tunnel, at.at, "timeout tunnel"
		return h, tunnel != unknown
	}
	client, clientAt := s.timeout("client")
	if s.kind == "backend" {
		for _, f := range sections {
			if t, at := f.timeout("client"); f.kind == "frontend" && (clientAt.words == nil || t > client) {
				client, clientAt = t, at
			}
		}
	}
	h.Time, at = s.timeout("server")
	h.Why = "timeout server, because there is no timeout tunnel"
	if client < h.Time {
		h.Time, at = client, clientAt
		h.Why = "timeout client, because there is no timeout tunnel"
	}
	h.At = at.at
	return h, h.Time > 0 && client > 0
}

// ports returns the ports of the servers of a section.
func (s *section) ports() []string {
	var ports []string
	for _, l := range s.lines {
		if l.words[0] == "server" && len(l.words) > 2 {
			ports = append(ports, l.words[2][strings.LastIndexByte(l.words[2], ':')+1:])
		}
	}
	return ports
}

// strips returns the lines that remove what a handshake needs, whatever the request.
func (s *section) strips() []Hop {
	var hops []Hop
	for _, l := range s.lines {
		rule := strings.ToLower(strings.Join(l.words, " "))
		switch rule {
		case "http-request del-header upgrade", "http-request del-header connection", "http-request set-header connection close":
			hops = append(hops, Hop{Kind: Strip, Name: "HAProxy " + s.kind + " " + s.name, At: l.at, Why: rule, Ports: s.ports()})
		}
	}
	return hops
}

// misplaced returns the lines with timeout tunnel in frontends, where HAProxy ignores it.
func misplaced(sections []*section) []Hop {
	var hops []Hop
	for _, s := range sections {
		for _, l := range s.lines {
			if s.kind == "frontend" && len(l.words) > 2 && l.words[0] == "timeout" && l.words[1] == "tunnel" {
				hops = append(hops, Hop{Kind: Misplaced, Name: "HAProxy frontend " + s.name, At: l.at})
			}
		}
	}
	return hops
}
