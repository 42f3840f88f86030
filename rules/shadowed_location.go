package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ShadowedLocation finds WebSocket locations whose requests match a regular
// expression first, in a location where the handshake fails.
var ShadowedLocation = &Rule{
	Name:     "shadowed-location",
	Summary:  "a regular expression handles the requests of a WebSocket location",
	Group:    Paths,
	Severity: Error,
	Location: shadowedLocation,
}

func shadowedLocation(p *Pass, l *Location) {
	if l.Score.Level < intent.Likely || l.Opener == nil || l.Server() == nil {
		return
	}
	taker, path := l.taker()
	if taker == nil {
		return
	}
	why := failure(p.Request(taker, model.WebSocket, p.newest))
	if other := p.Location(taker); other != nil && (other.Score.Level > intent.None || l.Config.Fragment) || why == "" {
		return // what fails there is said there, or what it inherits is not seen
	}
	if taker.Parent.Implied() && taker.Opener.Span().File != l.Opener.Span().File {
		return // fragments of one directory may be meant for different servers
	}
	p.Report(shadowed(l, taker, path, why), l)
}

func shadowed(l *Location, taker *parser.Context, path, why string) Finding {
	f := Finding{
		Severity: Error, Span: wordsSpan(l.Opener),
		Message: fmt.Sprintf("nginx never uses this location: the earlier %s has the same expression and handles the requests, and there the handshake fails (%s)%s", taker.Opener.Words(), why, l.belief()),
		Related: []Related{{wordsSpan(taker.Opener), "handles the requests"}},
	}
	if modifier, _ := l.LocationName(); modifier == "" {
		name := l.Opener.ParamWord(0).Span()
		f.Message = fmt.Sprintf("%s does not get here: nginx tries regular expressions first, and %s matches, where the handshake fails (%s)%s", path, taker.Opener.Words(), why, l.belief())
		f.Fixes = []fixer.Fix{{
			Message: "add ^~, so that nginx tries no regular expression where this prefix is the longest", Safety: fixer.Shown,
			Edits: []fixer.Edit{{Span: parser.Span{File: name.File, Start: name.Start, End: name.Start}, New: "^~ "}},
		}}
	}
	return f
}

// taker returns the location with a regular expression that takes the handshakes
// of a location, and for which path; or nil. A prefix whose root may be meant to
// be something else than the rest has no path of which that is sure.
func (l *Location) taker() (*parser.Context, string) {
	switch modifier, name := l.LocationName(); modifier {
	case "":
		if e := l.Score.Endpoint; name == "/" || !l.Score.Dedicated && !strings.HasSuffix(strings.TrimSuffix(name, "/"), "/socket.io") || e != nil && strings.HasSuffix(string(e.Path), "**") {
			return nil, ""
		}
		found := l.Tree.Route(l.Server(), name)
		if m, _ := found.LocationName(); m == "~" || m == "~*" {
			return found, name
		}
	case "~", "~*":
		if found := l.Tree.firstNamed(l.Parent)[modifier+name]; found != l.Context {
			return found, name
		}
	}
	return nil, ""
}

// firstNamed are the first locations of a level, by modifier and name. nginx says
// nothing of a second one with the same expression.
func (t *Tree) firstNamed(level *parser.Context) map[string]*parser.Context {
	if known, ok := t.named.Load(level); ok {
		return known.(map[string]*parser.Context)
	}
	all := make(map[string]*parser.Context)
	for _, c := range level.Children {
		if modifier, name := c.LocationName(); all[modifier+name] == nil {
			all[modifier+name] = c
		}
	}
	t.named.Store(level, all)
	return all
}
