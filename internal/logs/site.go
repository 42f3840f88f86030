package logs

import (
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Site is the configuration that the logs are of.
type Site struct {
	options lint.Options
	configs []*parser.Config
	scores  map[*parser.Directive]intent.Score // of locations, by what opens them
	version parser.Version
	spots   map[spotKey]spot
}

// A spot is what takes a request: without a configuration no more is known of it
// than what its path says.
type spot struct {
	location *parser.Context // or the server where no location takes it; nil: not known
	score    intent.Score
	timeout  time.Duration

	candidates []*parser.Context // where the line does not tell the server: all locations that may have taken it
}

type spotKey struct{ host, path string }

// maxSpots bounds what is remembered of paths: they are a client's to choose.
const maxSpots = 4096

// NewSite reads a configuration.
func NewSite(opt lint.Options) (*Site, error) {
	res, err := lint.Run(opt)
	if err != nil {
		return nil, err
	}
	s := &Site{options: opt, configs: res.Configs, version: res.Versions.Min, scores: make(map[*parser.Directive]intent.Score), spots: make(map[spotKey]spot)}
	for _, e := range lint.Inventory(res, true) {
		s.scores[e.Location.Opener] = e.Intent
	}
	return s, nil
}

// formats are the log_formats of the configuration that have a status.
func (s *Site) formats() []*Format {
	var all []*Format
	for _, cfg := range s.configs {
		cfg.Root.Walk(func(c *parser.Context) bool {
			for _, d := range c.Own("log_format") {
				if f, err := formatOf(d); err == nil {
					all = append(all, f)
				}
			}
			return c.Name == "main" || c.Name == "http"
		})
	}
	return all
}

// spotOf returns what takes a request; s may be nil.
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
	servers, told := s.servers(e)
	for _, server := range servers {
		at := server.Route(path)
		score := s.scores[at.Opener]
		if !told && score.Level >= intent.Likely {
			best.candidates = append(best.candidates, at)
		}
		if best.location != nil && score.Points <= best.score.Points {
			continue
		}
		best.location = at
		best.timeout, _ = probe.ReadTimeout(at.Request(parser.WebSocket, s.version))
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

// servers are those that may have taken a request: by the name that an error log
// gives, by the host that was asked for, or all of them where neither is known. The
// port that was asked for chooses among them. It reports whether the line tells any
// of that, or there is one only.
func (s *Site) servers(e *Entry) (may []*parser.Context, told bool) {
	host, port, _ := strings.Cut(e.Host, ":")
	var named, asked, all []*parser.Context
	for _, cfg := range s.configs {
		for _, server := range cfg.Servers() {
			all = append(all, server)
			if names := server.ServerNames(); e.Server != "" && len(names) > 0 && strings.EqualFold(names[0], e.Server) {
				named = append(named, server)
			}
			if host != "" && serves(server, host) {
				asked = append(asked, server)
			}
		}
	}
	switch {
	case len(named) > 0:
		may, told = named, true
	case len(asked) > 0:
		may, told = asked, true
	default:
		may = all
	}
	if at := listening(may, port); port != "" && len(at) > 0 {
		may, told = at, true
	}
	return may, told || len(may) == 1
}

// listening are the servers that listen on a port.
func listening(servers []*parser.Context, port string) []*parser.Context {
	return slices.DeleteFunc(slices.Clone(servers), func(c *parser.Context) bool {
		return !slices.ContainsFunc(c.Listens(), func(l parser.Listen) bool { return strings.HasSuffix(l.Address, ":"+port) })
	})
}

// serves reports whether a server has a name that a host is one of.
func serves(server *parser.Context, host string) bool {
	socket := &parser.Socket{Listens: []parser.Listen{{Server: server}}}
	_, named := socket.Server(host)
	return named
}

// place lints the configuration for a handshake at a location of it.
func (s *Site) place(location *parser.Context) (*probe.Place, error) {
	if s == nil || location == nil || location.Opener == nil {
		return nil, nil
	}
	span := location.Opener.Span()
	return probe.At(s.options, func(all []*parser.Config) (found *parser.Context, _ probe.Match) {
		for _, cfg := range all {
			cfg.Root.Walk(func(c *parser.Context) bool {
				if c.Opener != nil && found == nil {
					if at := c.Opener.Span(); at.Start == span.Start && at.File.Name == span.File.Name {
						found = c
					}
				}
				return found == nil
			})
		}
		return found, probe.Match{ByName: true, ByPort: true}
	})
}
