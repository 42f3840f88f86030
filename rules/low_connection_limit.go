package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// LowConnectionLimit finds limits on connections that were made for requests: a
// WebSocket counts for as long as it is open.
var LowConnectionLimit = &Rule{
	Name:     "low-connection-limit",
	Summary:  "limit_conn refuses a client's next WebSocket while a few others are open",
	Group:    Capacity,
	Severity: Warning,
	Check:    lowConnectionLimit,
}

// What is low: a browser opens a WebSocket for each of its tabs, several people
// may share an address, and all clients may share one key.
const (
	lowForTabs     = 3
	lowForClient   = 10
	lowForEveryone = 100
)

func lowConnectionLimit(p *Pass) {
	order, about := p.byDirective(func(l *Location) []*parser.Directive {
		set := l.Effective("limit_conn")
		if dry := l.Effective("limit_conn_dry_run").Last(); set.Unsure != nil || dry != nil && dry.Param(0) == "on" {
			return nil
		}
		return set.Directives
	})
	zones := p.connectionZones()
	for _, d := range order {
		if f, ok := about[d].limit(d, zones); ok {
			p.Report(f, about[d])
		}
	}
}

// connectionZones returns the keys of the zones for limit_conn, by name.
func (t *Tree) connectionZones() map[string]string {
	zones := make(map[string]string)
	t.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "http" {
			for _, d := range c.Own("limit_conn_zone") {
				for i := range d.ParamCount() {
					if name, ok := strings.CutPrefix(d.Param(i), "zone="); ok {
						name, _, _ = strings.Cut(name, ":")
						zones[name] = d.Param(0)
					}
				}
			}
		}
		return c.Name == "main"
	})
	return zones
}

func (l *Location) limit(d *parser.Directive, zones map[string]string) (Finding, bool) {
	n, err := strconv.Atoi(d.Param(1))
	if err != nil || n <= 0 {
		return Finding{}, false
	}
	f := Finding{Severity: Info, Span: d.Span()}
	who := "by one client"
	key, known := zones[d.Param(0)]
	switch {
	case known && shared(key):
		if n >= lowForEveryone {
			return f, false
		}
		f.Severity, who = Warning, "by all clients together, for which "+key+" is the same"
	case n >= lowForClient:
		return f, false
	case n < lowForTabs:
		f.Severity = Warning
	}
	status := "503"
	if s := l.Effective("limit_conn_status").Last(); s != nil {
		status = s.Param(0)
	}
	open := fmt.Sprintf("%d are open", n)
	if n == 1 {
		open = "one is open"
	}
	f.Message = fmt.Sprintf("an open WebSocket counts for as long as it lives: while %s %s, the next gets %s%s", open, who, status, l.belief())
	return f, true
}

// shared reports whether all clients of a server have the same key.
func shared(key string) bool {
	return !slices.ContainsFunc(parser.VariablesIn(key), func(name string) bool {
		return !slices.Contains([]string{"server_name", "host", "http_host", "server_port", "server_addr", "scheme"}, name)
	})
}
