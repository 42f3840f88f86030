package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// CSPWithoutWebSocket finds policies that make the browser refuse to open the
// WebSocket.
var CSPWithoutWebSocket = &Rule{
	Name:     "csp-without-websocket",
	Summary:  "a Content-Security-Policy does not let the page open its WebSocket",
	Group:    Security,
	Severity: Info,
	Pedantic: true,
	Level:    cspWithoutWebSocket,
}

func cspWithoutWebSocket(p *Pass, c *parser.Context) {
	l := p.surestOf()[c.Server()]
	if l == nil {
		return
	}
	for _, d := range c.Effective("add_header").Directives {
		if !strings.EqualFold(d.Param(0), "Content-Security-Policy") {
			continue
		}
		if why := refusesWebSocket(d.Param(1)); why != "" {
			p.Report(Finding{
				Severity: Info, Span: d.Span(), Context: l.Context, Intent: l.intent(), Once: true,
				Message: why + ": add the WebSocket, as in connect-src 'self' wss://example.com",
				Related: []Related{{l.Request.Pass.Span(), "a WebSocket location of the server"}},
			}, nil)
		}
	}
}

// refusesWebSocket returns why a policy refuses WebSockets to the page's own host,
// at least in some browsers, or "". By CSP 3 *, https: and a host without a scheme
// cover wss as well.
func refusesWebSocket(policy string) string {
	sources, name := []string(nil), ""
	for _, part := range strings.Split(policy, ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		switch directive := strings.ToLower(words[0]); {
		case directive == "connect-src", directive == "default-src" && name == "":
			name, sources = directive, words[1:]
		}
	}
	switch {
	case name == "":
		return ""
	case len(sources) == 0 || len(sources) == 1 && strings.EqualFold(sources[0], "'none'"):
		return name + " allows no connection at all, so browsers open no WebSocket"
	case !slices.ContainsFunc(sources, func(s string) bool {
		return !strings.HasPrefix(s, "'") && !strings.EqualFold(s, "data:") && !strings.EqualFold(s, "blob:")
	}):
		return fmt.Sprintf("%s has 'self' but no ws or wss source, and not every browser applies 'self' to WebSockets", name)
	}
	return ""
}
