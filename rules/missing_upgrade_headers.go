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

// span is the directive that is wrong, where it is the location's own, else the
// proxy_pass that lacks its headers.
func (h *headerProblem) span() parser.Span {
	for _, s := range []headerState{h.connection, h.upgrade} {
		if s.bad && s.wrong != nil && h.own() {
			return s.wrong.Span()
		}
	}
	return h.Request.Pass.Span()
}

// own reports whether the location has proxy_set_header lines of its own.
func (h *headerProblem) own() bool { return h.Request.Set.From == h.Context }

func (h *headerProblem) message() string {
	var what string
	switch u, c := h.upgrade, h.connection; {
	case u.bad && u.wrong == nil && c.bad && c.wrong == nil:
		what = "Upgrade and Connection do not reach " + h.target()
	case u.bad && c.bad:
		what = h.describe("Upgrade", u) + " and " + h.describe("Connection", c)
	case u.bad:
		what = h.describe("Upgrade", u)
	default:
		what = h.describe("Connection", c)
	}
	return what + h.why() + ": the WebSocket handshake gets 400, 426 or a plain page instead of 101" + h.belief()
}

func (h *headerProblem) describe(name string, s headerState) string {
	switch {
	case s.wrong == nil:
		return name + " does not reach " + h.target()
	case s.value == "" && s.wrong.Param(1) != "":
		return fmt.Sprintf("%s is set to %s, which is always empty here, so it is not sent", name, s.wrong.Param(1))
	case s.value == "":
		return fmt.Sprintf("%s is set to nothing, so it is not sent", name)
	case strings.HasPrefix(s.wrong.Param(1), "$"):
		return fmt.Sprintf("%s is set to %s, which is %q on a handshake and does not ask for an upgrade", name, s.wrong.Param(1), s.value)
	}
	return fmt.Sprintf("%s is sent as %q, which does not ask for an upgrade", name, s.value)
}

// why says what the cause is, where there is more to it than a missing line.
func (h *headerProblem) why() string {
	if d := h.answerHeader(); d != nil {
		return fmt.Sprintf(" (%s is about response headers, not request headers)", d.Name())
	}
	if lost := h.lost(); lost != nil {
		return fmt.Sprintf(" (the location's own proxy_set_header lines cancel those at %s level, which set them)", lost.Name)
	}
	if h.elsewhere {
		return ", unless the http block that includes this file sets them"
	}
	return ""
}

// answerHeader returns a directive for headers of the response that was meant to be
// a proxy_set_header.
func (h *headerProblem) answerHeader() *parser.Directive {
	for _, name := range []string{"add_header", "proxy_pass_header"} {
		for _, d := range h.Effective(name).Directives {
			if strings.EqualFold(d.Param(0), "Upgrade") || strings.EqualFold(d.Param(0), "Connection") {
				return d
			}
		}
	}
	return nil
}

// lost returns an outer level whose header lines would have done.
func (h *headerProblem) lost() *parser.Context {
	if !h.own() || h.Parent == nil {
		return nil
	}
	outer := h.Parent.Effective("proxy_set_header")
	upgrade, connection := false, false
	for _, d := range outer.Directives {
		upgrade = upgrade || strings.EqualFold(d.Param(0), "Upgrade")
		connection = connection || strings.EqualFold(d.Param(0), "Connection")
	}
	if upgrade && connection {
		return outer.From
	}
	return nil
}

func (h *headerProblem) related() []Related {
	var all []Related
	if lost := h.lost(); lost != nil {
		all = append(all, Related{lost.Own("proxy_set_header")[0].Span(), "the header lines that the location cancels"})
	}
	for _, s := range []headerState{h.upgrade, h.connection} {
		if s.bad && s.wrong != nil && s.wrong.Span() != h.span() {
			all = append(all, Related{s.wrong.Span(), "set here"})
		}
	}
	return all
}
