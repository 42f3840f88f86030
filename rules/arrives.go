package rules

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Arrives says whether requests reach a location.
type Arrives int

const (
	ArriveYes    Arrives = iota
	ArriveUnsure         // something that is not known may lead to it
	ArriveNo             // it has a name, and nothing leads to it
)

// Arrives reports whether anything leads to a location. Only named ones need that.
func (l *Location) Arrives() Arrives {
	if l.modifier != "@" {
		return ArriveYes
	}
	switch all := l.Tree.leads(l.Server()); {
	case len(all.to[l.Named()]) > 0:
		return ArriveYes
	case all.unsure:
		return ArriveUnsure
	}
	return ArriveNo
}

// LedFrom returns the levels from which requests come to a named location.
func (l *Location) LedFrom() (from []*parser.Context) {
	if l.modifier != "@" {
		return nil
	}
	for _, lead := range l.Tree.leads(l.Server()).to[l.Named()] {
		if !slices.Contains(from, lead.from) {
			from = append(from, lead.from)
		}
	}
	return from
}
