package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// UnusableTarget finds a proxy_pass that nginx accepts when it starts, and cannot use
// when a request comes: with variables, the URL is only known then.
var UnusableTarget = &Rule{
	Name:     "unusable-target",
	Summary:  "nginx cannot use what proxy_pass evaluates to, and answers 500 or 502",
	Group:    Upstream,
	Severity: Error,
	Location: unusableTarget,
}

func unusableTarget(p *Pass, l *Location) {
	if bad := l.Request.BadTarget(); bad != nil {
		p.Report(l.unusable(bad), l)
		return
	}
	u := l.Request.Down()
	if u == nil {
		return
	}
	p.Report(Finding{
		Severity: Warning, Span: wordsSpan(u.First("server")), Once: true,
		Message: fmt.Sprintf("every server of upstream %s is marked down: %s answers every request with 502 (no live upstreams)%s", u.Opener.Param(0), p.program(), l.belief()),
		Related: []Related{{l.Request.Pass.Span(), "used here"}},
	}, l)
}

func (l *Location) unusable(bad *model.BadTarget) Finding {
	f := Finding{Severity: Error, Span: l.Request.Pass.ParamWord(0).Span()}
	f.Message = fmt.Sprintf("%s answers every handshake with %s: %s%s", l.Tree.program(), bad.Answer, bad.Reason, l.belief())
	switch {
	case bad.Unless != "":
		f.Severity = Warning
		f.Message = fmt.Sprintf("there is no slash between the host and %s, so %s answers every handshake with %s unless %s is empty: %s%s", bad.Unless, l.Tree.program(), bad.Answer, bad.Unless, bad.Reason, l.belief())
		f.Fixes = l.targetFix("put a slash in front of "+bad.Unless+" and send the query too; plain requests then reach the application as well", bad.Unless, "/"+bad.Unless+"$is_args$args")
	case strings.Contains(l.Request.Pass.Param(0), "://$") && strings.Contains(bad.Reason, "://"):
		f.Fixes = l.targetFix("leave out the scheme, which the variable has; plain requests then reach the application as well", l.scheme(), "")
	}
	return f
}

// scheme is the scheme that proxy_pass itself has.
func (l *Location) scheme() string {
	scheme, _, _ := strings.Cut(l.Request.Pass.Param(0), "://")
	return scheme + "://"
}

// targetFix writes something else in the place of the first such text of the URL.
func (l *Location) targetFix(message, old, text string) []fixer.Fix {
	word := l.Request.Pass.ParamWord(0)
	before, after, ok := strings.Cut(word.Text(), old)
	if !ok || text != "" && after != "" { // what follows may be the query already
		return nil
	}
	return []fixer.Fix{{
		Message: message, Safety: fixer.Unsafe, Names: []*parser.Context{l.Context}, Changes: []string{"target"},
		Edits: []fixer.Edit{replaceWord(word, before+text+after)},
	}}
}
