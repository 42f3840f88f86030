package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingProxyPass finds locations that are prepared for WebSockets, with an
// Upgrade header of their own, and do not proxy.
var MissingProxyPass = &Rule{
	Name:      "missing-proxy-pass",
	Summary:   "a location sets Upgrade, but has no proxy_pass that sends it",
	Group:     Paths,
	Severity:  Error,
	Answering: missingProxyPass,
}

func missingProxyPass(p *Pass, l *Location) {
	p.annotatedOnly(l)
	header := l.ownUpgrade()
	if header == nil || l.First("proxy_pass") != nil && !l.rewrittenAway() || l.Opener == nil || l.Request.Answer != "" || len(l.Request.Perhaps) > 0 || l.Unread() != nil || len(header.Span().File.Errs) > 0 {
		return
	}
	f := Finding{Severity: Error, Span: header.Span(), Context: l.Context}
	switch pass := l.Request.Pass; {
	case pass == nil && l.Score.Level == intent.Certain && l.servesFiles():
		f.Severity, f.Message = l.withoutPass()
		f.Intent = l.intent()
		if outer := l.outerPass(); outer != nil {
			f.Message += "; proxy_pass is not inherited"
			f.Related = []Related{{outer.Span(), "applies to the location around it"}}
		}
	case pass != nil && pass.Is("fastcgi_pass", "grpc_pass", "memcached_pass") && webSocketPath().MatchString(l.Opener.Words()):
		f.Message = fmt.Sprintf("%s ignores proxy_set_header and cannot carry an upgraded connection: no WebSocket gets through %s", pass.Name(), l.Opener.Words())
		f.Related = []Related{{pass.Span(), "passes the requests on"}}
	default:
		return
	}
	p.Report(f, nil)
}

// withoutPass says what becomes of a handshake where nginx looks for files. A
// location that says which files is most likely left from a skeleton: what it
// sets for an upstream does nothing.
func (l *Location) withoutPass() (Severity, string) {
	if l.rewrittenAway() {
		return Error, fmt.Sprintf("a rewrite in %s leads the WebSocket handshake away from its proxy_pass, to where nginx looks for a file", l.Opener.Words())
	}
	for _, name := range []string{"root", "alias", "index", "try_files"} {
		if l.First(name) != nil && !webSocketPath().MatchString(l.Opener.Words()) {
			return Info, fmt.Sprintf("Upgrade is set here, but %s has no proxy_pass and serves files: its proxy_set_header lines do nothing", l.Opener.Words())
		}
	}
	return Error, fmt.Sprintf("Upgrade is set here, but %s has no proxy_pass: nginx looks for a file and answers the WebSocket handshake with that file or 404", l.Opener.Words())
}

// rewrittenAway reports whether a rewrite leads handshakes away from the location's
// proxy_pass. answered-before-proxy reports what else answers in its place.
func (l *Location) rewrittenAway() bool {
	return l.First("proxy_pass") != nil && l.First("try_files") == nil && l.First("rewrite") != nil && l.Request.By == nil
}

// webSocketPath is a path that speaks of nothing but WebSockets: headers alone
// may be copied.
var webSocketPath = lazyregexp.New(`(?i)[/._-](wss?|websockets?|socket\.io)([/._$-]|$)`)

// annotatedOnly reports a location of which nothing but a comment says that it is
// for WebSockets.
func (p *Pass) annotatedOnly(l *Location) {
	q := l.Request
	if !l.told() || q.Pass != nil || q.Answer != "" || len(q.Perhaps) > 0 || l.Unread() != nil || l.ownUpgrade() != nil || !l.servesFiles() {
		return
	}
	meant := "annotated as one for WebSockets"
	if by := l.Score.Reasons[0]; by != intent.Annotated {
		meant = "one for WebSockets (" + by + ")"
	}
	p.Report(Finding{Severity: Error, Span: l.Opener.NameWord().Span(), Message: fmt.Sprintf(
		"%s is %s, but has no proxy_pass: nginx looks for a file and answers the handshake with it, or 404", l.Opener.Words(), meant)}, l)
}

// told reports whether the user says that the location is for WebSockets.
func (l *Location) told() bool {
	return l.Opener != nil && l.Score.Level == intent.Certain && l.Score.Told
}

// ownUpgrade returns the location's own proxy_set_header of Upgrade, or nil.
func (l *Location) ownUpgrade() *parser.Directive {
	for _, d := range l.Own("proxy_set_header") {
		if strings.EqualFold(d.Param(0), "Upgrade") && d.Param(1) != "" {
			return d
		}
	}
	return nil
}

// servesFiles reports whether nginx looks for files: no other module takes the
// requests, and no location inside sends the headers.
func (l *Location) servesFiles() bool {
	if len(l.Children) > 0 || l.Context.Implied() {
		return false
	}
	if d := l.First("try_files"); d != nil && strings.HasPrefix(d.Param(d.ParamCount()-1), "@") {
		return false
	}
	for _, d := range l.Directives {
		if len(parser.DirectiveInfos(d.Name())) == 0 || handlers[d.Name()] {
			return false
		}
	}
	return true
}

// handlers answer requests themselves, beside those that pass them on.
var handlers = map[string]bool{"stub_status": true, "empty_gif": true, "perl": true, "js_content": true, "mp4": true, "flv": true, "hls": true, "api": true, "status": true}

// outerPass returns the proxy_pass of a location around this one, or nil.
func (l *Location) outerPass() *parser.Directive {
	for c := l.Parent; c != nil && c.Name == "location"; c = c.Parent {
		if d := c.First("proxy_pass"); d != nil {
			return d
		}
	}
	return nil
}
