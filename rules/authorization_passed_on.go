package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// AuthorizationPassedOn finds passwords for nginx that reach the application, which
// may look in Authorization for users or tokens of its own.
var AuthorizationPassedOn = &Rule{
	Name:     "authorization-passed-on",
	Summary:  "the password that auth_basic checks is passed on to the application, which may refuse it",
	Group:    Auth,
	Severity: Info,
	Pedantic: true, // most applications do not look at Authorization
	Location: authorizationPassedOn,
}

func authorizationPassedOn(p *Pass, l *Location) {
	by := l.passesPassword()
	if by == nil {
		return
	}
	f := Finding{
		Severity: Info, Span: l.Request.Pass.Span(),
		Message: "the password that auth_basic checks is passed on as Authorization: an application that reads this header itself, for its own users or tokens, refuses the handshake with 401" + l.belief(),
		Related: []Related{{by.Span(), "nginx checks the password"}},
	}
	if l.Opener != nil {
		fix := l.sendHeaders("do not send Authorization, on plain requests either", []string{`proxy_set_header Authorization "";`}, []string{"Authorization"},
			func(c *parser.Context) bool {
				inner := l.Tree.Location(c)
				return inner != nil && inner.passesPassword() != nil
			})
		fix.Safety = min(fix.Safety, fixer.Unsafe) // the application may take the user's name from it
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// passesPassword returns the auth_basic whose password reaches the application with
// a handshake, or nil. Without auth_basic_user_file nginx checks nothing
// (ngx_http_auth_basic_handler).
func (l *Location) passesPassword() *parser.Directive {
	level := l.Request.Level
	realm, file := level.Effective("auth_basic"), level.Effective("auth_basic_user_file")
	d := realm.Last()
	if d == nil || d.Param(0) == "off" || strings.Contains(d.Param(0), "$") || realm.Unsure != nil || file.Last() == nil || file.Unsure != nil {
		return nil
	}
	if l.Request.Set.Unsure != nil || l.Request.Sets("Authorization") != nil || l.headersUnseen() || len(l.lostHeaders()) > 0 ||
		level.Effective("proxy_pass_request_headers").Value() == "off" {
		return nil
	}
	return d
}
