package rules

import (
	"fmt"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"strings"
)

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
