package logs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Judge sorts what was read into groups, the most certain and largest first, and
// lints their locations.
func (l *Log) Judge() error {
	for _, g := range l.groups {
		if g.settle() {
			l.Groups = append(l.Groups, g)
		}
	}
	slices.SortFunc(l.Groups, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(rank(a.Signs[0]), rank(b.Signs[0])), cmp.Compare(b.Count, a.Count),
			strings.Compare(a.Cause.Name, b.Cause.Name), strings.Compare(a.name(), b.name()))
	})
	if err := l.site.exhausted(); err != nil {
		return fmt.Errorf("the configuration: %w", err)
	}
	placed, err := l.placed()
	if err != nil {
		return fmt.Errorf("the configuration: %w", err)
	}
	for _, g := range l.Groups {
		g.settlePlace(placed)
	}
	return nil
}

// placed lints the configuration for the locations of all groups and for their
// candidates, unless there are too many.
func (l *Log) placed() (map[*parser.Context]*probe.Place, error) {
	placed := make(map[*parser.Context]*probe.Place)
	var locations []*parser.Context
	for _, g := range l.Groups {
		for _, at := range append([]*parser.Context{g.location}, g.Candidates...) {
			if _, known := placed[at]; !known && at != nil && len(locations) < maxPlaces {
				placed[at] = nil
				locations = append(locations, at)
			}
		}
	}
	places, err := l.site.places(locations)
	for i, at := range locations {
		if err == nil {
			placed[at] = places[i]
		}
	}
	return placed, err
}

// settlePlace chooses the place of a group among several candidates: the only one in
// which the linter finds what explains the group.
func (g *Group) settlePlace(placed map[*parser.Context]*probe.Place) {
	if p := placed[g.location]; p != nil {
		g.Place, g.Findings = p, p.Found(g.Cause)
	}
	var found []*probe.Place
	for _, at := range g.Candidates {
		if p := placed[at]; p != nil && len(p.Found(g.Cause)) > 0 {
			found = append(found, p)
		}
	}
	if len(found) == 1 {
		g.Place, g.Findings = found[0], found[0].Found(g.Cause)
	}
}

// Unseen says what the logs cannot show, because they lack something.
func (l *Log) Unseen() []string {
	var all []string
	if l.Errors > 0 && !l.Info {
		all = append(all, "the error log has no lines of level info, at which nginx logs timeouts of upgraded connections; to get them, set error_log FILE info")
	}
	if l.site != nil && l.site.untold > 0 {
		all = append(all, fmt.Sprintf("the log does not show which of more than %d servers handled some requests, so their locations are unknown; add $host to the log_format", maxServers))
	}
	if l.Accesses > 0 && !l.Timed {
		all = append(all, "the access log has no readable $request_time, so it is unknown how long WebSockets lasted (log_format, --log-format)")
	}
	if l.Hostless {
		all = append(all, "the access log has no $host, so several servers of the configuration may have handled its requests (log_format, --log-format)")
	}
	return all
}

// settle completes a group. It reports whether anything is left of it: what was seen
// too seldom is dropped.
func (g *Group) settle() bool {
	all, seen := spans{}, make(map[bool]int)
	for _, k := range slices.SortedFunc(maps.Keys(g.signs), func(a, b *Kind) int { return slices.Index(Kinds, a) - slices.Index(Kinds, b) }) {
		s := g.signs[k]
		if s.Count < k.Least {
			continue
		}
		g.Signs = append(g.Signs, s)
		seen[k.Error] += s.Count
		all.extend(s.first)
		all.extend(s.last)
	}
	g.Count = max(seen[true], seen[false]) // a request in both logs counts once
	slices.SortStableFunc(g.Signs, func(a, b *Sign) int { return cmp.Compare(rank(a), rank(b)) })
	g.First, g.Last = all.first, all.last
	return len(g.Signs) > 0
}

func rank(s *Sign) int { return slices.Index([]string{certain, likely, possible}, s.Kind.Sure) }

// name distinguishes groups of one cause, so that the order is always the same.
func (g *Group) name() string {
	if g.location == nil {
		return ""
	}
	span := g.location.Opener.Span()
	return fmt.Sprintf("%s:%09d", span.File.Name, span.Start)
}
