package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
)

// A Group is what rules have in common; rules are selected by it.
type Group string

const (
	Correctness Group = "correctness" // nginx refuses it, or the handshake fails at the headers
	Paths       Group = "paths"       // the handshake does not get to where it is meant to
	Upstream    Group = "upstream"    // the upstream cannot be reached
	Timeouts    Group = "timeouts"    // the connection does not last
	Balancing   Group = "balancing"   // several servers
	Auth        Group = "auth"        // something in front refuses the handshake, or what it brings is lost
	Streams     Group = "streams"     // the fallbacks of WebSockets: SSE and long polling
	Capacity    Group = "capacity"    // too many connections
	Security    Group = "security"    // it works, also for those for whom it should not
	Kubernetes  Group = "kubernetes"  // objects of Kubernetes that nginx is configured by
	Hops        Group = "hops"        // other proxies and load balancers in front of nginx
)

// Groups are all groups, in the order in which they are shown.
var Groups = []Group{Correctness, Paths, Upstream, Timeouts, Balancing, Auth, Streams, Capacity, Security, Kubernetes, Hops}

// The names that select besides those of rules and groups.
const (
	everyRule = "all"
	pedantic  = "pedantic"
)

// Select returns the rules that some names stand for, less those that are
// ignored: names of rules and of groups, "pedantic" for the pedantic rules, and
// "all". No names at all stand for all rules that are not pedantic or run by default; a group's
// name stands for its pedantic rules too.
func Select(names, ignored []string) ([]*Rule, error) {
	for _, name := range slices.Concat(names, ignored) {
		if err := Known(name); err != nil {
			return nil, err
		}
	}
	var chosen []*Rule
	for _, r := range All {
		if (r.named(names) || len(names) == 0 && (!r.Pedantic || r.ByDefault)) && !r.named(ignored) {
			chosen = append(chosen, r)
		}
	}
	return chosen, nil
}

func (r *Rule) named(names []string) bool {
	return slices.ContainsFunc(names, r.Named)
}

// Named reports whether a name is the rule's, or stands for it among others.
func (r *Rule) Named(name string) bool {
	return name == r.Name || name == string(r.Group) || name == everyRule || name == pedantic && r.Pedantic
}

// Names are all names that select rules: those of rules and groups, and the two
// others.
func Names() []string {
	names := []string{everyRule, pedantic}
	for _, g := range Groups {
		names = append(names, string(g))
	}
	for _, r := range All {
		names = append(names, r.Name)
	}
	return names
}

// Known returns an error for a name that selects no rule; it names the nearest.
func Known(name string) error {
	if name == everyRule || name == pedantic || slices.Contains(Groups, Group(name)) {
		return nil
	}
	if _, err := Find(name); err != nil {
		for _, g := range Groups {
			if spell.Name(name, []string{string(g)}) != "" {
				return fmt.Errorf("unknown rule or group %q; did you mean %s?", name, g)
			}
		}
		return err
	}
	return nil
}

// Find returns the rule of that name, or an error that names the nearest ones.
func Find(name string) (*Rule, error) {
	var names, similar []string
	for _, r := range All {
		if r.Name == name {
			return r, nil
		}
		names = append(names, r.Name)
		if name != "" && strings.Contains(r.Name, name) {
			similar = append(similar, r.Name)
		}
	}
	if meant := spell.Name(name, names); meant != "" {
		similar = []string{meant}
	}
	if len(similar) > 0 {
		return nil, fmt.Errorf("unknown rule %q; did you mean %s?", name, strings.Join(similar, " or "))
	}
	return nil, fmt.Errorf("unknown rule %q; `nginx-ws-lint rules` lists them", name)
}
