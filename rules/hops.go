package rules

import (
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/hops"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Way is a place behind which an application with WebSockets is.
type Way struct {
	Name    string // of the location or the Ingress
	At      parser.Span
	App     string        // that is known, or ""
	Ping    time.Duration // of the application; 0 for none that is known
	Timeout time.Duration // after which nginx closes an idle connection, if it is set; or 0
	Ports   []string      // at which nginx listens
	Object  *kube.Object  // the Ingress, or nil
}

// A HopPass is one rule's look at the hops in front of nginx.
type HopPass struct {
	Rule *Rule
	Hops []hops.Hop
	Ways []Way

	found []Finding
	seen  map[parser.Span]bool
}

// RunHops runs the rules about hops.
func RunHops(all []hops.Hop, ways []Way, chosen []*Rule) []Finding {
	var found []Finding
	for _, r := range chosen {
		if r.Hops != nil && len(all) > 0 && len(ways) > 0 {
			p := &HopPass{Rule: r, Hops: all, Ways: ways, seen: make(map[parser.Span]bool)}
			r.Hops(p)
			found = append(found, p.found...)
		}
	}
	return found
}

// Report adds a finding, one for each place.
func (p *HopPass) Report(f Finding) {
	if f.Rule = p.Rule; !p.seen[f.Span] {
		p.seen[f.Span] = true
		p.found = append(p.found, f)
	}
}

// WaysOf returns the locations of a tree that are meant for WebSockets.
func WaysOf(t *Tree) []Way {
	var ways []Way
	for _, l := range t.Meant {
		if l.Score.Level < intent.Likely || l.Opener == nil {
			continue
		}
		ways = append(ways, WayOf(l))
	}
	return ways
}

func (w *Way) knows(e *intent.Endpoint) {
	if e != nil {
		w.App, w.Ping = e.App, e.Ping
	}
}

// ClusterWays returns the routes of a cluster that are meant for WebSockets.
func ClusterWays(c *kube.Cluster) []Way {
	var ways []Way
	for _, r := range ClusterRoutes(c) {
		if r.Why == "" {
			continue
		}
		w := Way{Name: r.Object.Kind + " " + r.Object.Name, At: r.At, Object: r.Object}
		if set := r.Object.Annotation(kube.IngressNginx, "proxy-read-timeout"); set.Exists() || r.Object.Annotation(kube.F5, "proxy-read-timeout").Exists() {
			w.Timeout = duration(r.Timeout)
		}
		w.knows(r.endpoint)
		ways = append(ways, w)
	}
	return ways
}

// leadsTo reports whether a hop leads to a place, as far as that is known, and whether it
// certainly does.
func leadsTo(h hops.Hop, w Way) (may, surely bool) {
	if h.Objects != nil {
		leads := slices.Contains(h.Objects, w.Object)
		return leads, leads
	}
	if w.Object != nil || len(w.Ports) == 0 || h.Ports == nil {
		return true, false
	}
	leads := slices.ContainsFunc(h.Ports, func(port string) bool { return slices.Contains(w.Ports, port) })
	return leads || h.Sole, leads
}

// InFront describes the hops that certainly lead to a place.
func InFront(all []hops.Hop, w Way) []string {
	var found []string
	for _, h := range all {
		if _, surely := leadsTo(h, w); !surely {
			continue
		}
		said := h.Name
		switch h.Kind {
		case hops.Idle, hops.Life:
			said += " (closes after " + seconds(h.Time) + ")"
		case hops.Strip:
			said += " (" + h.Why + ")"
		}
		found = append(found, said)
	}
	return found
}

// WayOf returns a location as a place behind hops.
func WayOf(l *Location) Way {
	w := Way{Name: l.Opener.Words(), At: wordsSpan(l.Opener)}
	if set := l.Effective("proxy_read_timeout"); set.Unsure == nil && set.Last() != nil {
		w.Timeout, _ = parser.ParseTime(set.Last().Param(0))
	}
	w.knows(l.Score.Endpoint)
	if s := l.Server(); s != nil {
		for _, listen := range s.Listens() {
			if _, port, err := net.SplitHostPort(listen.Address); err == nil {
				w.Ports = append(w.Ports, port)
			}
		}
	}
	return w
}

// cuts says that a hop closes an idle WebSocket before the application pings or before
// nginx does, if it does.
func (p *HopPass) cuts(h hops.Hop, set string) {
	for _, w := range p.Ways {
		may, surely := leadsTo(h, w)
		f := Finding{Severity: Info, Span: h.At, Related: []Related{{w.At, "behind it"}}}
		switch {
		case !may:
			continue
		case w.Ping > 0 && h.Time <= w.Ping:
			f.Message = fmt.Sprintf("%s closes a WebSocket that is idle for %s (%s), but %s behind it pings only every %s: %s", h.Name, seconds(h.Time), h.Why, w.App, seconds(w.Ping), set)
		case w.Ping == 0 && w.Timeout >= stayingOpen && h.Time < w.Timeout:
			f.Message = fmt.Sprintf("%s closes a WebSocket that is idle for %s (%s), but nginx keeps it for %s (%s): %s", h.Name, seconds(h.Time), h.Why, seconds(w.Timeout), w.Name, set)
		default:
			continue
		}
		if surely {
			f.Severity = Warning
		}
		p.Report(f)
		return
	}
}
