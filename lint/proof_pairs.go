package lint

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// pairs returns the locations of all servers of which the patch may change something.
// Those of configurations with templates are compared in their renderings.
func (s *session) pairs(done *outcome) (all []pair) {
	patched := make(map[string]int)
	for i, l := range done.after.loads {
		patched[l.key()] = i
	}
	for i, cfg := range s.before.configs {
		at, still := patched[s.before.loads[i].key()]
		if !still || s.before.isRendered(i) {
			continue // it was read alone, and is included now
		}
		now := done.after.configs[at]
		m := matching{old: s.before.keys(), patched: done.after.keys(), before: cfg, after: now}
		r := reachOf(cfg, now)
		if r.all {
			all = append(all, m.pairs(reachedServer{before: cfg.Root, after: now.Root, all: true})...)
		}
		for _, server := range r.servers {
			all = append(all, m.pairs(server)...)
		}
	}
	return all
}

// A matching finds the locations of one configuration in another.
type matching struct {
	old, patched  *contextKeys
	before, after *model.Model
}

// pairs returns the locations of a server, or of the whole configuration, each with what
// has become of it: the location in the same place, or else with the same name.
func (m matching) pairs(s reachedServer) []pair {
	before, after := locations(s.before), locations(s.after)
	all := make([]pair, len(before))
	for i, c := range before {
		all[i] = pair{before: subject{c, m.before}, same: !s.has(c), misread: c.Misread() || len(c.Opener.Span().File.Errs) > 0}
	}
	if slices.EqualFunc(before, after, func(a, b *parser.Context) bool { return sameWords(a.Opener, b.Opener) && sameParents(a, b) }) {
		for i, c := range after {
			all[i].after = subject{c, m.after}
		}
		return all
	}
	byKey := make(map[string]*parser.Context, len(after))
	for _, c := range after {
		byKey[m.patched.of(c)] = c
	}
	for i, c := range before {
		all[i].after = subject{byKey[m.old.of(c)], m.after}
	}
	return all
}

// sameParents reports whether the blocks around two contexts have the same words.
func sameParents(a, b *parser.Context) bool {
	for a, b = a.Parent, b.Parent; a != nil && b != nil; a, b = a.Parent, b.Parent {
		if (a.Opener == nil) != (b.Opener == nil) || a.Opener != b.Opener && !sameWords(a.Opener, b.Opener) {
			return false
		}
	}
	return a == nil && b == nil
}

// locations returns the locations in a context that have a block, in order.
func locations(in *parser.Context) (all []*parser.Context) {
	in.Walk(func(c *parser.Context) bool {
		if c.IsLocation() && c.Opener != nil {
			all = append(all, c)
		}
		return true
	})
	return all
}
