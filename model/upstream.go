package model

import (
	"net"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// resolves reports whether names are looked up at each request at a level: with a
// resolver, or with the system's. Angie's "resolver off" says no.
func (m *Model) resolves(c *parser.Context, v parser.Version) bool {
	switch d := c.Effective("resolver").Last(); {
	case d != nil:
		return d.Param(0) != "off"
	case c.Effective("resolver_file").Last() != nil:
		return true
	}
	return v.Has(parser.SystemResolver)
}

// unresolved returns the name that proxy_pass with variables comes to, if it has to be
// looked up and "resolver off" forbids that, or "".
func (q Request) unresolved() string {
	d := q.Level.Effective("resolver").Last()
	_, rest, ok := strings.Cut(q.Target.Text, "://")
	if d == nil || !ok || !q.Target.Known || !strings.Contains(q.Pass.Param(0), "$") || q.model.resolves(q.Level, q.version) {
		return ""
	}
	host := hostOf(rest)
	switch {
	case host == "" || host == "unix" || strings.HasPrefix(host, "[") || net.ParseIP(host) != nil:
		return ""
	case q.model.UpstreamIn(host, q.version) != nil || q.model.Fragment && !strings.Contains(host, "."):
		return ""
	case q.model.atStart()[strings.ToLower(host)]:
		return ""
	}
	return host
}

// hostOf returns the host at the beginning of a URL without its scheme.
func hostOf(rest string) string {
	if i := strings.IndexAny(rest, ":/?"); i >= 0 && !strings.HasPrefix(rest, "[") {
		return rest[:i]
	}
	return rest
}

// findAtStart returns the hosts that a proxy_pass without variables names. nginx looks
// them up when it starts, and knows them in other directives as well.
func (m *Model) findAtStart() map[string]bool {
	all := make(map[string]bool)
	m.Root.Walk(func(c *parser.Context) bool {
		for _, d := range c.Own("proxy_pass") {
			if _, rest, ok := strings.Cut(d.Param(0), "://"); ok && !strings.Contains(rest, "$") {
				all[strings.ToLower(hostOf(rest))] = true
			}
		}
		return c.Name != "upstream" && c.Name != "map"
	})
	return all
}

// clientsHost returns the variable of the client's request that names the host of a
// target, or "".
func (v Value) clientsHost() string {
	_, rest, _ := strings.Cut(v.Text, "://${")
	name, _, closed := strings.Cut(rest, "}")
	if closed && (strings.HasPrefix(name, "arg_") || strings.HasPrefix(name, "cookie_")) {
		return name
	}
	return ""
}

// UpstreamIn returns the upstream block with a name in a version, or nil. Tengine
// compares names with case.
func (m *Model) UpstreamIn(name string, v parser.Version) *parser.Context {
	u := m.Upstream(name)
	if u == nil || u.Opener.Param(0) == name || !v.Has(parser.ExactUpstreams) {
		return u
	}
	for _, other := range m.Upstreams() {
		if other.Opener.Param(0) == name {
			return other
		}
	}
	return nil
}

// Down returns the upstream of the request if all its servers are marked down, or
// nil: nginx answers 502 then ("no live upstreams").
func (q Request) Down() *parser.Context {
	u := q.Upstream()
	if u == nil || u.Unread() != nil {
		return nil
	}
	servers := u.Own("server")
	for _, d := range servers {
		if !d.HasParam("down") {
			return nil
		}
	}
	if len(servers) == 0 || scripted(BalancingMethod(u)) {
		return nil
	}
	return u
}

// BalancingMethods are the directives that choose a balancing method.
var BalancingMethods = []string{"ip_hash", "hash", "least_conn", "random", "least_time", "vnswrr", "iwrr", "consistent_hash", "balancer_by_lua_block", "balancer_by_lua_file"}

// BalancingMethod returns the method of an upstream, which is the last one that it
// has, or nil for round robin.
func BalancingMethod(u *parser.Context) *parser.Directive {
	for _, d := range slices.Backward(u.Directives) {
		if d.Is(BalancingMethods...) {
			return d
		}
	}
	return nil
}

func scripted(method *parser.Directive) bool {
	return method != nil && strings.HasPrefix(method.Name(), "balancer_by_lua")
}

// cancelledBalancer returns the script that should choose the servers of the request,
// and the method below it that cancels it, if the upstream's own servers are only
// stand-ins: no host has an address in 0.0.0.0/8 (RFC 1122, section 3.2.1.3).
func (q Request) cancelledBalancer() (script, by *parser.Directive) {
	u := q.Upstream()
	if u == nil || u.Unread() != nil {
		return nil, nil
	}
	by = BalancingMethod(u)
	i := slices.IndexFunc(u.Directives, scripted)
	if i < 0 || scripted(by) {
		return nil, nil
	}
	for _, d := range u.Own("server") {
		host, _, _ := strings.Cut(d.Param(0), ":")
		if !strings.HasPrefix(host, "0.") || host == "0.0.0.0" || net.ParseIP(host) == nil {
			return nil, nil
		}
	}
	return u.Directives[i], by
}
