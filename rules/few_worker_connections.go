package rules

import (
	"fmt"
	"strconv"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// FewWorkerConnections finds workers that are full after a few WebSockets: each
// takes two connections, the client's and the upstream's, for as long as it is
// open.
var FewWorkerConnections = &Rule{
	Name:     "few-worker-connections",
	Summary:  "worker_connections or worker_rlimit_nofile is low for WebSockets",
	Group:    Capacity,
	Severity: Info,
	Config:   fewWorkerConnections,
}

// usualConnections is nginx's default (NGX_DEFAULT_CONNECTIONS): who sets less
// has counted requests, not connections that stay.
const usualConnections = 512

func fewWorkerConnections(p *Pass) {
	about := p.surest()
	if p.Fragment || about == nil {
		return
	}
	events := child(p.Root, "events")
	if events == nil || events.Unread() != nil || p.Root.Unread() != nil {
		return
	}
	set, files := events.First("worker_connections"), p.Root.First("worker_rlimit_nofile")
	connections := number(set, usualConnections)
	f := Finding{Severity: Info, Context: about.Context, Intent: about.intent(), Related: []Related{{about.Request.Pass.Span(), "a WebSocket location"}}}
	switch limit := number(files, connections); {
	case files == nil && p.Container != nil && p.Container.Files > 0 && p.Container.Files < connections:
		f.Span, f.Message = events.Opener.NameWord().Span(), p.Container.fewFiles(connections)
		if set != nil {
			f.Span = set.Span()
		}
	case connections == 0 || limit == 0: // nginx refuses one, and does without the other
		return
	case limit < connections:
		f.Span, f.Message = files.Span(), fmt.Sprintf("a worker may open %d files, fewer than its %d connections: each WebSocket needs two, so connections fail before %d of them are open (%q)",
			limit, connections, limit/2, "Too many open files")
	case connections < usualConnections:
		f.Span, f.Message = set.Span(), fmt.Sprintf("each WebSocket needs two connections, so a worker accepts fewer than %d of them, and then no request at all (%q)",
			connections/2, "worker_connections are not enough")
	default:
		return
	}
	p.Report(f, nil)
}

// fewFiles says that the container's limit is lower than the number of connections.
// nginx only warns then.
func (c *Container) fewFiles(connections int) string {
	return fmt.Sprintf("%s limits nginx to %d open files (ulimits.nofile of service %s), fewer than its %d connections: each WebSocket needs two, so connections fail before %d of them are open (%q)",
		c.Source, c.Files, c.Service, connections, c.Files/2, "Too many open files")
}

// surest returns the location that is most surely meant for WebSockets, likely
// at least, or nil.
func (t *Tree) surest() *Location {
	var best *Location
	for _, l := range t.Meant {
		if l.Score.Level >= intent.Likely && (best == nil || l.Score.Points > best.Score.Points) {
			best = l
		}
	}
	return best
}

func child(c *parser.Context, name string) *parser.Context {
	for _, inner := range c.Children {
		if inner.Name == name {
			return inner
		}
	}
	return nil
}

// number is a directive's first parameter; otherwise where there is no directive,
// 0 where it is no number.
func number(d *parser.Directive, otherwise int) int {
	if d == nil {
		return otherwise
	}
	n, err := strconv.Atoi(d.Param(0))
	if err != nil {
		return 0
	}
	return n
}
