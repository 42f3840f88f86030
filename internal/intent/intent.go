// Package intent scores which locations are meant for WebSockets. It uses what a
// configuration says about a location, apart from the headers that may be missing:
// its path, its target, its names and comments. Each point of a score has a reason
// that can be shown to a user.
package intent

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Level says how certain it is that a location is meant for WebSockets.
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

// thresholds are the least points for each level.
var thresholds = [...]int{Possible: 25, Likely: 55, Certain: 90}

// maxPoints is the highest score: more evidence than certain does not matter.
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
	Reasons   []string  // the evidence for it, by weight, then the evidence against it
	Endpoint  *Endpoint // of the known application, or nil
	Dedicated bool      // only WebSockets are expected there; else plain requests as well
	Events    bool      // its name, or that of its upstream, says server-sent events
	Told      bool      // the user says so: no evidence was weighed
}

// A signal is one reason and its weight.
type signal struct {
	points int
	reason string
	weak   bool // counts only together with another one
}

// A Scorer has the scores of the locations of a configuration. Many goroutines can
// use it at once.
type Scorer struct {
	model    *model.Model
	scores   []*Score // by the location's number; nil without evidence
	headers  bool     // whether directives that only a proxied WebSocket needs count
	userSaid func(*parser.Context) (Said, string)
	askedFor []*parser.Context // locations that receive WebSocket requests
}

// An Option changes how a Scorer works.
type Option func(*Scorer)

// HideHeaders makes a Scorer ignore the directives that WebSockets need (headers,
// timeouts, version, buffering). This measures how well locations are recognised
// without them.
func HideHeaders(s *Scorer) { s.headers = false }

// Said is what a user says about a location, in a comment or elsewhere.
type Said int

const (
	Nothing Said = iota
	WebSocket
	NotWebSocket
)

// AskUser sets a function that says what the user says about a location without a
// comment, and the reason to show. Many goroutines call it.
func AskUser(userSays func(location *parser.Context) (said Said, reason string)) Option {
	return func(s *Scorer) { s.userSaid = userSays }
}

// AskedFor marks locations as certain, because they receive WebSocket requests.
func AskedFor(locations []*parser.Context) Option {
	return func(s *Scorer) { s.askedFor = locations }
}

// New returns a Scorer without scores.
func New(m *model.Model, options ...Option) *Scorer {
	s := &Scorer{
		scores: make([]*Score, m.Size()), model: m, headers: true,
		userSaid: func(*parser.Context) (Said, string) { return Nothing, "" },
	}
	for _, option := range options {
		option(s)
	}
	return s
}

// Of returns the score of a location in a part that was scored. An if or limit_except
// has the score of the location around it. Other contexts have none.
func (s *Scorer) Of(c *parser.Context) Score {
	if c = c.Enclosing("location"); c != nil && s.scores[c.Number()] != nil {
		return *s.scores[c.Number()]
	}
	return Score{}
}

// Start returns a function that scores the locations of a part of the configuration.
// Each goroutine needs its own function, which caches what it has read. No part may
// be scored twice.
func (s *Scorer) Start() func(parser.Part) {
	w := newWorker(s)
	return func(p parser.Part) {
		p.Walk(func(c *parser.Context) bool {
			switch c.Name {
			case "main", "http": // the blocks in it are separate parts
				return true
			case "upstream", "map":
				return false
			}
			if c == p.Context || c.Name == "server" {
				w.level(c)
			}
			return c.Name != "server"
		})
	}
}

// A worker scores one level after the other and caches what it reads.
type worker struct {
	*Scorer
	paths     map[[3]string][]*reading
	remarks   map[string]remark
	upstreams map[*parser.Context]peers
	weights   map[*parser.Context]weight // by the level that sets many headers
	upgrades  map[string]bool            // by variable: derived from $http_upgrade
	all       []judgement                // of the level's locations
	place     place                      // that is being scored

	scratch, best []signal // of the current verdict, and of the best so far
}

func newWorker(s *Scorer) *worker {
	return &worker{
		Scorer: s, paths: make(map[[3]string][]*reading), remarks: make(map[string]remark),
		upstreams: make(map[*parser.Context]peers), upgrades: make(map[string]bool), weights: make(map[*parser.Context]weight),
	}
}

