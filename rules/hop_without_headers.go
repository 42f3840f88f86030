package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// HopWithoutHeaders finds requests that pass nginx twice and lose the headers
// at the first pass: the location there shows no sign of WebSockets, but the
// server that it leads to has a location that is meant for them.
var HopWithoutHeaders = &Rule{
	Name:     "hop-without-headers",
	Summary:  "a proxy_pass to another server of nginx drops Upgrade and Connection before they reach a WebSocket location",
	Group:    Correctness,
	Severity: Warning,
	Config:   hopWithoutHeaders,
}

func hopWithoutHeaders(p *Pass) {
	if len(p.hops) == 0 {
		return
	}
	type hop struct{ from, to *parser.Context }
	second := make(map[*parser.Context][]*Location) // the WebSocket locations of each server, that work
	arrives := make(map[hop]bool)                   // some location takes WebSockets there, with their headers
	for _, l := range p.Meant {
		if l.Score.Level == intent.Certain && l.headerProblem() == nil {
			second[l.Server()] = append(second[l.Server()], l)
			arrives[hop{l.Server(), l.next}] = true
		}
	}
	seen := make(map[hop]bool)
	said := make(map[*Location]bool)
	for _, l := range p.hops {
		h := hop{l.Server(), l.next}
		if h.from == h.to || len(second[h.to]) == 0 || seen[h] {
			continue
		}
		seen[h] = true
		for _, inner := range second[h.to] {
			if _, path := inner.LocationName(); path == "/" && arrives[h] {
				continue // it serves the whole site: the paths of its WebSockets get there
			}
			if first := p.firstHop(h.from, h.to, inner); first != nil && !said[first] {
				said[first] = true
				p.lostOnTheWay(first, inner)
			}
		}
	}
}

// firstHop returns the location by which requests for one of the next server
// come, if no rule speaks of it, and the headers are lost there.
func (p *Pass) firstHop(from, to *parser.Context, inner *Location) *Location {
	modifier, path := inner.LocationName()
	if modifier != "" && modifier != "=" && modifier != "^~" {
		return nil
	}
	first := p.Location(p.Route(from, path))
	if first == nil || first.Score.Level != intent.None || first.next != to || first.headerProblem() == nil {
		return nil
	}
	return first
}

func (p *Pass) lostOnTheWay(first, inner *Location) {
	p.Report(lostHeaders(first, inner, "another server of this nginx"), nil)
}

// lostHeaders is the finding about headers that do not get from one location to another,
// whose server is described.
func lostHeaders(first, inner *Location, server string) Finding {
	_, path := inner.LocationName()
	h := first.headerProblem()
	f := Finding{
		Severity: Warning, Span: first.Request.Pass.Span(), Context: first.Context,
		Message: fmt.Sprintf("%s is %s, and its location %s proxies WebSockets, but Upgrade and Connection do not get there%s: the handshake gets 400 or 426",
			first.target(), server, path, h.why()),
		Related: []Related{{wordsSpan(inner.Opener), "the location that needs them"}},
	}
	if fix, ok := h.fix(); ok {
		fix.Safety = min(fix.Safety, fixer.Unsafe)
		f.Fixes = []fixer.Fix{fix}
	}
	return f
}
