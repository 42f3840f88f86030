// Package intent scores which locations are meant for WebSockets. It looks at
// what a configuration says about a location beside the headers that may be
// missing: its path, where it leads, what it is called, what comments say. Each
// point of a score has a reason that can be shown to a user.
package intent

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Level says how sure it is that a location is meant for WebSockets.
type Level int

const (
	None Level = iota
	Possible
	Likely
	Certain
)

func (l Level) String() string {
	return [...]string{"none", "possible", "likely", "certain"}[l]
}

// thresholds are the points from which a level holds.
var thresholds = [...]int{Possible: 25, Likely: 55, Certain: 90}

// maxPoints is what a score shows at most: beyond certain, more is not surer.
const maxPoints = 100

func levelOf(points int) Level {
	for l := Certain; l > None; l-- {
		if points >= thresholds[l] {
			return l
		}
	}
	return None
}

// A Score is the intent of one location.
type Score struct {
	Level     Level
	Points    int       // 0 to 100
	Reasons   []string  // what speaks for it, by weight, then what speaks against it
	Endpoint  *Endpoint // of the application that is known to be there, or nil
	Dedicated bool      // nothing but WebSockets is expected there; else plain requests come as well
	Events    bool      // its name, or that of its upstream, says server-sent events
}

// A signal is one reason and its weight.
type signal struct {
	points int
	reason string
	weak   bool // says something only beside another one
}

// A Scorer holds the scores of every location of a configuration. It may be
// used by many goroutines at once.
type Scorer struct {
	scores    map[*parser.Context]Score
	upstreams map[*parser.Context]peers
	servers   map[*parser.Context]*server
	upgrades  map[string]bool // by variable: derived from $http_upgrade
	headers   bool            // whether what only a proxied WebSocket needs is looked at
	known     *parser.Context // where a WebSocket is known to be asked for, or nil
}

// An Option changes what a Scorer looks at.
type Option func(*Scorer)

// HideHeaders has a Scorer judge as if a location had none of the directives
// that WebSockets need (headers, timeouts, version, buffering): how well would
// it be found if they were missing?
func HideHeaders(s *Scorer) { s.headers = false }

// Known has a Scorer take one location for certain: a WebSocket is known to be
// asked for there.
func Known(location *parser.Context) Option {
	return func(s *Scorer) { s.known = location }
}

// New scores every location of a configuration, in one pass.
func New(cfg *parser.Config, options ...Option) *Scorer {
	s := &Scorer{
		scores:    make(map[*parser.Context]Score),
		upstreams: make(map[*parser.Context]peers),
		servers:   make(map[*parser.Context]*server),
		upgrades:  make(map[string]bool),
		headers:   true,
	}
	for _, option := range options {
		option(s)
	}
	var all []*judgement
	cfg.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "location" {
			all = append(all, s.judge(c))
		}
		return true
	})
	for _, j := range all {
		if j.takesWebSockets() {
			j.server.webSockets++
		}
	}
	asked := subrequests(all)
	for _, j := range all {
		s.scores[j.location] = j.score()
		if d := asked[j.location]; d != nil && j.said == "" && j.location.Effective("internal").Last() != nil {
			s.scores[j.location] = Score{Reasons: []string{"only " + d.Name.Value + " asks it"}}
		}
	}
	if score, ok := s.scores[s.known]; ok {
		score.Level, score.Points, score.Reasons = Certain, maxPoints, append([]string{"a WebSocket was asked for here"}, score.Reasons...)
		s.scores[s.known] = score
	}
	// What only the judging needs need not live on.
	s.upstreams, s.servers, s.upgrades = nil, nil, nil
	return s
}

// Of returns the score of a location. For an if or limit_except it is that of
// the location around it; elsewhere there is none.
func (s *Scorer) Of(c *parser.Context) Score { return s.scores[c.Enclosing("location")] }

// subrequests returns the locations that nginx itself asks for another's sake,
// with the auth_request or mirror that has it do so.
func subrequests(all []*judgement) map[*parser.Context]*parser.Directive {
	asked := make(map[*parser.Context]*parser.Directive)
	type question struct {
		server *parser.Context
		by     *parser.Directive
	}
	seen := make(map[question]bool)
	for _, j := range all {
		server := j.location.Server()
		for _, name := range []string{"auth_request", "mirror"} {
			for _, d := range j.location.Effective(name).Directives {
				if server == nil || seen[question{server, d}] {
					continue
				}
				seen[question{server, d}] = true
				path, _, _ := strings.Cut(d.Param(0), "?")
				asked[server.Route(path)] = d
			}
		}
	}
	return asked
}

// A judgement is what is known of one location without its siblings.
type judgement struct {
	location  *parser.Context
	server    *server
	said      string // the annotation
	pass      *parser.Directive
	signals   []signal
	endpoint  *Endpoint
	dedicated bool
	events    bool // the name says server-sent events
	named     bool // its path says WebSocket, whatever is beside it
	root      bool
}

// takesWebSockets reports whether the location is a place of its own for its
// server's WebSockets, so that they need no other.
func (j *judgement) takesWebSockets() bool {
	if j.said != "" {
		return j.said == "websocket" && j.named
	}
	return j.named && j.pass != nil && levelOf(sum(j.signals)) >= Likely
}

// What a sibling that takes the WebSockets takes from a location's score.
const (
	siblingOfRoot = -45
	sibling       = -25
)

func (j *judgement) score() Score {
	signals := slices.Clone(j.signals)
	if j.server.webSockets > 0 && !j.named {
		points := sibling
		if j.root {
			points = siblingOfRoot
		}
		signals = append(signals, signal{points: points, reason: "another location of the server takes the WebSockets"})
	}
	score := Score{Endpoint: j.endpoint, Dedicated: j.dedicated, Events: j.events}
	switch j.said {
	case "websocket":
		score.Level, score.Points, score.Reasons = Certain, maxPoints, []string{"annotated"}
	case "not-websocket":
		return Score{Reasons: []string{"annotated"}}
	default:
		points := sum(signals)
		score.Level, score.Points, score.Reasons = levelOf(points), min(max(points, 0), maxPoints), reasons(signals)
		score.Dedicated = score.Dedicated && score.Level > None
	}
	return score
}

// sum adds the points up. Weak signals alone stay below possible: what waits
// long may wait for anything.
func sum(signals []signal) int {
	total, strong := 0, false
	for _, s := range signals {
		total += s.points
		strong = strong || s.points > 0 && !s.weak
	}
	if !strong {
		total = min(total, thresholds[Possible]-1)
	}
	return total
}

func reasons(signals []signal) []string {
	slices.SortStableFunc(signals, func(a, b signal) int {
		if (a.points > 0) != (b.points > 0) {
			return cmp.Compare(b.points, a.points)
		}
		return cmp.Compare(abs(b.points), abs(a.points))
	})
	var all []string
	for _, s := range signals {
		if s.points != 0 {
			all = append(all, s.reason)
		}
	}
	return all
}
