package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Shortened is a rewrite that cuts the beginning of a path off, with its slash.
type Shortened struct {
	By      *parser.Directive
	Path    string // for which nothing is left, so that nginx answers 500; "" for none
	NoSlash bool   // what is left of the others does not begin with a slash
}

// shortened returns what a rewrite leaves of a location's paths, or nil where they
// stay paths: nginx refuses an empty one ("the rewritten URI has a zero length").
func shortened(d *parser.Directive, location *parser.Context) *Shortened {
	to, _, _ := strings.Cut(d.Param(1), "?")
	expr := strings.TrimSuffix(d.Param(0), "$")
	prefix, ok := strings.CutSuffix(strings.TrimPrefix(expr, "^"), "(.*)")
	if !ok || to != "$1" && to != "${1}" || !coversLocation(d.Param(0), location) {
		return nil
	}
	_, name := location.LocationName()
	s := &Shortened{By: d, NoSlash: strings.HasSuffix(prefix, "/") || prefix == ""}
	if prefix == name {
		s.Path = name
	}
	if s.Path == "" && !s.NoSlash {
		return nil
	}
	return s
}

// judge says what becomes of a handshake of which a rewrite leaves too little.
func (s *Shortened) judge(location *parser.Context) Handshake {
	line := s.By.Span().File.Position(s.By.Span().Start).Line
	modifier, _ := location.LocationName()
	switch {
	case s.Path != "" && modifier == "=":
		return fails("nginx answers 500, because the rewrite in line %d leaves nothing of the path", line)
	case s.NoSlash:
		return unsure("the rewrite in line %d sends paths without their slash, which applications refuse with 400", line)
	}
	return unsure("nginx answers 500 for %s itself, of which the rewrite in line %d leaves nothing", s.Path, line)
}
