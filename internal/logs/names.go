package logs

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// names indexes the servers of a configuration by name.
type names struct {
	servers []*parser.Context
	first   map[string][]*parser.Context // by the first name, which an error log has
	exact   map[string][]*parser.Context // by each name without a wildcard
	others  []*parser.Context            // with a wildcard or an expression
}

func newNames(configs []*model.Model) *names {
	n := &names{first: make(map[string][]*parser.Context), exact: make(map[string][]*parser.Context)}
	for _, cfg := range configs {
		for _, server := range cfg.Servers() {
			n.add(server)
		}
	}
	return n
}

func (n *names) add(server *parser.Context) {
	n.servers = append(n.servers, server)
	other := false
	for i, name := range server.ServerNames() {
		name = strings.ToLower(name)
		if i == 0 {
			n.first[name] = append(n.first[name], server)
		}
		if strings.HasPrefix(name, "~") || strings.HasPrefix(name, ".") || strings.Contains(name, "*") {
			other = true
		} else if all := n.exact[name]; len(all) == 0 || all[len(all)-1] != server {
			n.exact[name] = append(all, server)
		}
	}
	if other {
		n.others = append(n.others, server)
	}
}

// The cost of comparing a name with a host, in steps.
const (
	stepsPerName       = 5
	stepsPerExpression = 1000 // it is compiled
)

// asked returns the servers that have a name matching a host, and the steps that this
// took.
func (n *names) asked(host string) (all []*parser.Context, steps int) {
	all = slices.Clone(n.exact[strings.ToLower(strings.TrimSuffix(host, "."))])
	for _, server := range n.others {
		for _, name := range server.ServerNames() {
			if steps += stepsPerName; strings.HasPrefix(name, "~") {
				steps += stepsPerExpression
			}
		}
		if steps > maxSteps {
			return nil, steps
		}
		if serves(server, host) && !slices.Contains(all, server) {
			all = append(all, server)
		}
	}
	return all, steps + len(all)
}

// serves reports whether a server has a name matching a host.
func serves(server *parser.Context, host string) bool {
	socket := &model.Socket{Listens: []parser.Listen{{Server: server}}}
	_, named := socket.Server(host)
	return named
}
