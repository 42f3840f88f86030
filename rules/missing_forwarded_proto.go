package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingForwardedProto finds applications that cannot know that their
// visitors came by TLS, and take an Origin of https for another site's.
var MissingForwardedProto = &Rule{
	Name:      "missing-forwarded-proto",
	Summary:   "TLS is terminated here, but X-Forwarded-Proto is not sent to the application",
	Group:     Correctness,
	Severity:  Warning,
	Pedantic:  true, // most applications do not look
	ByDefault: true, // Action Cable does
	Location:  missingForwardedProto,
}

// schemeHeaders are those in which applications look for the scheme.
var schemeHeaders = []string{
	"X-Forwarded-Proto", "Forwarded", "X-Forwarded-Protocol", "X-Forwarded-Scheme", "X-Forwarded-Ssl",
	"X-Scheme", "X-Url-Scheme", "X-Real-Scheme", "Front-End-Https",
}

func missingForwardedProto(p *Pass, l *Location) {
	if !l.sendsNoScheme() {
		return
	}
	f := Finding{
		Severity: Info, Span: l.Request.Pass.Span(),
		Message: "TLS is terminated here, but X-Forwarded-Proto is not sent: an application that compares Origin with its own URL, including the scheme, refuses browsers" + l.belief(),
	}
	if e := l.Score.Endpoint; e != nil && e.App == "Rails Action Cable" && l.Score.Level == intent.Certain {
		if f.ByDefault = true; l.targetSays(e) {
			f.Severity = Warning // else AnyCable may be behind that path, which does not look
		}
		f.Message = "TLS is terminated here, but X-Forwarded-Proto is not sent: Action Cable treats the https Origin of the page as another site's and answers browsers 404, unless it allows that origin" + l.belief()
	}
	if l.Opener != nil {
		f.Fixes = []fixer.Fix{l.sendHeaders("send X-Forwarded-Proto, for plain requests too",
			[]string{"proxy_set_header X-Forwarded-Proto $scheme;"}, []string{"X-Forwarded-Proto"},
			func(c *parser.Context) bool {
				inner := l.Tree.Location(c)
				return inner != nil && inner.sendsNoScheme()
			})}
	}
	p.Report(f, l)
}

// sendsNoScheme reports whether all clients of a location speak TLS, and none of the
// headers that would tell the application so is set.
func (l *Location) sendsNoScheme() bool {
	server := l.Server()
	if !l.hostMatters() || server == nil || !strings.HasPrefix(l.Request.Target.Text, "http:") || len(l.lostHeaders()) > 0 ||
		slices.ContainsFunc(server.Listens(), parser.Listen.Plaintext) || len(server.Listens()) == 0 {
		return false
	}
	return !l.headersUnseen() && !slices.ContainsFunc(schemeHeaders, func(name string) bool { return l.Request.Sets(name) != nil })
}

// headersUnseen reports whether headers of a fragment may be set by the file that
// includes it.
func (l *Location) headersUnseen() bool {
	from := l.Request.Set.From
	return l.Config.Fragment && (from == nil && !l.Tree.StockImage || from == l.Config.Level && from.Opener == nil)
}

// targetSays reports whether the target of a location has a name or a port of an
// application.
func (l *Location) targetSays(e *intent.Endpoint) bool {
	text := l.Request.Target.Text
	if u := l.upstream; u != nil {
		for _, d := range u.Own("server") {
			text += " " + d.Param(0)
		}
	}
	named := slices.ContainsFunc(e.Names, func(name string) bool { return strings.Contains(strings.ToLower(text), name) })
	return named || slices.ContainsFunc(e.Ports, func(port int) bool { return strings.Contains(text, ":"+strconv.Itoa(port)) })
}
