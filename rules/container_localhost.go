package rules

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ContainerLocalhost finds upstreams at 127.0.0.1, or at a Unix socket, if a
// compose file shows that nginx and the application run in different containers.
var ContainerLocalhost = &Rule{
	Name:     "container-localhost",
	Summary:  "an upstream at localhost is nginx's own container",
	Group:    Upstream,
	Severity: Warning,
	Location: containerLocalhost,
}

func containerLocalhost(p *Pass, l *Location) {
	if p.Container == nil || strings.Contains(l.Request.Pass.Param(0), "$") || p.listening() == nil {
		return
	}
	if u := l.Upstream(); u != nil {
		for _, d := range u.Own("server") {
			if socket, ok := strings.CutPrefix(d.Param(0), "unix:"); ok {
				p.unshared(l, d, socket)
			} else {
				p.localhost(l, d, d.Param(0))
			}
		}
	} else if strings.HasPrefix(l.address.host, "unix:") {
		p.unshared(l, l.Request.Pass, strings.TrimSuffix(strings.TrimPrefix(l.address.host, "unix:"), ":"))
	} else if a, ok := parseAddress(l.Request.Pass.Param(0)); ok {
		p.localhost(l, l.Request.Pass, net.JoinHostPort(strings.Trim(a.host, "[]"), a.port))
	}
}

// listeningPorts are the ports at which nginx itself listens; nil if a part of the
// configuration could not be read.
func (t *Tree) listeningPorts() map[string]bool {
	ports, known := make(map[string]bool), true
	t.Root.Walk(func(c *parser.Context) bool {
		for _, d := range c.Own("listen") {
			ports[d.Param(0)[strings.LastIndexByte(d.Param(0), ':')+1:]] = true
		}
		if c.Name == "server" && c.First("listen") == nil {
			ports["80"] = true
		}
		if c.Name != "location" && c.Unread() != nil {
			known = false
		}
		return c.Name != "location"
	})
	if !known {
		return nil
	}
	return ports
}

// localhost reports a loopback address if exactly one other service is known to
// listen on its port.
func (p *Pass) localhost(l *Location, d *parser.Directive, address string) {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) || p.listening()[port] {
		return
	}
	var meant []Service
	for _, s := range p.Container.Others {
		if slices.Contains(s.Ports, port) {
			meant = append(meant, s)
		}
	}
	if len(meant) != 1 {
		return
	}
	written := d.ParamWord(0)
	right := strings.Replace(strings.Replace(written.Value(), "["+host+"]", host, 1), host, meant[0].Name, 1)
	fix := fixer.Fix{
		Message: "send requests to " + meant[0].Name + ", plain ones too", Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"},
		Edits: []fixer.Edit{replaceWord(written, requoted(written, right))},
	}
	f := Finding{
		Severity: Warning, Span: d.Span(), Once: d.Is("server"),
		Message: fmt.Sprintf("%s is nginx's own container here (service %s of %s), where nothing else listens: the handshake gets 502; the service on port %s is %s%s",
			host, p.Container.Service, p.Container.Source, port, meant[0].Name, l.belief()),
	}
	if d.Is("server") || p.UpstreamIn(meant[0].Name, p.newest) == nil { // an upstream block of that name may not have a port
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}
