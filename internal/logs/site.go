package logs

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Site is the configuration of the nginx that wrote the logs.
type Site struct {
	options lint.Options
	configs []*model.Model
	models  map[*parser.Config]*model.Model    // of the configurations
	scores  map[*parser.Directive]intent.Score // of locations, by their directives
	version parser.Version
	spots   map[spotKey]spot
	names   *names
	budget  int64 // steps that are left for locating requests
	untold  int   // requests for which the server is unknown among many
}

// A spot is what handles a request. Without a configuration only the path is known.
type spot struct {
	location *parser.Context // or the server if no location handles it; nil: unknown
	score    intent.Score
	timeout  time.Duration

	candidates []*parser.Context // if the line does not show the server: all locations that may have handled it
}

type spotKey struct{ host, path string }

// maxSpots limits the cache of paths, because clients choose them.
const maxSpots = 4096

// NewSite reads a configuration.
func NewSite(opt lint.Options) (*Site, error) {
	res, err := lint.Run(opt)
	if err != nil {
		return nil, err
	}
	s := &Site{
		options: opt, configs: res.Configs, models: model.ByConfig(res.Configs), version: res.Versions.Min, names: newNames(res.Configs), budget: maxSteps,
		scores: make(map[*parser.Directive]intent.Score), spots: make(map[spotKey]spot),
	}
	for _, e := range lint.Inventory(res, true) {
		s.scores[e.Location.Opener] = e.Intent
	}
	return s, nil
}

// maxFormats limits how many log_formats are tried for each line.
const maxFormats = 100

// formats returns the first log_formats of the configuration that have a status.
func (s *Site) formats() []*Format {
	var all []*Format
	seen := make(map[string]bool)
	for _, cfg := range s.configs {
		cfg.Root.Walk(func(c *parser.Context) bool {
			for _, d := range c.Own("log_format") {
				text := formatText(d)
				if len(all) == maxFormats || seen[text] {
					continue
				}
				seen[text] = true
				if f, err := NewFormat(text); err == nil {
					all = append(all, f)
				}
			}
			return c.Name == "main" || c.Name == "http"
		})
	}
	return all
}

// spotOf returns what handles a request; s can be nil.
func (s *Site) spotOf(e *Entry) spot {
	path := e.path()
	if s == nil || path == "" {
		return spot{score: intent.OfPath(path), timeout: parser.DefaultReadTimeout}
	}
	key := spotKey{e.Server + " " + e.Host, path}
	if known, ok := s.spots[key]; ok {
		return known
	}
	if len(s.spots) >= maxSpots {
		clear(s.spots)
	}
	found := s.find(e, path)
	s.spots[key] = found
	return found
}

func (s *Site) find(e *Entry, path string) spot {
	best := spot{score: intent.OfPath(path), timeout: parser.DefaultReadTimeout}
	servers, identified := s.servers(e)
	for _, server := range servers {
		if s.budget -= stepsPerRoute; s.budget < 0 {
			break
		}
		m := s.models[server.Config]
		at := m.Route(server, path)
		score := s.scores[at.Opener]
		if !identified && score.Level >= intent.Likely {
			best.candidates = append(best.candidates, at)
		}
		if best.location != nil && score.Points <= best.score.Points {
			continue
		}
		best.location = at
		best.timeout, _ = probe.ReadTimeout(m.Request(at, model.WebSocket, s.version))
		if score.Points > best.score.Points || score.Told {
			score.Dedicated = score.Dedicated || best.score.Dedicated
			best.score = score
		}
	}
	if len(best.candidates) < 2 {
		best.candidates = nil
	}
	return best
}

// Limits on locating all requests, in steps. A search in one server takes several.
const (
	maxSteps      = 50_000_000
	stepsPerRoute = 50
)

// maxServers limits how many servers are searched for a request if the log does not
// show the server.
const maxServers = 100

// servers returns the servers that may have handled a request: by the name in an
// error log, by the requested host, or all of them if neither is known and there are
// not too many. The requested port chooses among them. It reports whether the line
// shows the server, or there is only one.
func (s *Site) servers(e *Entry) (may []*parser.Context, identified bool) {
	host, port := splitHost(e.Host)
	may = s.names.first[strings.ToLower(e.Server)]
	if identified = e.Server != "" && len(may) > 0; !identified {
		if s.budget < 0 { // gave up: see exhausted
			return nil, false
		}
		if may, identified = s.asked(host); !identified {
			may = s.names.servers
		}
	}
	if !identified && len(may) > maxServers {
		s.untold++
		return nil, false
	}
	if port != "" {
		s.budget -= int64(len(may))
		if at := listening(may, port); len(at) > 0 {
			may, identified = at, true
		}
	}
	return may, identified || len(may) == 1
}

// asked returns the servers with a name that matches a host.
func (s *Site) asked(host string) (all []*parser.Context, any bool) {
	if host == "" {
		return nil, false
	}
	all, steps := s.names.asked(host)
	s.budget -= int64(steps)
	return all, len(all) > 0
}

// listening returns the servers that listen on a port.
func listening(servers []*parser.Context, port string) []*parser.Context {
	return slices.DeleteFunc(slices.Clone(servers), func(c *parser.Context) bool {
		return !slices.ContainsFunc(c.Listens(), func(l parser.Listen) bool { return strings.HasSuffix(l.Address, ":"+port) })
	})
}

// exhausted returns an error if locating requests was given up.
func (s *Site) exhausted() error {
	if s == nil {
		return nil
	}
	if s.budget < 0 {
		return errors.New("gave up locating the requests in the servers: too many server names with wildcards, or too many servers with the same name")
	}
	return (&lint.Result{Configs: s.configs}).Exhausted()
}

// places lints the configuration for handshakes at some locations. A nil location has
// no place.
func (s *Site) places(locations []*parser.Context) ([]*probe.Place, error) {
	if s == nil || len(locations) == 0 {
		return make([]*probe.Place, len(locations)), nil
	}
	type key struct {
		file  string
		start int
	}
	of := func(c *parser.Context) key { return key{c.Opener.Span().File.Name, c.Opener.Span().Start} }
	return probe.Places(s.options, func(all []*model.Model) []*parser.Context {
		wanted := make(map[key]*parser.Context)
		for _, c := range locations {
			if c != nil && c.Opener != nil {
				wanted[of(c)] = nil
			}
		}
		for _, cfg := range all {
			cfg.Root.Walk(func(c *parser.Context) bool {
				if c.Opener != nil {
					if found, ok := wanted[of(c)]; ok && found == nil {
						wanted[of(c)] = c
					}
				}
				return true
			})
		}
		found := make([]*parser.Context, len(locations))
		for i, c := range locations {
			if c != nil && c.Opener != nil {
				found[i] = wanted[of(c)]
			}
		}
		return found
	})
}
