package rules

import (
	"net"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// sendHeaders is a fix that adds header lines to a location. Where the location
// inherits its lines it repeats those as well, because one line of its own cancels
// them all. sameFinding says which nested locations need the lines too.
func (l *Location) sendHeaders(message string, lines, names []string, sameFinding func(*parser.Context) bool) fixer.Fix {
	fix := fixer.Fix{Message: message, Safety: fixer.Safe, Names: []*parser.Context{l.Context}, Changes: names}
	if set := l.Request.Set; set.From == l.Context {
		fix.Edits = []fixer.Edit{insertAfter(l.anchor("proxy_set_header"), lines)}
	} else {
		var copies []string
		for _, d := range set.Directives {
			copies = append(copies, written(d))
		}
		fix.Edits = []fixer.Edit{insertAfter(l.anchor("proxy_pass"), append(copies, lines...))}
		l.spendOn(fix)
	}
	l.alsoChanges(&fix, "proxy_set_header", sameFinding)
	return fix
}

// stepsPerNewByte is what it costs that a fix writes a byte: it is kept, put into
// the text, read again and shown.
const stepsPerNewByte = 32

// spendOn counts what a fix writes: where many inherited lines are repeated in many
// locations it is far more than the text that is read.
func (l *Location) spendOn(fix fixer.Fix) {
	for _, e := range fix.Edits {
		l.Tree.Spend(len(e.New) * stepsPerNewByte)
	}
}

// sentBy returns what a header line sends on a handshake: known and empty where
// nothing is sent.
func (l *Location) sentBy(d *parser.Directive) model.Value {
	for _, h := range l.Request.All(d.Param(0)) {
		if h.Directive == d {
			return h.Value
		}
	}
	return model.Value{Known: true}
}

// proxyHost is what nginx sends as Host by default: $proxy_host.
func (l *Location) proxyHost() string {
	_, rest, _ := strings.Cut(l.Request.Target.Text, "://")
	if strings.HasPrefix(rest, "unix:") {
		return "localhost"
	}
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// foreign reports whether the upstream has a name of the public DNS: it is
// someone else's, and wants that very name for Host.
func (l *Location) foreign() bool {
	host := l.proxyHost()
	if u := l.Tree.UpstreamIn(host, l.Tree.newest); u != nil {
		return slices.ContainsFunc(u.Own("server"), func(d *parser.Directive) bool { return publicName(d.Param(0)) })
	}
	return publicName(host)
}

// hostValue is what sends the client's own Host on. $http_host has the port that
// browsers name, $host has not; over HTTP/3 the first is empty.
func (l *Location) hostValue() string {
	s := l.Server()
	switch {
	case s == nil || !slices.ContainsFunc(s.Listens(), unusualPort):
		return "$host"
	case speaksHTTP3(s):
		return "$host:$server_port"
	}
	return "$http_host"
}

// unusualPort reports whether browsers name a socket's port in Host and Origin;
// $host is without it.
func unusualPort(l parser.Listen) bool {
	_, port, err := net.SplitHostPort(l.Address)
	return err == nil && port != "80" && port != "443"
}
