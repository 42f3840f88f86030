package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// route writes a path of an Ingress or an HTTPRoute.
func (t text) route(e lint.RouteEntry) {
	place := t.place(e.At) + ":"
	for i, line := range harmless(append([]word{{place, t.paint(bold, place)}}, folded(Clean(routeName(e)), t.Width-4)...), t.Width-4) {
		fmt.Fprintf(t.w, "%s%s\n", strings.Repeat(" ", min(i, 1)*4), line)
	}
	t.row("host", cmp.Or(e.Host, "*"))
	if len(e.Hops) > 0 {
		t.row("in front", strings.Join(e.Hops, ", "))
	}
	t.row("served by", cmp.Or(e.Controller, "unknown"))
	if e.Why != "" {
		t.row("WebSocket", e.Why)
	}
	t.row("handshake", e.Handshake.Outcome.String()+": "+e.Handshake.Reason)
	if e.Timeout != "" {
		t.row("timeout", e.Timeout)
	}
	if e.Affinity != "" {
		t.row("affinity", e.Affinity)
	}
	if e.Service != "" {
		t.row("service", e.Service)
	}
	if len(e.Findings) > 0 {
		t.row("reported", strings.Join(reported(e.Findings), ", "))
	}
}

// routeName names the object and the path.
func routeName(e lint.RouteEntry) string {
	return strings.Join(strings.Fields(e.Object.Kind+" "+e.Object.Name+" "+cmp.Or(e.Path, "/")), " ")
}

type jsonRoute struct {
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Column     int      `json:"column"`
	Kind       string   `json:"kind"`
	Namespace  string   `json:"namespace"`
	Name       string   `json:"name"`
	Host       string   `json:"host"`
	Path       string   `json:"path"`
	Service    string   `json:"service"`
	Controller string   `json:"controller"`
	WebSocket  string   `json:"websocket"` // why it is assumed to be for WebSockets
	Handshake  string   `json:"handshake"`
	Reason     string   `json:"reason"`
	Timeout    string   `json:"proxy_read_timeout"`
	Affinity   string   `json:"affinity"`
	Findings   []string `json:"findings"`
	Hops       []string `json:"hops"`
}

func routesJSON(routes []lint.RouteEntry, opt Options) []jsonRoute {
	all := []jsonRoute{}
	for _, e := range routes {
		all = append(all, routeJSON(e, opt))
	}
	return all
}

func routeJSON(e lint.RouteEntry, opt Options) jsonRoute {
	at := e.At.File.Position(e.At.Start)
	return jsonRoute{
		File: opt.Shown(e.At.File.Name), Line: at.Line, Column: at.Column, Kind: e.Object.Kind, Namespace: e.Object.Namespace, Name: e.Object.Name,
		Host: e.Host, Path: e.Path, Service: e.Service, Controller: e.Controller, WebSocket: e.Why,
		Handshake: e.Handshake.Outcome.String(), Reason: e.Handshake.Reason, Timeout: e.Timeout, Affinity: e.Affinity, Findings: reported(e.Findings), Hops: append([]string{}, e.Hops...),
	}
}
