package rules

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingForwardedProto finds applications that cannot know that their
// visitors came by TLS, and take an Origin of https for another site's.
var MissingForwardedProto = &Rule{
	Name:     "missing-forwarded-proto",
	Summary:  "TLS is terminated here, but X-Forwarded-Proto is not sent to the application",
	Group:    Correctness,
	Severity: Info,
	Pedantic: true, // most applications do not look
	Within:   missingForwardedProto,
}

// schemeHeaders are those in which applications look for the scheme.
var schemeHeaders = []string{
	"X-Forwarded-Proto", "Forwarded", "X-Forwarded-Protocol", "X-Forwarded-Scheme", "X-Forwarded-Ssl",
	"X-Scheme", "X-Url-Scheme", "X-Real-Scheme", "Front-End-Https",
}

func missingForwardedProto(p *Pass) {
	for _, l := range p.Meant {
		server := l.Server()
		if !l.hostMatters() || server == nil || !strings.HasPrefix(l.Request.Target.Text, "http:") || len(l.lostHeaders()) > 0 ||
			slices.ContainsFunc(server.Listens(), parser.Listen.Plaintext) || len(server.Listens()) == 0 {
			continue
		}
		if from := l.Request.Set.From; l.Config.Fragment && (from == nil && !l.Tree.StockImage || from == l.Config.Level && from.Opener == nil) {
			continue // it may be set where it cannot be seen
		}
		if slices.ContainsFunc(schemeHeaders, func(name string) bool { return l.Request.Sets(name) != nil }) {
			continue
		}
		f := Finding{
			Severity: Info, Span: l.Request.Pass.Span(),
			Message: "TLS ends here, and no X-Forwarded-Proto tells the application: one that compares Origin with the URL that it believes it has, scheme and all, refuses browsers" + l.belief(),
		}
		if l.Opener != nil {
			fix := l.sendHeaders([]string{"proxy_set_header X-Forwarded-Proto $scheme;"}, []string{"X-Forwarded-Proto"})
			fix.Message = "send X-Forwarded-Proto, for plain requests too"
			f.Fixes = []fixer.Fix{fix}
		}
		p.Report(f, l)
	}
}
