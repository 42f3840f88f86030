package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// inventoryWidth is the width of lines that do not go to a terminal.
const inventoryWidth = 80

// Inventory writes the locations and the routes of Kubernetes for people, one paragraph
// each.
func Inventory(w io.Writer, entries []lint.Entry, routes []lint.RouteEntry, opt Options) error {
	b := bufio.NewWriter(w)
	if opt.Width == 0 {
		opt.Width = inventoryWidth
	}
	t := text{b, opt}
	for i, e := range entries {
		if i > 0 {
			fmt.Fprintln(b)
		}
		place := t.place(e.Location.Opener.Span()) + ":"
		for i, line := range harmless(append([]word{{place, t.paint(bold, place)}}, folded(Clean(e.Location.Opener.Words()), t.Width-4)...), t.Width-4) {
			fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", min(i, 1)*4), line)
		}
		if server := serverOf(e); server != "" {
			t.row("server", server)
		}
		if len(e.Deployments) > 0 {
			t.row("runs in", strings.Join(e.Deployments, ", "))
		}
		if len(e.URLs) > 0 {
			t.row("URL", strings.Join(e.URLs, ", "))
		}
		if len(e.Hops) > 0 {
			t.row("in front", strings.Join(e.Hops, ", "))
		}
		t.row("WebSocket", e.Intent.Level.String()+because(e.Intent.Reasons))
		t.row("handshake", e.Handshake.Outcome.String()+": "+e.Handshake.Reason)
		if e.Passed != nil {
			t.row("proxied by", e.Passed.Opener.Words())
		}
		if e.Target != "" {
			t.row("sends", "HTTP/"+e.HTTP+headerList(e.Headers))
			t.row("timeout", e.Timeout)
			t.row("upstream", e.Target+serverList(e))
		}
		if len(e.Findings) > 0 {
			t.row("reported", strings.Join(reported(e.Findings), ", "))
		}
	}
	for i, e := range routes {
		if i > 0 || len(entries) > 0 {
			fmt.Fprintln(b)
		}
		t.route(e)
	}
	return b.Flush()
}

// serverOf returns the server names of a location, and where it listens.
func serverOf(e lint.Entry) string {
	return strings.TrimSpace(strings.Join(e.Names, " ") + because(addresses(e)))
}

// addresses returns the server's sockets, and what clients speak there.
func addresses(e lint.Entry) (all []string) {
	for _, l := range e.Listens {
		switch {
		case l.QUIC:
			all = append(all, l.Address+" quic")
		case l.SSL:
			all = append(all, l.Address+" ssl")
		default:
			all = append(all, l.Address)
		}
	}
	return all
}

// reported returns the errors and warnings of a location.
func reported(findings []rules.Finding) []string {
	all := []string{}
	for _, f := range findings {
		all = append(all, f.Severity.String()+" "+f.Rule.Name)
	}
	return all
}

func (t text) row(name, value string) {
	n := t.room(13)
	for i, line := range harmless(folded(Clean(value), n), n) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(t.w, "  %-10s %s\n", name, line)
	}
}

// harmless puts words into lines of at most n cells, or into one line if a runner would
// run the beginning of a line as a command.
func harmless(all []word, n int) []string {
	lines := flow(all, n)
	for _, line := range lines[1:] {
		if strings.HasPrefix(line, "::") || strings.HasPrefix(line, "##[") {
			return flow(all, 0)
		}
	}
	return lines
}

func because(reasons []string) string {
	if len(reasons) == 0 {
		return ""
	}
	return " (" + strings.Join(reasons, "; ") + ")"
}

// headerList returns the headers that matter for a handshake.
func headerList(headers []model.Header) string {
	var b strings.Builder
	for _, h := range headers {
		switch model.CanonicalHeader(h.Name) {
		case "Upgrade", "Connection", "Host":
			fmt.Fprintf(&b, ", %s: %s", h.Name, short(h.Value.Text))
		}
	}
	return b.String()
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

func serverList(e lint.Entry) string {
	switch {
	case len(e.Servers) == 0:
		return ""
	case len(e.Servers) == 1:
		return " = " + e.Servers[0]
	case e.Sticky != "":
		return " = " + strings.Join(e.Servers, ", ") + "; sticky: " + e.Sticky
	}
	return " = " + strings.Join(e.Servers, ", ") + "; not sticky"
}

type jsonEntry struct {
	File      string            `json:"file"`
	Line      int               `json:"line"`
	Column    int               `json:"column"`
	Location  string            `json:"location"`
	Names     []string          `json:"server_names"`
	Listens   []string          `json:"listens"`
	Intent    *jsonIntent       `json:"intent"`
	Dedicated bool              `json:"dedicated"`
	Handshake string            `json:"handshake"`
	Reason    string            `json:"reason"`
	HTTP      string            `json:"http_version"`
	Headers   map[string]string `json:"headers"`
	Lines     []jsonHeader      `json:"header_lines"`
	Timeout   string            `json:"proxy_read_timeout"`
	URLs      []string          `json:"urls"`
	Passed    string            `json:"proxied_by"`
	Upstream  string            `json:"upstream"`
	Servers   []string          `json:"servers"`
	Sticky    string            `json:"sticky"`
	Findings  []string          `json:"findings"`

	Deployments []string `json:"deployments"`
	Hops        []string `json:"hops"`
}

// A jsonHeader is a header line: a header may be sent twice.
type jsonHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// InventoryJSON writes the locations for programs.
func InventoryJSON(w io.Writer, entries []lint.Entry, routes []lint.RouteEntry, opt Options) error {
	all := []jsonEntry{}
	for _, e := range entries {
		s := e.Location.Opener.Span()
		at := s.File.Position(s.Start)
		j := jsonEntry{
			File: opt.Shown(s.File.Name), Line: at.Line, Column: at.Column, Location: e.Location.Opener.Words(), Intent: intentOf(e.Intent),
			Dedicated: e.Intent.Dedicated, Handshake: e.Handshake.Outcome.String(), Reason: e.Handshake.Reason, HTTP: e.HTTP,
			Headers: make(map[string]string), Lines: []jsonHeader{}, Timeout: e.Timeout, Upstream: e.Target, Servers: append([]string{}, e.Servers...), Sticky: e.Sticky,
			Names: append([]string{}, e.Names...), Listens: append([]string{}, addresses(e)...), Findings: reported(e.Findings),
			URLs: append([]string{}, e.URLs...), Deployments: append([]string{}, e.Deployments...), Hops: append([]string{}, e.Hops...),
		}
		if e.Passed != nil {
			j.Passed = e.Passed.Opener.Words()
		}
		for _, h := range e.Headers {
			j.Headers[h.Name] = h.Value.Text
			j.Lines = append(j.Lines, jsonHeader{h.Name, h.Value.Text})
		}
		all = append(all, j)
	}
	return writeJSON(w, map[string]any{"version": 1, "locations": all, "routes": routesJSON(routes, opt)})
}
