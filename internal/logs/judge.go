package logs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Judge makes groups of what was read, the surest and largest first, and asks the
// linter of their locations.
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
	number := make(map[*parser.Context]int)
	var locations []*parser.Context
	for _, g := range l.Groups {
		if _, known := number[g.location]; !known && g.location != nil && len(locations) < maxPlaces {
			number[g.location] = len(locations)
			locations = append(locations, g.location)
		}
	}
	places, err := l.site.places(locations)
	if err != nil {
		return fmt.Errorf("the configuration: %w", err)
	}
	for _, g := range l.Groups {
		if n, known := number[g.location]; known && places[n] != nil {
			g.Place = places[n]
			g.Findings = g.Place.Found(g.Cause)
		}
	}
	return nil
}

// Unseen says what the logs cannot tell, for what they lack.
func (l *Log) Unseen() []string {
	var all []string
	if l.Errors > 0 && !l.Info {
		all = append(all, "no line of the error log is of level info, at which nginx logs the timeouts of upgraded connections: error_log FILE info")
	}
	if l.site != nil && l.site.untold > 0 {
		all = append(all, fmt.Sprintf("the log does not say which of more than %d servers took some requests, so no location is known for them ($host in the log_format)", maxServers))
	}
	if l.Accesses > 0 && !l.Timed {
		all = append(all, "the access log has no $request_time that could be read: how long WebSockets lasted is not known (log_format, --log-format)")
	}
	return all
}

// settle sums a group up. It reports whether anything is left of it: what is seen
// too seldom is not.
func (g *Group) settle() bool {
	all := spans{}
	for _, k := range slices.SortedFunc(maps.Keys(g.signs), func(a, b *Kind) int { return slices.Index(Kinds, a) - slices.Index(Kinds, b) }) {
		s := g.signs[k]
		if s.Count < k.Least {
			continue
		}
		g.Signs = append(g.Signs, s)
		g.Count += s.Count
		all.extend(s.first)
		all.extend(s.last)
	}
	slices.SortStableFunc(g.Signs, func(a, b *Sign) int { return cmp.Compare(rank(a), rank(b)) })
	g.First, g.Last = all.first, all.last
	return len(g.Signs) > 0
}

func rank(s *Sign) int { return slices.Index([]string{certain, likely, possible}, s.Kind.Sure) }

// name tells groups of a cause apart, for an order that is the same each time.
func (g *Group) name() string {
	if g.location == nil {
		return ""
	}
	span := g.location.Opener.Span()
	return fmt.Sprintf("%s:%09d", span.File.Name, span.Start)
}
