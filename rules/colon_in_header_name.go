package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// ColonInHeaderName finds header names written with a colon, as in a request: nginx
// treats the colon as part of the name and adds its own.
var ColonInHeaderName = &Rule{
	Name:     "colon-in-header-name",
	Summary:  "a header name in proxy_set_header ends with a colon, so nginx sends a different header",
	Group:    Correctness,
	Severity: Error,
	Location: colonInHeaderName,
}

func colonInHeaderName(p *Pass, l *Location) {
	for _, d := range l.Request.Set.Directives {
		if name, colon := strings.CutSuffix(d.Param(0), ":"); colon && name != "" {
			p.colon(l, d, name)
		}
	}
}

func (p *Pass) colon(l *Location, d *parser.Directive, name string) {
	f := Finding{
		Severity: Warning, Span: d.ParamWord(0).Span(), Once: true,
		fix: func() (fixer.Fix, bool) { return p.withoutColon(l, d, name), l.Request.Sets(name) == nil },
	}
	f.Message = fmt.Sprintf("nginx adds the colon itself, so it sends \"%s:: ...\": ", name)
	switch model.CanonicalHeader(name) {
	case "Upgrade", "Connection":
		f.Severity = Error
		f.Message += "the application does not find " + name + " and refuses the handshake with 400 or 426"
	case "Host":
		f.Message += "this is a second Host next to nginx's own, so Go's and uvicorn's servers answer every request with 400, and the client's Host is lost"
	default:
		f.Message += "the application reads a value that begins with a colon"
	}
	f.Message += l.belief()
	p.Report(f, l)
}

func (p *Pass) withoutColon(l *Location, d *parser.Directive, name string) fixer.Fix {
	word := d.ParamWord(0)
	return fixer.Fix{
		Message: fmt.Sprintf("send %s, without the colon", name), Safety: fixer.Safe,
		Edits: []fixer.Edit{replaceWord(word, strings.Replace(word.Text(), ":", "", 1))}, Names: p.Senders(d),
		Changes: []string{model.CanonicalHeader(name), model.CanonicalHeader(name + ":")},
	}
}
