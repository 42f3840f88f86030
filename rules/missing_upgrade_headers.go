package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingUpgradeHeaders finds the most common cause of all: Upgrade or
// Connection does not reach the upstream, or with a value that cannot upgrade.
var MissingUpgradeHeaders = &Rule{
	Name:     "missing-upgrade-headers",
	Summary:  "WebSocket upgrade headers do not reach the upstream",
	Group:    Correctness,
	Severity: Error,
	Location: missingUpgradeHeaders,
}

func missingUpgradeHeaders(p *Pass, l *Location) {
	h := l.headerProblem()
	if h == nil {
		return
	}
	f := Finding{Severity: Error, Span: h.span(), Message: h.message(), Related: h.related()}
	if fix, ok := h.fix(); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// headerProblemOf is the headerProblem of a location with any sign of WebSockets;
// nil for other contexts.
func (t *Tree) headerProblemOf(c *parser.Context) *headerProblem {
	if l := t.Location(c); l != nil && l.Score.Level > intent.None {
		return l.headerProblem()
	}
	return nil
}

// A headerProblem is a location at which one header or both are missing or
// wrong.
type headerProblem struct {
	*Location
	upgrade, connection headerState
	elsewhere           bool // a level that is not seen may send them
}

// A headerState is what is to be said of one header; nothing where it is right.
type headerState struct {
	bad   bool
	wrong *parser.Directive // that sets it wrongly; nil where it is missing
	value string            // what is sent
}

// headerProblem judges a location; nil where nothing is wrong, or where what
// could not be read may set it right.
func (l *Location) headerProblem() *headerProblem {
	q := l.Request
	if q.Set.Unsure != nil {
		return nil
	}
	h := &headerProblem{Location: l, upgrade: l.state("Upgrade", isWebSocket), connection: l.state("Connection", hasUpgrade)}
	if !h.upgrade.bad && !h.connection.bad {
		return nil
	}
	if l.Config.Fragment {
		if q.Set.From == nil && l.Config.Level.Name != "http" || q.Set.From == l.Config.Level && l.Config.Level.Opener == nil && h.missing() {
			return nil // what the fragment is included into may set them
		}
		h.elsewhere = q.Set.From == nil && !l.Tree.StockImage
	}
	return h
}

// missing reports whether a header is not set at all, not even wrongly.
func (h *headerProblem) missing() bool {
	return h.upgrade.bad && h.upgrade.wrong == nil || h.connection.bad && h.connection.wrong == nil
}

// state judges one header: it is right where one of its lines is, or may be.
// Of one with a colon behind its name colon-in-header-name speaks.
func (l *Location) state(name string, right func(value string) bool) headerState {
	if l.Request.Sets(name+":") != nil {
		return headerState{}
	}
	lines := l.Request.All(name)
	for _, line := range lines {
		if !line.Value.Known || right(line.Value.Text) {
			return headerState{}
		}
	}
	return l.badHeader(name, lines)
}

func isWebSocket(value string) bool { return strings.EqualFold(value, "websocket") }

func hasUpgrade(value string) bool { return model.HasToken(value, "upgrade") }

// badHeader tells a wrong line from none.
func (l *Location) badHeader(name string, lines []model.Header) headerState {
	for _, line := range lines {
		if line.Directive != nil {
			return headerState{true, line.Directive, line.Value.Text}
		}
	}
	return headerState{true, l.Request.Sets(name), ""} // set to nothing, or not at all
}

// own reports whether the location has proxy_set_header lines of its own.
func (h *headerProblem) own() bool { return h.Request.Set.From == h.Context }

// filled reports whether a script may have made the value of a header.
func (h *headerProblem) filled(s headerState) bool {
	return s.wrong != nil && strings.Contains(s.wrong.Param(1), "$") && h.Request.Script() != nil
}

func (h *headerProblem) describe(name string, s headerState) string {
	switch {
	case s.wrong == nil:
		return name + " does not reach " + h.target()
	case s.value == "" && h.filled(s):
		return fmt.Sprintf("%s is set to %s, which %s makes empty, so it is not sent", name, s.wrong.Param(1), h.Request.Script().Name())
	case s.value == "" && s.wrong.Param(1) != "":
		return fmt.Sprintf("%s is set to %s, which is always empty here, so it is not sent", name, s.wrong.Param(1))
	case s.value == "":
		return fmt.Sprintf("%s is set to nothing, so it is not sent", name)
	case strings.HasPrefix(s.wrong.Param(1), "$"):
		return fmt.Sprintf("%s is set to %s, which is %q on a handshake and does not ask for an upgrade", name, s.wrong.Param(1), s.value)
	}
	return fmt.Sprintf("%s is sent as %q, which does not ask for an upgrade", name, s.value)
}
