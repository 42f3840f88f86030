package rules

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// HostPortInNetwork finds upstreams at a port that Compose publishes on the host. Inside
// the network, a service is reached at the port of its container.
var HostPortInNetwork = &Rule{
	Name:     "host-port-in-network",
	Summary:  "an upstream is a service at its published port, where its container does not listen",
	Group:    Upstream,
	Severity: Warning,
	Location: hostPortInNetwork,
}

func hostPortInNetwork(p *Pass, l *Location) {
	if p.Container == nil || strings.Contains(l.Request.Pass.Param(0), "$") {
		return
	}
	if u := l.Upstream(); u != nil {
		for _, d := range u.Own("server") {
			p.published(l, d, d.Param(0))
		}
	} else if a, ok := parseAddress(l.Request.Pass.Param(0)); ok && !strings.HasPrefix(a.host, "unix:") {
		p.published(l, l.Request.Pass, net.JoinHostPort(strings.Trim(a.host, "[]"), a.port))
	}
}

// published reports the address of a service if its port is only one of the host.
func (p *Pass) published(l *Location, d *parser.Directive, address string) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return
	}
	i := slices.IndexFunc(p.Container.Others, func(s Service) bool { return slices.Contains(s.Names, host) })
	if i < 0 {
		return
	}
	s := p.Container.Others[i]
	inside := s.Published[port]
	if inside == "" || slices.Contains(s.Ports, port) {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: d.Span(), Once: d.Is("server"),
		Message: fmt.Sprintf("%s publishes port %s on the host only; in the network of %s it listens at %s, so the handshake gets 502%s",
			s.Name, port, p.Container.Source, inside, l.belief()),
		fix: func() (fixer.Fix, bool) {
			written := d.ParamWord(0)
			right := strings.Replace(written.Value(), host+":"+port, host+":"+inside, 1)
			return fixer.Fix{
				Message: "use port " + inside + ", for plain requests too", Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"},
				Edits: []fixer.Edit{replaceWord(written, requoted(written, right))},
			}, right != written.Value()
		},
	}, l)
}
