package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/spell"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
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
		if !strings.EqualFold(d.Param(0), "Connection") && !strings.EqualFold(d.Param(0), "Upgrade") {
			continue
		}
		names := slices.DeleteFunc(parser.VariablesIn(d.Param(1)), p.Defines)
		if len(names) > 0 {
			p.Report(p.undefined(c, d, names), nil)
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
		Message: fmt.Sprintf("nothing defines $%s: nginx refuses the configuration (unknown %q variable) and does not say where", name, name),
		fix:     func() (fixer.Fix, bool) { return p.define(c, d, name, meant) },
	}
	if meant != "" {
		f.Message += fmt.Sprintf("; did you mean $%s?", meant)
	}
	for _, also := range names[1:] {
		f.Message += fmt.Sprintf("; nothing defines $%s either", also)
	}
	return f
}

// define writes the name that is meant, or adds the map that gives an unknown one
// its value.
func (p *Pass) define(c *parser.Context, d *parser.Directive, name, meant string) (fixer.Fix, bool) {
	fix := fixer.Fix{Safety: fixer.Safe}
	if meant != "" {
		word := d.ParamWord(1)
		fix.Message = "write $" + meant
		fix.Edits = []fixer.Edit{replaceWord(word, strings.Replace(word.Text(), name, meant, 1))}
	} else if edit := p.mapEdit(c, name, p.emptyValue()); edit != nil && strings.EqualFold(d.Param(0), "Connection") {
		fix.Message = fmt.Sprintf("add the map that gives $%s its value", name)
		fix.Edits = []fixer.Edit{*edit}
	} else {
		return fix, false
	}
	u := p.usage(name)
	fix.Names, fix.Changes = u.locations, u.headers
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

// literalUpgrades finds Connection set to a literal upgrade where plain
// requests pass as well: they carry it too. Nearly all servers ignore that.
// uvicorn before 0.19.0 and Hypercorn, where they read requests with h11,
// answer 400.
func literalUpgrades(p *Pass, l *Location) {
	if l.Score.Dedicated || l.Score.Level < intent.Likely || !l.servesPlain() {
		return
	}
	if upgrade, _ := l.plainUpgrade(); upgrade != nil {
		return // literal-upgrade-header mends both
	}
	for _, h := range l.Request.All("Connection") {
		if d := h.Directive; d != nil && !strings.Contains(d.Param(1), "$") && model.HasToken(d.Param(1), "upgrade") {
			p.literalUpgrade(l, d)
		}
	}
}

func (p *Pass) literalUpgrade(l *Location, d *parser.Directive) {
	f := Finding{Severity: Info, Span: d.Span(), Message: "plain requests carry \"Connection: upgrade\" too: uvicorn before 0.19.0 and Hypercorn, both with h11, answer them with 400; other servers ignore it"}
	if server := l.minds(); server != "" {
		f.Severity = Warning
		f.Message = fmt.Sprintf("plain requests carry \"Connection: upgrade\" too, and %s answers them with 400 if it uses h11 (uvicorn before 0.19.0, Hypercorn)", server)
	}
	if c := l.connection(); strings.HasPrefix(c.value, "$") {
		what := "set Connection to " + c.value
		if c.with != "" {
			what = "set Connection from a new map, " + c.value
		}
		f.Fixes = []fixer.Fix{{
			Message: what + c.byHand, Safety: min(c.safety, fixer.Unsafe),
			Edits: append(c.edits, replaceParam(d, 1, c.value)), Names: p.carriers(d), Changes: []string{"Connection"},
		}}
	}
	p.Report(f, l)
}

// minds returns what names a server that answers plain requests with
// "Connection: upgrade" 400, or "".
func (l *Location) minds() string {
	names := []string{l.Request.Pass.Param(0)}
	if u := l.Upstream(); u != nil {
		for _, d := range u.Own("server") {
			names = append(names, d.Param(0))
		}
	}
	for _, name := range names {
		for _, server := range []string{"uvicorn", "hypercorn"} {
			if strings.Contains(strings.ToLower(name), server) {
				return name
			}
		}
	}
	return ""
}

// servesPlain reports whether plain requests are expected at a location: it is
// the whole site, or an application is known to have both there.
func (l *Location) servesPlain() bool {
	if e := l.Score.Endpoint; e != nil && e.Class == intent.Mixed {
		return true
	}
	modifier, name := l.LocationName()
	return modifier == "" && name == "/"
}
