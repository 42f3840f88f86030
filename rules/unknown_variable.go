package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// UnknownVariable finds variables that nothing defines. nginx refuses the
// configuration for them, and does not say where they are used
// (ngx_http_variables_init_vars). Those of Connection and Upgrade lines are
// missing-upgrade-map's.
var UnknownVariable = &Rule{
	Name:     "unknown-variable",
	Summary:  "nothing defines a variable, so nginx refuses the configuration",
	Group:    Correctness,
	Severity: Error,
	Level:    unknownVariable,
}

func unknownVariable(p *Pass, c *parser.Context) {
	if !c.HTTP() || !p.closed() {
		return
	}
	for _, d := range c.Directives {
		for _, word := range d.Evaluated() {
			if name := p.undefinedIn(word.Value()); name != "" && !forUpgrade(d) && len(d.Span().File.Errs) == 0 {
				p.Report(p.unknownIn(c, d, word, name), nil)
			}
		}
	}
}

// undefinedIn returns the first variable of a value that nothing defines, or "". Most
// configurations repeat few values.
func (t *Tree) undefinedIn(value string) string {
	if known, ok := t.undefinedIns.Load(value); ok {
		return known.(string)
	}
	name := ""
	for _, v := range parser.VariablesIn(value) {
		if name == "" && !t.Defines(v) {
			name = v
		}
	}
	t.undefinedIns.Store(value, name)
	return name
}

// closed reports whether all that may define a variable was read: no file around
// a fragment, no include that is missing, and no module that nginx does not have.
func (t *Tree) closed() bool {
	return (!t.Fragment || t.StockImage) && !t.partial && len(t.Strange()) == 0
}

// usualHeaders are variables of the client's headers that configurations have most.
// nginx accepts any name after http_.
var usualHeaders = []string{"http_host", "http_upgrade", "http_connection", "http_origin", "http_referer", "http_user_agent", "http_x_forwarded_for", "http_x_forwarded_proto"}

// forUpgrade reports whether a line sets Connection or Upgrade.
func forUpgrade(d *parser.Directive) bool {
	return d.Is("proxy_set_header") && (strings.EqualFold(d.Param(0), "Connection") || strings.EqualFold(d.Param(0), "Upgrade"))
}

func (p *Pass) unknownIn(c *parser.Context, d *parser.Directive, word parser.Word, name string) Finding {
	meant := p.misspelt(name)
	if meant == "" {
		meant = spell.Name(name, append(usualHeaders, model.BuiltinNames()...))
	}
	f := Finding{Severity: Error, Span: word.Span(), Context: c, Once: true, Message: p.undefinedMessage(name, meant)}
	if meant == "" {
		return f
	}
	f.fix = func() (fixer.Fix, bool) {
		fix := writeVariable(word, name, meant)
		if u := p.usage(name); d.Is("proxy_set_header") && slices.Contains(u.headers, model.CanonicalHeader(d.Param(0))) {
			fix.Safety, fix.Names, fix.Changes = fixer.Safe, u.locations, u.headers
		}
		return fix, true
	}
	return f
}

// undefinedMessage says that nothing defines a variable, and which one may be meant.
func (p *Pass) undefinedMessage(name, meant string) string {
	message := fmt.Sprintf("nothing defines $%s: %s refuses the configuration (unknown %q variable) and does not say where", name, p.program(), name)
	if meant != "" {
		message += fmt.Sprintf("; did you mean $%s?", meant)
	}
	return message
}

// writeVariable is a fix, only shown, that writes the variable that is meant.
func writeVariable(word parser.Word, name, meant string) fixer.Fix {
	return fixer.Fix{
		Message: "write $" + meant, Safety: fixer.Shown,
		Edits: []fixer.Edit{replaceWord(word, strings.Replace(word.Text(), name, meant, 1))},
	}
}
