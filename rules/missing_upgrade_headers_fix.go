package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// fix gives the location a full set of headers, with what they were where they
// were right.
func (h *headerProblem) fix() (fixer.Fix, bool) {
	if outer := h.covered(); outer != nil {
		return outer.fix()
	}
	if h.Opener == nil && h.missing() || h.filled(h.upgrade) || h.filled(h.connection) {
		return fixer.Fix{}, false // or the mistake is in the script
	}
	c := connection{safety: fixer.Safe}
	if h.connection.bad {
		c = h.Location.connection()
	}
	fix := fixer.Fix{Safety: c.safety, Edits: c.edits, Names: []*parser.Context{h.Context}, Changes: []string{"Connection"}}
	if h.own() {
		h.mend(&fix, c.value)
	} else {
		h.copyDown(&fix, c.value)
	}
	if h.elsewhere {
		fix.Safety = min(fix.Safety, fixer.Unsafe)
	}
	if h.connection.bad {
		fix.Message += c.with + h.plainChange(c.value)
	}
	h.alsoChanges(&fix, "proxy_set_header", func(inner *parser.Context) bool { return h.Tree.headerProblemOf(inner) != nil })
	if h.connection.bad {
		fix.Message += c.byHand
	}
	return fix, true
}

// plainChange says what plain requests will carry, where that is new to them.
func (h *headerProblem) plainChange(value string) string {
	after := h.plainValue(value)
	for _, v := range h.Tree.Settings.Versions.Samples() {
		before := ""
		plain := h.Tree.Request(h.Context, model.Plain, v)
		for _, line := range plain.All("Connection") {
			before = line.Value.Text
		}
		if before != after && after == "" {
			return "; plain requests then carry no Connection header"
		}
		if before != after {
			return fmt.Sprintf("; plain requests then carry \"Connection: %s\"", after)
		}
	}
	return ""
}

// covered returns a broken location around this one whose fix mends this one
// too, because both take their headers from one level.
func (h *headerProblem) covered() *headerProblem {
	for c := h.Parent; c != nil; c = c.Parent {
		if l := h.Tree.Location(c); l == nil || l.Request.Set.From != h.Request.Set.From {
			continue
		}
		if outer := h.Tree.headerProblemOf(c); outer != nil {
			return outer
		}
	}
	return nil
}

// mend sets right what is wrong in the location's own lines and adds what they
// lack, after the last of them.
func (h *headerProblem) mend(fix *fixer.Fix, connection string) {
	var lines, names []string
	for _, s := range []struct {
		headerState
		name, value string
	}{{h.upgrade, "Upgrade", "$http_upgrade"}, {h.connection, "Connection", connection}} {
		switch {
		case !s.bad:
			continue
		case s.wrong != nil:
			fix.Edits = append(fix.Edits, replaceParam(s.wrong, 1, s.value))
		default:
			lines = append(lines, "proxy_set_header "+s.name+" "+s.value+";")
		}
		names = append(names, s.name)
	}
	if len(lines) > 0 {
		fix.Edits = append(fix.Edits, insertAfter(h.anchor("proxy_set_header"), lines))
	}
	fix.Message = "send " + strings.Join(names, " and ")
	if h.upgrade.bad && h.upgrade.wrong != nil {
		fix.Changes = append(fix.Changes, "Upgrade")
	}
}

// copyDown gives a location without lines of its own all that it inherits, for
// one line of its own would cancel the rest, and the two headers.
func (h *headerProblem) copyDown(fix *fixer.Fix, connection string) {
	var lines []string
	for _, d := range h.Request.Set.Directives {
		name := d.Param(0)
		upgrade := h.upgrade.bad && strings.EqualFold(name, "Upgrade")
		if upgrade && !slices.Contains(fix.Changes, "Upgrade") {
			fix.Changes = append(fix.Changes, "Upgrade")
		}
		if upgrade || h.connection.bad && strings.EqualFold(name, "Connection") {
			continue
		}
		lines = append(lines, written(d))
	}
	copied := len(lines)
	if h.upgrade.bad {
		lines = append(lines, "proxy_set_header Upgrade $http_upgrade;")
	}
	if h.connection.bad {
		lines = append(lines, "proxy_set_header Connection "+connection+";")
	}
	fix.Edits = append(fix.Edits, insertAfter(h.anchor("proxy_pass"), lines))
	h.spendOn(*fix)
	fix.Message = "send Upgrade and Connection"
	if copied > 0 {
		fix.Message += " and repeat the " + h.Request.Set.From.Name + "-level headers, which they would cancel"
	}
}

// anchor returns the directive of the location's own text after which lines of
// a kind go: the last of that name, else the include that brings the last one,
// else proxy_pass, else the last directive.
func (l *Location) anchor(name string) *parser.Directive {
	own := l.Opener.Block
	for _, name := range []string{name, "proxy_pass"} {
		all := l.Own(name)
		for _, d := range slices.Backward(all) {
			if d.In == own {
				return d
			}
		}
		for _, d := range slices.Backward(all) {
			if chain := l.Chain(d); len(chain) > 0 && chain[len(chain)-1].Directive.In == own {
				return chain[len(chain)-1].Directive
			}
		}
	}
	return own.Directives[len(own.Directives)-1]
}
