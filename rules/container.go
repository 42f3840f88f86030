package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Container is what a compose file near the configuration says about nginx's
// container, which has its own network.
type Container struct {
	Service string    // nginx's
	Source  string    // the compose file
	Others  []Service // those that it shares a network with
	Mounted []string  // paths in the container at which something is mounted
	Private []string  // of these, those that lead to what no other container can have
	Sealed  bool      // nothing else is mounted
	Files   int       // how many files a process may open; 0 if it is not known
}

// A Service is another service of the compose file.
type Service struct {
	Name  string
	Names []string // by which nginx's container finds it: Name, container_name, aliases
	Ports []string // at which it listens, as far as the compose file says

	Published map[string]string // its ports, by the port of the host that leads there
}

// mountOf returns the mount that a path is in, or "".
func (c *Container) mountOf(name string) (nearest string) {
	for _, m := range c.Mounted {
		if (name == m || strings.HasPrefix(name, strings.TrimSuffix(m, "/")+"/")) && len(m) > len(nearest) {
			nearest = m
		}
	}
	return nearest
}

// unshared reports a Unix socket of another container in a directory that nginx's
// container shares with none: nginx's container has a file system of its own.
func (p *Pass) unshared(l *Location, d *parser.Directive, socket string) {
	socket, _, _ = strings.Cut(socket, ":")
	if !strings.HasPrefix(socket, "/") || !p.Container.Sealed || len(p.Container.Others) == 0 || p.Sockets()["unix:"+socket] != nil {
		return
	}
	nearest, missing := p.Container.mountOf(socket), "nothing is mounted there"
	if nearest != "" {
		if !slices.Contains(p.Container.Private, nearest) {
			return
		}
		missing = "no other service mounts the volume at " + nearest
	}
	p.Report(Finding{
		Severity: Warning, Span: d.Span(), Once: d.Is("server"),
		Message: fmt.Sprintf("%s is a file of nginx's own container (service %s of %s), which runs only nginx, and %s: the handshake gets 502; mount a volume at %s in both containers, or use a port%s",
			socket, p.Container.Service, p.Container.Source, missing, path.Dir(socket), l.belief()),
	}, l)
}
