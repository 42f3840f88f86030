// Package logs reads nginx's error and access logs and finds in them what keeps
// WebSockets from working.
package logs

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/cause"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/secret"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// Limits on what is kept of the logs, which can come from anybody.
const (
	maxPaths   = 5    // of a group
	maxPath    = 120  // bytes of one
	maxExample = 600  // bytes of an example
	maxGroups  = 1000 // beyond that, locations are not distinguished
	maxPlaces  = 20   // locations that are linted
)

// A Log is what was read from logs.
type Log struct {
	Lines    int  // in all
	Errors   int  // of them: of an error log,
	Accesses int  // of an access log
	Opened   int  // WebSockets in the access logs: answers 101
	Timed    bool // some line of an access log has a duration
	Info     bool // some line of an error log has level info
	Hostless bool // some line of an access log has no server, and several may have handled the request
	Groups   []*Group
	Unknown  []Unknown // files in which nothing was recognised

	site    *Site
	formats []*Format
	groups  map[groupKey]*Group
}

// A Group is what lines say about one cause, at one location if it is known.
type Group struct {
	Cause       *cause.Cause
	Signs       []*Sign // the most certain first
	Count       int
	First, Last time.Time
	Paths       []string // requested paths, the first ones
	Place       *probe.Place
	Findings    []rules.Finding // the linter's findings for the cause there

	Candidates []*parser.Context // if the lines do not show the server: all possible locations

	location *parser.Context
	signs    map[*Kind]*Sign
}

// A Sign is a kind of line of a group.
type Sign struct {
	Kind    *Kind
	Count   int
	Example Entry // the first; its Text is short and has no secrets of a query
	spans
}

// spans are from the first line to the last.
type spans struct{ first, last time.Time }

type groupKey struct {
	cause *cause.Cause
	at    *parser.Directive
}

// New returns an empty log. The format is that of the access logs, and the site their
// configuration. Both can be nil.
func New(site *Site, format *Format) *Log {
	l := &Log{site: site, groups: make(map[groupKey]*Group)}
	if format != nil {
		l.formats = []*Format{format}
		return l
	}
	if site != nil {
		l.formats = site.formats()
	}
	l.formats = append(l.formats, usual()...)
	return l
}

// Read reads a log, which may be compressed with gzip.
func (l *Log) Read(name string, r io.Reader) error {
	r, err := uncompressed(r)
	if err != nil {
		return err
	}
	number, known := 0, 0
	err = eachLine(r, func(line []byte) {
		number++
		l.Lines++
		text := string(line)
		if e, ok := l.entry(text); ok {
			known++
			e.File, e.Line, e.Text = name, number, text
			l.add(&e)
		}
	})
	switch {
	case err != nil:
		return fmt.Errorf("line %d: %w", number+1, err)
	case number == 0:
		l.Unknown = append(l.Unknown, Unknown{name, Empty})
	case known == 0:
		l.Unknown = append(l.Unknown, Unknown{name, fmt.Sprintf("none of its %s is from nginx's error log or from an access log in this format", lines(number))})
	}
	return nil
}

// prefixes match what other programs write before a line: docker compose its service;
// syslog and journald a priority, a time (RFC 3164, or ISO 8601 as in RFC 5424), the
// host and the program; docker logs -t a time.
var prefixes = lazyregexp.New(`^(?:[A-Za-z0-9_.-]{1,64} +\| )?(?:(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*) (?:\S{1,255} [\w./-]{1,64}(?:\[\d+\])?: |\S{1,255} [\w./-]{1,64} \S+ \S+ - )?)?`)

// entry reads a line as it is, else without such a prefix.
func (l *Log) entry(line string) (Entry, bool) {
	if e, ok := l.bare(line); ok {
		return e, true
	}
	if n := len(prefixes().FindString(line)); n > 0 {
		return l.bare(strings.TrimPrefix(line[n:], "\ufeff"))
	}
	return Entry{}, false
}

func (l *Log) bare(line string) (Entry, bool) {
	e, ok := readError(line)
	if !ok {
		e, ok = readJSONError(line)
	}
	if ok {
		l.Errors++
		l.Info = l.Info || e.Level == "info"
		return e, true
	}
	for _, f := range l.formats {
		e, ok := f.read(line)
		if !ok {
			continue
		}
		l.Accesses++
		l.Timed = l.Timed || f.lasts
		if e.Status == 101 {
			l.Opened++
		}
		return e, true
	}
	return Entry{}, false
}

// add counts a line if it is about WebSockets.
func (l *Log) add(e *Entry) {
	at := spot{timeout: parser.DefaultReadTimeout}
	asked := false
	for _, k := range Kinds {
		if k.Error != e.Error || k.Error && !k.match(e, 0) {
			continue
		}
		if !asked && e.URI != "" {
			at, asked = l.site.spotOf(e), true
		}
		if k.match(e, at.timeout) && k.concerns(e, at) {
			l.count(k, e, at)
			return
		}
	}
}

// concerns reports whether a line is about a WebSocket.
func (k *Kind) concerns(e *Entry, at spot) bool {
	switch {
	case k.All:
		return true
	case at.score.Told && at.score.Level == intent.None:
		return false
	case k.Error, k.Plain:
		return at.score.Level >= intent.Likely
	case e.Method != "GET":
		return false
	case e.Upgrade != "":
		return strings.EqualFold(e.Upgrade, "websocket")
	case e.asks("transport=websocket"):
		return true
	}
	return at.score.Level >= intent.Likely && at.score.Dedicated && !e.asks("transport=polling")
}

func (l *Log) count(k *Kind, e *Entry, at spot) {
	key := groupKey{cause: k.Cause}
	if len(at.candidates) > 0 {
		l.Hostless = l.Hostless || !e.Error
	} else if at.location != nil {
		if own := (groupKey{k.Cause, at.location.Opener}); l.groups[own] != nil || len(l.groups) < maxGroups {
			key = own
		}
	}
	g := l.groups[key]
	if g == nil {
		g = &Group{Cause: k.Cause, signs: make(map[*Kind]*Sign)}
		if key.at != nil {
			g.location = at.location
		}
		g.Candidates = at.candidates
		l.groups[key] = g
	}
	s := g.signs[k]
	if s == nil {
		s = &Sign{Kind: k, Example: *e}
		s.Example.Text = strings.Clone(short(secret.Hide(e.Text), maxExample))
		g.signs[k] = s
	}
	s.Count++
	s.extend(e.Time)
	if path := short(e.path(), maxPath); path != "" && len(g.Paths) < maxPaths && !slices.Contains(g.Paths, path) {
		g.Paths = append(g.Paths, strings.Clone(path))
	}
}

func (s *spans) extend(t time.Time) {
	if t.IsZero() {
		return
	}
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func short(s string, most int) string {
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