// level scores the locations of a level, at any depth, except those of a server in
// it.
func (w *worker) level(level *parser.Context) {
	w.all = w.all[:0]
	var sv *server
	level.Walk(func(c *parser.Context) bool {
		if c != level && c.Name == "server" {
			return false
		}
		if c.Name == "location" {
			if sv == nil {
				sv = newServer(level)
			}
			w.all = slices.Grow(w.all, 1)[:len(w.all)+1]
			w.judge(&w.all[len(w.all)-1], c, sv)
		}
		return true
	})
	for i := range w.all {
		if w.all[i].takesWebSockets() {
			sv.webSockets++
		}
	}
	asked := subrequests(w.model, w.all)
	for i := range w.all {
		j := &w.all[i]
		score := j.score()
		if d := asked[j.location]; d != nil && j.said == Nothing && j.location.Effective("internal").Last() != nil {
			score = Score{Reasons: []string{"only " + d.Name() + " requests it"}}
		}
		if slices.Contains(w.askedFor, j.location) {
			score.Level, score.Points, score.Reasons = Certain, maxPoints, append([]string{"a client asked for a WebSocket here"}, score.Reasons...)
		}
		if score.Level > None || len(score.Reasons) > 0 && j.pass != nil {
			kept := score
			w.scores[j.location.Number()] = &kept
		}
	}
}

// subrequests returns the locations that nginx itself requests, with the auth_request
// or mirror that causes it.
func subrequests(m *model.Model, all []judgement) map[*parser.Context]*parser.Directive {
	var asked map[*parser.Context]*parser.Directive
	var seen map[*parser.Directive]bool
	for i := range all {
		server := all[i].location.Server()
		for _, name := range []string{"auth_request", "mirror"} {
			for _, d := range all[i].location.Effective(name).Directives {
				if server == nil || seen[d] {
					continue
				}
				if seen == nil {
					seen, asked = make(map[*parser.Directive]bool), make(map[*parser.Context]*parser.Directive)
				}
				seen[d] = true
				path, _, _ := strings.Cut(d.Param(0), "?")
				asked[m.Route(server, path)] = d
			}
		}
	}
	return asked
}

// A judgement is what is known about one location without its siblings.
type judgement struct {
	location  *parser.Context
	server    *server
	said      Said
	saidBy    string // the reason to show for it
	pass      *parser.Directive
	signals   []signal
	endpoint  *Endpoint
	dedicated bool
	events    bool // the name says server-sent events
	named     bool // its path means WebSocket, whatever else there is
	root      bool
}

func (j *judgement) add(s signal) {
	if s.points != 0 {
		j.signals = append(j.signals, s)
	}
}

// takesWebSockets reports whether the location handles its server's WebSockets, so
// that they need no other.
func (j *judgement) takesWebSockets() bool {
	if j.said != Nothing {
		return j.said == WebSocket && j.named
	}
	return j.named && j.pass != nil && levelOf(sum(j.signals)) >= Likely
}

// What a location's score loses if a sibling handles the WebSockets.
const (
	siblingOfRoot = -45
	sibling       = -25
)

func (j *judgement) score() Score {
	if j.server.webSockets > 0 && !j.named {
		points := sibling
		if j.root {
			points = siblingOfRoot
		}
		j.add(signal{points: points, reason: "another location of the server handles the WebSockets"})
	}
	score := Score{Endpoint: j.endpoint, Dedicated: j.dedicated, Events: j.events}
	switch j.said {
	case WebSocket:
		score.Level, score.Points, score.Reasons, score.Told = Certain, maxPoints, []string{j.saidBy}, true
	case NotWebSocket:
		return Score{Reasons: []string{j.saidBy}, Told: true}
	default:
		points := sum(j.signals)
		if j.root && j.server.webSockets > 0 && levelOf(points) == Possible {
			return Score{} // the WebSockets of the server have a location
		}
		if j.pass == nil && levelOf(points) == None {
			return Score{} // irrelevant
		}
		score.Level, score.Points, score.Reasons = levelOf(points), min(max(points, 0), maxPoints), reasons(j.signals)
		score.Dedicated = score.Dedicated && score.Level > None
	}
	return score
}

// sum adds the points. Weak signals alone stay below possible, because a long timeout
// can have many reasons.
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

// reasons orders the reasons: evidence for it by weight, then evidence against it.
func reasons(signals []signal) []string {
	if len(signals) == 0 {
		return nil
	}
	slices.SortStableFunc(signals, func(a, b signal) int {
		if (a.points > 0) != (b.points > 0) {
			return cmp.Compare(b.points, a.points)
		}
		return cmp.Compare(abs(b.points), abs(a.points))
	})
	all := make([]string, len(signals))
	for i, s := range signals {
		all[i] = s.reason
	}
	return all
}
