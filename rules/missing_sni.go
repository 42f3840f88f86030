package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingSNI finds public https upstreams that are not told which name is
// meant: nginx sends no server name (SNI) unless proxy_ssl_server_name is on.
var MissingSNI = &Rule{
	Name:     "missing-sni",
	Summary:  "TLS to an upstream with a public name does not send that name (proxy_ssl_server_name)",
	Group:    Upstream,
	Severity: Warning,
	Location: missingSNI,
}

func missingSNI(p *Pass, l *Location) {
	a, ok := l.address, l.addressed
	if !ok || a.scheme != "https" {
		return
	}
	host, group := a.host, l.Upstream()
	if group != nil {
		host = onlyHost(group)
	}
	set := l.Request.Level.Effective("proxy_ssl_server_name")
	elsewhere := l.Config.Fragment && (l.Config.Level.Name != "http" || a.noPort && !strings.Contains(host, "."))
	if !publicName(host) || strings.Contains(host, "$") || set.Unsure != nil || elsewhere || set.Last() != nil && set.Last().Param(0) == "on" {
		return
	}
	f := Finding{Severity: Warning, Span: l.Request.Pass.Span(), Message: fmt.Sprintf(
		"nginx does not send %s its name in the TLS handshake (SNI)%s: a server with several names refuses the connection or presents the wrong certificate, and the WebSocket handshake gets 502%s",
		host, l.unlessHTTP(), l.belief())}
	if fix, ok := l.sniFix(set, group, host); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// unlessHTTP is the doubt about a setting that is not seen in a fragment.
func (l *Location) unlessHTTP() string {
	if l.Config.Fragment && !l.Tree.StockImage {
		return ", unless the http block that includes this file sets it"
	}
	return ""
}

// sniFix turns it on; nginx then sends the host of proxy_pass, which for an
// upstream block is the block's name and has to be set right.
func (l *Location) sniFix(set parser.Setting, group *parser.Context, host string) (fixer.Fix, bool) {
	if l.Opener == nil {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: "send the name with proxy_ssl_server_name", Safety: fixer.Safe,
		Names: []*parser.Context{l.Context}, Changes: []string{"proxy_ssl_server_name"},
	}
	lines := []string{"proxy_ssl_server_name on;"}
	if group != nil && l.Request.Level.Effective("proxy_ssl_name").Last() == nil {
		fix.Message, fix.Safety = fix.Message+", and proxy_ssl_name, because nginx would otherwise send the name of the upstream block", fixer.Unsafe
		lines = append(lines, "proxy_ssl_name "+host+";")
	}
	if d := set.Last(); d != nil && set.From == l.Context {
		fix.Edits = []fixer.Edit{replaceParam(d, 0, "on")}
		lines = lines[1:]
	}
	if len(lines) > 0 {
		fix.Edits = append(fix.Edits, insertAfter(l.anchor("proxy_pass"), lines))
	}
	l.alsoChanges(&fix, "proxy_ssl_server_name", never)
	return fix, true
}
