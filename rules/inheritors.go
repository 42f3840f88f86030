package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// inheritors returns the proxying locations nested in l, at any depth, that
// inherit a setting from the same level as l does: they change with it, whether l's
// own setting is edited or l gets one. A handshake may never reach their
// proxy_pass, which may also be in an if or a limit_except; plain requests do.
func (l *Location) inheritors(directive string) []*parser.Context {
	from := l.Effective(directive).From
	var all []*parser.Context
	for _, child := range l.Children {
		child.Walk(func(c *parser.Context) bool {
			if c.Name == "location" && mayProxy(c) && c.Effective(directive).From == from {
				all = append(all, c)
			}
			return true
		})
	}
	return all
}

// alsoChanges adds the locations to a fix that inherit what it sets for l. Those
// that do not have the same finding, or are not likely to be meant for WebSockets,
// change although nothing is wrong there: the message names them, and the fix is
// not Safe.
func (l *Location) alsoChanges(fix *fixer.Fix, directive string, sameFinding func(*parser.Context) bool) {
	healthy := ""
	n := 0
	for _, inner := range l.inheritors(directive) {
		fix.Names = append(fix.Names, inner)
		if sameFinding(inner) && l.Tree.scorer.Of(inner).Level >= intent.Likely {
			continue
		}
		fix.Safety = min(fix.Safety, fixer.Unsafe)
		if n++; n == 1 {
			modifier, name := inner.LocationName()
			healthy = fmt.Sprintf("location %s (line %d)", strings.TrimSpace(modifier+" "+name), line(inner))
		}
	}
	switch {
	case n == 1:
		fix.Message += "; " + healthy + " inherits this and changes too"
	case n > 1:
		fix.Message += fmt.Sprintf("; %s and %d more inherit this and change too", healthy, n-1)
	}
}

// never is for findings that no location has because of an outer one.
func never(*parser.Context) bool { return false }

func line(c *parser.Context) int {
	s := c.Opener.Span()
	return s.File.Position(s.Start).Line
}
