// Package intent scores which locations are meant for WebSockets. It looks at
// what a configuration says about a location beside the headers that may be
// missing: its path, where it leads, what it is called, what comments say. Each
// point of a score has a reason that can be shown to a user.
package intent

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
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
	Told      bool      // the user says so: nothing was weighed
}

// A signal is one reason and its weight.
type signal struct {
	points int
	reason string
	weak   bool // says something only beside another one
}

// A Scorer holds the scores of the locations of a configuration. It may be used
// by many goroutines at once.
type Scorer struct {
	model    *model.Model
	scores   []*Score // by the location's number; nil where there is nothing to say
	headers  bool     // whether what only a proxied WebSocket needs is looked at
	userSaid func(*parser.Context) (Said, string)
	askedFor []*parser.Context // where WebSockets are known to be asked for
}

// An Option changes what a Scorer looks at.
type Option func(*Scorer)

// HideHeaders has a Scorer judge as if a location had none of the directives
// that WebSockets need (headers, timeouts, version, buffering): how well would
// it be found if they were missing?
func HideHeaders(s *Scorer) { s.headers = false }

// Said is what a user says of a location, in a comment or elsewhere.
type Said int

const (
	Nothing Said = iota
	WebSocket
	NotWebSocket
)

// AskUser has a Scorer ask elsewhere about a location that no comment settles. The
// string is the reason that is shown for it. It is asked on many goroutines.
func AskUser(told func(location *parser.Context) (said Said, reason string)) Option {
	return func(s *Scorer) { s.userSaid = told }
}

// AskedFor makes a Scorer certain of some locations: WebSockets are known to be asked
// for there.
func AskedFor(locations []*parser.Context) Option {
	return func(s *Scorer) { s.askedFor = locations }
}

// New returns a Scorer for a configuration that has scored nothing yet.
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

// Of returns the score of a location whose part was scored. For an if or
// limit_except it is that of the location around it; elsewhere there is none.
func (s *Scorer) Of(c *parser.Context) Score {
	if c = c.Enclosing("location"); c != nil && s.scores[c.Number()] != nil {
		return *s.scores[c.Number()]
	}
	return Score{}
}

// Start returns a function that scores the locations of a part of the
// configuration. Each goroutine needs one of its own, which keeps what it has
// read; no part is to be scored twice.
func (s *Scorer) Start() func(parser.Part) {
	w := newWorker(s)
	return func(p parser.Part) {
		p.Walk(func(c *parser.Context) bool {
			switch c.Name {
			case "main", "http": // what is in them are parts of their own
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

// A worker scores level after level, with what it has read before at hand.
type worker struct {
	*Scorer
	paths     map[[3]string][]*reading
	remarks   map[string]remark
	upstreams map[*parser.Context]peers
	weights   map[*parser.Context]weight // by the level that sets many headers
	upgrades  map[string]bool            // by variable: derived from $http_upgrade
	all       []judgement                // of the level's locations
	place     place                      // that is being judged

	scratch, best []signal // of the verdict that is being made, and of the best so far
}

func newWorker(s *Scorer) *worker {
	return &worker{
		Scorer: s, paths: make(map[[3]string][]*reading), remarks: make(map[string]remark),
		upstreams: make(map[*parser.Context]peers), upgrades: make(map[string]bool), weights: make(map[*parser.Context]weight),
	}
}

// level scores the locations of a level, at any depth but for those of a server in
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

// subrequests returns the locations that nginx itself asks for another's sake,
// with the auth_request or mirror that has it do so.
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

// A judgement is what is known of one location without its siblings.
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
	named     bool // its path says WebSocket, whatever is beside it
	root      bool
}

func (j *judgement) add(s signal) {
	if s.points != 0 {
		j.signals = append(j.signals, s)
	}
}

// takesWebSockets reports whether the location is a place of its own for its
// server's WebSockets, so that they need no other.
func (j *judgement) takesWebSockets() bool {
	if j.said != Nothing {
		return j.said == WebSocket && j.named
	}
	return j.named && j.pass != nil && levelOf(sum(j.signals)) >= Likely
}

// What a sibling that takes the WebSockets takes from a location's score.
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
			return Score{} // the WebSockets of the server have a place
		}
		if j.pass == nil && levelOf(points) == None {
			return Score{} // of no interest
		}
		score.Level, score.Points, score.Reasons = levelOf(points), min(max(points, 0), maxPoints), reasons(j.signals)
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

// reasons puts the reasons in order: by weight what speaks for it, then what
// speaks against it.
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
