package rules

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// PlainHTTPToTLSPort finds proxy_pass sends plain http:// to port 443.
var PlainHTTPToTLSPort = &Rule{
	Name:     "plain-http-to-tls-port",
	Summary:  "proxy_pass sends plain http:// to port 443",
	Group:    Upstream,
	Severity: Warning,
	Location: plainHTTPToTLSPort,
}

func plainHTTPToTLSPort(p *Pass, l *Location) {
	a, ok := l.address, l.addressed
	group := l.Upstream()
	if !ok || a.scheme != "http" || group == nil && a.port != "443" || group != nil && !onlyTLSPorts(group) {
		return
	}
	f := Finding{Severity: Info, Span: l.Request.Pass.Span(), Message: fmt.Sprintf(
		"nginx sends plain HTTP to port 443 of %s: a server that speaks TLS there, as most do, answers the handshake with 400%s", l.target(), l.belief())}
	if publicName(a.host) && !strings.Contains(a.host, "$") {
		f.Severity = Warning
	}
	if saysPlainHTTP(l) {
		return
	}
	if text := l.Request.Pass.ParamWord(0).Value(); len(text) > len("http") && text[:len("http:")] == "http:" {
		f.Fixes = []fixer.Fix{{
			Message: "use https, for plain requests too", Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"},
			Edits: []fixer.Edit{replaceWord(l.Request.Pass.ParamWord(0), requoted(l.Request.Pass.ParamWord(0), "https"+text[len("http"):]))},
		}}
	}
	p.Report(f, l)
}

// onlyTLSPorts reports whether all servers of an upstream have port 443.
func onlyTLSPorts(u *parser.Context) bool {
	servers := u.Own("server")
	for _, d := range servers {
		if _, port, err := net.SplitHostPort(d.Param(0)); err != nil || port != "443" {
			return false
		}
	}
	return len(servers) > 0 && u.Unread() == nil
}

// plainHTTP is how a comment says that a port is not for TLS.
var plainHTTP = lazyregexp.New(`(?i)(plain(text)?[ -]?http|unencrypted|no (tls|ssl)|without (tls|ssl)|http (on|at|over) (port )?443|443.*\bhttp\b)`)

// saysPlainHTTP reports whether a comment in the file says that the upstream
// speaks plain HTTP at port 443.
func saysPlainHTTP(l *Location) bool {
	return slices.ContainsFunc(l.Request.Pass.Span().File.Comments, func(c parser.Span) bool { return plainHTTP().MatchString(c.Text()) })
}
