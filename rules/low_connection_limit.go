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
	Summary:  "limit_conn refuses a client's next WebSocket while a few are open",
	Group:    Capacity,
	Severity: Warning,
	Location: lowConnectionLimit,
}

// What is low: a browser opens a WebSocket for each of its tabs, several people
// may share an address, and all clients may share one key.
const (
	lowForTabs     = 3
	lowForClient   = 10
	lowForEveryone = 100
)

func lowConnectionLimit(p *Pass, l *Location) {
	set := l.Effective("limit_conn")
	if dry := l.Effective("limit_conn_dry_run").Last(); set.Unsure != nil || dry != nil && dry.Param(0) == "on" {
		return
	}
	for _, d := range set.Directives {
		if f, ok := l.limit(d, p.zones()); ok {
			p.Report(f, l)
		}
	}
}

// connectionZones returns the keys of the zones for limit_conn, by name.
func (t *Tree) connectionZones() map[string]string {
	zones := make(map[string]string)
	t.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "http" {
			for _, d := range c.Own("limit_conn_zone") {
				if name := d.Zone(); name != "" {
					zones[name] = d.Param(0)
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
	f := Finding{Severity: Info, Span: d.Span(), Once: true}
	key, known := zones[d.Param(0)]
	who := sharers(key)
	switch {
	case !known || who == "":
		return f, false
	case !strings.HasPrefix(who, "one"):
		if n >= lowForEveryone {
			return f, false
		}
		f.Severity = Warning
	case n >= lowForClient:
		return f, false
	case n < lowForTabs:
		f.Severity = Warning
	}
	status := "503"
	if s := l.Effective("limit_conn_status").Last(); s != nil {
		status = s.Param(0)
	}
	f.Message = fmt.Sprintf("limit_conn counts a WebSocket until it closes: %s can have %d open at a time, the next handshake gets %s%s", who, n, status, l.belief())
	return f, true
}

// What a variable in a zone's key tells apart.
var (
	tellsClients = []string{"binary_remote_addr", "remote_addr", "proxy_protocol_addr", "realip_remote_addr", "http_x_forwarded_for", "http_x_real_ip", "http_cf_connecting_ip"}
	tellsURIs    = []string{"uri", "document_uri", "request_uri", "request_filename"}
	tellsSites   = []string{"server_name", "host", "http_host", "server_port", "server_addr", "scheme"}
)

// sharers says who shares a limit by the key of its zone, or "" where it is a
// limit of each session, or not known to be another.
func sharers(key string) string {
	var client, uri bool
	for _, name := range parser.VariablesIn(key) {
		switch {
		case slices.Contains(tellsClients, name):
			client = true
		case slices.Contains(tellsURIs, name):
			uri = true
		case !slices.Contains(tellsSites, name):
			return ""
		}
	}
	switch {
	case client && uri:
		return "one client address at one URI"
	case client:
		return "one client address"
	case uri:
		return "all clients of one URI together"
	}
	return "all clients together (the key is " + key + ")"
}
