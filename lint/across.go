package lint

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// maxAcross limits how many pairs of configurations are compared.
const maxAcross = 2_500

// across returns what is found about one nginx in front of another one in a container,
// by the index of the tree in front.
func (j *judge) across(w *workspace, trees []*rules.Tree) [][]rules.Finding {
	if len(w.deployedAs) == 0 || len(trees) < 2 || len(trees)*len(trees) > maxAcross || !slices.Contains(j.rules, rules.HopWithoutHeaders) {
		return nil
	}
	all := make([][]rules.Finding, len(trees))
	for i, front := range trees {
		for _, back := range trees {
			b := w.deployedAs[back.Config]
			if b == nil || back == front || b.Service == "" {
				continue
			}
			ports := w.reaches(w.deployedAs[front.Config], b)
			found := front.HopsTo(rules.Behind{Tree: back, Name: "the nginx of " + b.Name, Ports: ports})
			all[i] = append(all[i], found...)
		}
	}
	return all
}

// reaches returns to which port of a container an address leads: by its name in a common
// network or, from an nginx that no container is known of, by a port that only it
// publishes on the host.
func (w *workspace) reaches(from, to *deployed) func(host, port string) string {
	return func(host, port string) string {
		if from == nil || from.Host {
			if host != "localhost" && !strings.HasPrefix(host, "127.") || w.publishing(port) != to {
				return ""
			}
			return to.inside(port)
		}
		for _, n := range from.Neighbours {
			if n.Name == to.Service && from.Place.File == to.Place.File && slices.Contains(n.Names, host) {
				return port
			}
		}
		return ""
	}
}

// publishing returns the one container that publishes a port on the host, or nil.
func (w *workspace) publishing(port string) (only *deployed) {
	for _, d := range w.deployed {
		if d.inside(port) != "" {
			if only != nil {
				return nil
			}
			only = d
		}
		for _, n := range d.Neighbours {
			if n.Name != d.Service && slices.ContainsFunc(w.deployed, func(o *deployed) bool { return o.Service == n.Name }) {
				continue // it is looked at itself
			}
			if published(n)[port] != "" {
				return nil
			}
		}
	}
	return only
}

// inside returns the port of the container that a port of the host leads to, or "".
func (d *deployed) inside(port string) string {
	for _, p := range d.Published {
		if p.Host == port && !strings.Contains(p.Container, "-") {
			return p.Container
		}
	}
	return ""
}
