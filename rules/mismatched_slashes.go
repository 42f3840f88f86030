package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MismatchedSlashes finds paths that are joined wrongly: nginx puts the URI of
// proxy_pass in the place of the location's name, letter by letter.
var MismatchedSlashes = &Rule{
	Name:     "mismatched-slashes",
	Summary:  "only one of the location and the URI of proxy_pass ends with a slash",
	Group:    Paths,
	Severity: Warning,
	Location: mismatchedSlashes,
}

func mismatchedSlashes(p *Pass, l *Location) {
	if l.stripped() != nil {
		return
	}
	modifier, name := l.LocationName()
	to := l.passed
	if modifier != "" && modifier != "^~" || to.Unknown || to.Variable || !strings.HasPrefix(to.URI, "/") || strings.Contains(to.URI, "?") {
		return
	}
	switch nameEnds, uriEnds := strings.HasSuffix(name, "/"), strings.HasSuffix(to.URI, "/"); {
	case !nameEnds && uriEnds:
		p.doubled(l, name, to)
	case nameEnds && !uriEnds:
		p.glued(l, name, to)
	}
}

// ordinary is a path that needs no quotes anywhere.
var ordinary = lazyregexp.New(`^[A-Za-z0-9/._~-]+$`)

// below is the path of an example: what clients may ask for below a location.
const below = "chat"

// doubled: /ws and http://app/ make //chat of /ws/chat. An endpoint that is
// asked for by its very name does not suffer from it. Where a rewrite gives the
// path, nginx ignores the URI of proxy_pass, but for what proxy_redirect makes
// of it: it stays.
func (p *Pass) doubled(l *Location, name string, to model.Passed) {
	if strings.Contains(strings.ToLower(name+to.URI), "vnc") {
		return // websockify takes every path
	}
	example := name + "/" + below
	f := Finding{
		Severity: Warning, Span: l.Request.Pass.ParamWord(0).Span(),
		Message: fmt.Sprintf("%s reaches %s as %s, because %s replaces %s and the next slash stays: an application that does not treat // as / answers 301, 400 or 404%s",
			example, l.target(), to.At(l.Context, example), to.URI, name, l.belief()),
	}
	if e := l.Score.Endpoint; strings.HasSuffix(name, "/socket.io") { // Engine.IO compares no more than the beginning
		f.Severity = Info
		f.Message = fmt.Sprintf("%s/ reaches %s as %s; Socket.IO accepts that, but a server in front of it may not%s", name, l.target(), to.At(l.Context, name+"/"), l.belief())
	} else if l.Score.Dedicated {
		if e != nil && l.asksBare(e, name) {
			return
		}
		f.Severity = Info
		f.Message = fmt.Sprintf("%s is proxied correctly, but a request for %s reaches %s as %s%s", name, example, l.target(), to.At(l.Context, example), l.belief())
	}
	if l.Score.Endpoint == nil && !l.namesWebSockets() {
		f.Severity = Info // pages below the path would suffer too, so the application most likely copes
	}
	fix := fixer.Fix{Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"}}
	if to.URI == name+"/" {
		fix.Message = "pass the path on unchanged, without a URI"
		fix.Edits = l.withURI("")
	} else {
		fix.Message = "join the paths with one slash, with a rewrite"
		if ordinary().MatchString(name + to.URI) {
			line := fmt.Sprintf("rewrite ^%s/?(.*)$ %s$1 break;", regexp.QuoteMeta(name), to.URI)
			fix.Edits = []fixer.Edit{insertBefore(l.Request.Pass, []string{line})}
		}
	}
	if len(fix.Edits) > 0 {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// glued: /ws/ and http://app/api make /apichat of /ws/chat. A fix would have
// the application see another path for /ws/ itself, which may be all that is
// asked for.
func (p *Pass) glued(l *Location, name string, to model.Passed) {
	example := name + below
	f := Finding{
		Severity: Warning, Span: l.Request.Pass.ParamWord(0).Span(),
		Message: fmt.Sprintf("%s reaches %s as %s, because %s replaces %s with its slash: only %s itself reaches the right path%s",
			example, l.target(), to.At(l.Context, example), to.URI, name, name, l.belief()),
	}
	fix := fixer.Fix{
		Message: "end the URI with a slash too; the application then gets " + to.URI + "/ for " + name + ", and must accept that", Safety: fixer.Unsafe,
		Names: []*parser.Context{l.Context}, Changes: []string{"target"}, Edits: l.withURI(to.URI + "/"),
	}
	if l.Score.Dedicated {
		fix.Safety = fixer.Shown
	}
	if len(fix.Edits) > 0 {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}
