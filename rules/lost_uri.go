package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// LostURI finds what gets lost where proxy_pass has a variable: nginx then asks
// for the URI that is written there and adds nothing of the request to it.
var LostURI = &Rule{
	Name:     "lost-uri",
	Summary:  "a proxy_pass with a variable loses the path or the query of the request",
	Group:    Paths,
	Severity: Warning,
	Location: lostURI,
}

func lostURI(p *Pass, l *Location) {
	to := l.passed
	if !to.Variable || to.URI == "" {
		return
	}
	if f, ok := l.lost(to.URI); ok {
		p.Report(f, l)
	}
}

// What a variable brings along of the request.
var (
	wholeURI = []string{"request_uri", "request"}
	paths    = []string{"uri", "document_uri"}
	queries  = []string{"args", "query_string", "is_args"}
)

func (l *Location) lost(uri string) (Finding, bool) {
	f := Finding{Severity: Warning, Span: l.Request.Pass.ParamWord(0).Span()}
	used := parser.VariablesIn(uri)
	has := func(names []string) bool {
		return slices.ContainsFunc(used, func(name string) bool { return slices.Contains(names, name) })
	}
	modifier, name := l.LocationName()
	switch {
	case has(wholeURI), has(queries) && len(used) > 1:
		return f, false
	case has(paths):
		f.Message = fmt.Sprintf("%s sends the path decoded and without the query of the request (tokens, session ids, EIO=4): a space in it ends with 400%s", l.target(), l.belief())
		f.Fixes = l.keepQuery(uri)
	case len(used) > 0 && l.captured(used):
		f.Severity = Info
		f.Message = fmt.Sprintf("%s sends what the expression captured, without the query of the request (tokens, session ids)%s", l.target(), l.belief())
		f.Fixes = l.keepQuery(uri)
	case len(used) > 0:
		return f, false // who knows what is in it
	case modifier == "=" && !l.needsQuery(), l.Score.Dedicated && !l.needsQuery() && !strings.HasSuffix(name, "/") && uri == name:
		return f, false // the path is right, and nothing says that the client sends a query
	case modifier == "=":
		f.Message = fmt.Sprintf("%s has a variable and a URI, so nginx sends %s and nothing else: the query of the request is lost, which %s needs%s", l.target(), uri, l.Score.Endpoint.App, l.belief())
		f.Fixes = l.passOn(uri, name)
	default:
		f.Message = fmt.Sprintf("%s has a variable and a URI, so nginx always requests %s: the rest of the path and the query are lost%s", l.target(), uri, l.belief())
		f.Fixes = l.passOn(uri, name)
	}
	return f, true
}

// needsQuery reports whether the application that is known to be at a location
// gets its session in the query of each request: Engine.IO's transport and sid.
func (l *Location) needsQuery() bool {
	return l.Score.Endpoint != nil && strings.HasSuffix(string(l.Score.Endpoint.Path), "/socket.io")
}

// captured reports whether variables are captures of the location's expression.
func (l *Location) captured(names []string) bool {
	_, name := l.LocationName()
	return !slices.ContainsFunc(names, func(v string) bool {
		return len(v) > 1 && !strings.Contains(name, "<"+v+">") || len(v) == 1 && (v < "1" || v > "9")
	})
}

// keepQuery adds the query to a URI that the proxy_pass itself has; where it is
// the path alone, the client's own, undecoded, is as good and simpler.
func (l *Location) keepQuery(uri string) []fixer.Fix {
	fix := fixer.Fix{
		Message: "send the query too", Safety: fixer.Unsafe, Edits: l.withURI(l.passed.Written + "$is_args$args"),
		Names: []*parser.Context{l.Context}, Changes: []string{"target"},
	}
	if s := l.Server(); uri == "${uri}" && s != nil && s.First("rewrite") == nil && s.Unread() == nil {
		fix.Message, fix.Edits = "send the URI as the client wrote it, with its query", l.withURI("$request_uri")
	}
	return mended(fix)
}

// passOn takes the URI out where it says what the location's name does: then
// the request's own is sent.
func (l *Location) passOn(uri, name string) []fixer.Fix {
	if uri != name && uri+"/" != name {
		return nil
	}
	return mended(fixer.Fix{
		Message: "pass the path and the query on as they are, without a URI", Safety: fixer.Unsafe, Edits: l.withURI(""),
		Names: []*parser.Context{l.Context}, Changes: []string{"target"},
	})
}
