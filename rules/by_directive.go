package rules

import (
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// byDirective returns the directives that hold at WebSocket locations by what of
// says of each, in order, and for each the location that is most surely meant for
// WebSockets: what many inherit is one finding.
func (t *Tree) byDirective(of func(*Location) []*parser.Directive) ([]*parser.Directive, map[*parser.Directive]*Location) {
	about := make(map[*parser.Directive]*Location)
	var order []*parser.Directive
	for _, l := range t.Meant {
		for _, d := range of(l) {
			if about[d] == nil {
				order = append(order, d)
			}
			if about[d] == nil || about[d].Score.Points < l.Score.Points {
				about[d] = l
			}
		}
	}
	return order, about
}
