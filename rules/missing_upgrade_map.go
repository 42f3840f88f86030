package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// MissingUpgradeMap finds what is wrong with the map that makes Connection
// "upgrade" for handshakes and nothing else for plain requests.
var MissingUpgradeMap = &Rule{
	Name:     "missing-upgrade-map",
	Summary:  "Connection does not come from a map, or the map treats plain requests as handshakes",
	Group:    Correctness,
	Severity: Error,
	Config:   upgradeMaps,
	Location: literalUpgrades,
	Level:    undefinedVariables,
}

func upgradeMaps(p *Pass) {
	for _, v := range p.upgradeMaps() {
		switch {
		case v.Context.Name != "http":
			p.misplacedMap(v)
		default:
			p.blindMap(v)
		}
	}
	p.conflictingMaps()
}

// undefinedVariables finds variables that nothing defines, for which nginx
// refuses the whole configuration, and does not say where. On a fragment, or
// where something could not be read, they may be defined elsewhere.
func undefinedVariables(p *Pass, c *parser.Context) {
	if !c.HTTP() || p.Fragment && !p.StockImage || p.partial {
		return
	}
	for _, d := range c.Own("proxy_set_header") {
		if forUpgrade(d) && p.undefinedIn(d.Param(1)) != "" {
			p.Report(p.undefined(c, d, slices.DeleteFunc(parser.VariablesIn(d.Param(1)), p.Defines)), nil)
		}
	}
}

// undefined reports the variables of a line that nothing defines, the first of
// them as nginx does.
func (p *Pass) undefined(c *parser.Context, d *parser.Directive, names []string) Finding {
	name := names[0]
	meant := p.misspelt(name)
	if meant == "" && strings.EqualFold(d.Param(0), "Upgrade") {
		meant = "http_upgrade"
	}
	f := Finding{
		Severity: Error, Span: d.ParamWord(1).Span(), Context: c, Once: true,
		Message: p.undefinedMessage(name, meant),
		fix:     func() (fixer.Fix, bool) { return p.define(c, d, name, meant) },
	}
	for _, also := range names[1:] {
		f.Message += fmt.Sprintf("; nothing defines $%s either", also)
	}
	return f
}

// define writes the name that is meant, or adds the map that gives an unknown one
// its value.
func (p *Pass) define(c *parser.Context, d *parser.Directive, name, meant string) (fixer.Fix, bool) {
	var fix fixer.Fix
	if meant != "" {
		fix = writeVariable(d.ParamWord(1), name, meant)
	} else if edit := p.mapEdit(c, name, p.emptyValue()); edit != nil && strings.EqualFold(d.Param(0), "Connection") {
		fix.Message = fmt.Sprintf("add the map that gives $%s its value", name)
		fix.Edits = []fixer.Edit{*edit}
	} else {
		return fix, false
	}
	u := p.usage(name)
	fix.Safety, fix.Names, fix.Changes = fixer.Safe, u.locations, u.headers
	return fix, true
}

// fewVariables are compared with a name that nothing defines: with more of them a
// hostile configuration would take long.
const fewVariables = 200

// misspelt returns the variable that a name is most likely a slip of, or "".
func (t *Tree) misspelt(name string) string {
	names := t.VariableNames()
	if len(names) > fewVariables {
		return ""
	}
	slices.Sort(names)
	return spell.Name(name, names)
}
