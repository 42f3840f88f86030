package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// HostLostOverHTTP3 finds Host taken from $http_host on servers that also speak
// HTTP/3, where that variable is empty: nginx keeps :authority elsewhere. Measured
// on 1.26.3, 1.30.6 and 1.31.5; over HTTP/1.1 and HTTP/2 it is set.
var HostLostOverHTTP3 = &Rule{
	Name:     "host-lost-over-http3",
	Summary:  "Host is taken from $http_host, which is empty over HTTP/3",
	Group:    Correctness,
	Severity: Warning,
	Proxying: hostLostOverHTTP3,
}

func hostLostOverHTTP3(p *Pass, l *Location) {
	about := p.surestOf()[l.Server()]
	d := l.Request.Sets("Host")
	if about == nil || l.Score.Dedicated || d == nil || !isVariable(d.Param(1), "http_host") || !speaksHTTP3(l.Server()) {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: d.Span(), Context: l.Context,
		Message: fmt.Sprintf("this server also speaks HTTP/3, over which $http_host is empty: page requests then reach %s without Host, and it answers 400 (Go) or with another site", l.target()),
		Once:    true, fix: func() (fixer.Fix, bool) { return p.hostOverHTTP3(l, d), true },
	}, nil)
}

func (p *Pass) hostOverHTTP3(l *Location, d *parser.Directive) fixer.Fix {
	value := l.hostValue()
	return fixer.Fix{
		Message: "set Host to " + value + ", which every protocol sets", Safety: fixer.Unsafe,
		Edits: []fixer.Edit{replaceParam(d, 1, value)}, Names: p.Senders(d), Changes: []string{"Host"},
	}
}

// isVariable reports whether a value is one variable and nothing else.
func isVariable(value, name string) bool {
	return strings.EqualFold(value, "$"+name) || strings.EqualFold(value, "${"+name+"}")
}

// speaksHTTP3 reports whether a server listens with quic.
func speaksHTTP3(server *parser.Context) bool {
	return server != nil && slices.ContainsFunc(server.Listens(), func(l parser.Listen) bool { return l.QUIC })
}
