package rules

import (
	"fmt"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// LocationBehindReturn finds WebSocket locations in servers that answer
// everything before they look at their locations.
var LocationBehindReturn = &Rule{
	Name:      "location-behind-return",
	Summary:   "the server answers every request before it selects a location, so the WebSocket location is unused",
	Group:     Paths,
	Severity:  Warning,
	Answering: locationBehindReturn,
}

func locationBehindReturn(p *Pass, l *Location) {
	if l.Score.Level < intent.Likely || l.Request.Answer == "" || l.Opener == nil || l.Handler() == nil {
		return
	}
	back := returns(l.Server())
	if back == nil || l.First("return") != nil {
		return
	}
	if l.servedElsewhere(p.byName()) {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: wordsSpan(l.Opener),
		Message: fmt.Sprintf("no request gets here: the server answers each with %s first, and no other server of its names proxies WebSockets at this path%s", l.Request.Answer, l.belief()),
		Related: []Related{{back.Span(), "answers every request"}},
	}, l)
}

// returns is the return of a server's own level that no if precedes, or nil.
func returns(server *parser.Context) *parser.Directive {
	if server == nil {
		return nil
	}
	for _, d := range server.Directives {
		switch {
		case d.Is("return"):
			return d
		case d.Is("if", "break"):
			return nil
		}
	}
	return nil
}
