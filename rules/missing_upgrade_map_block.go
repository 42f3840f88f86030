package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// upgradeMaps returns the maps that are made from $http_upgrade.
func (t *Tree) upgradeMaps() []*parser.Variable {
	var maps []*parser.Variable
	t.Root.Walk(func(c *parser.Context) bool {
		if c.Name == "map" && c.Opener != nil && c.HTTP() && strings.EqualFold(c.Opener.Param(0), "$http_upgrade") {
			maps = append(maps, &parser.Variable{Directive: c.Opener, Context: c.Parent, Map: c})
		}
		return c.Name != "map"
	})
	return maps
}

// misplacedMap is a map outside http, for which nginx refuses the
// configuration.
func (p *Pass) misplacedMap(v *parser.Variable) {
	d := v.Directive
	f := Finding{
		Severity: Error, Span: wordsSpan(d), Context: v.Context,
		Message: fmt.Sprintf("%s refuses the configuration: \"map\" directive is not allowed here, in %s; move it to http", p.program(), v.Context.Name),
	}
	name := strings.TrimPrefix(d.Param(1), "$")
	u := p.usage(name)
	if edit := p.mapEdit(v.Context, name, p.emptyValue()); edit != nil && !p.defined(name, v) {
		f.Fixes = []fixer.Fix{{
			Message: "move the map to http", Safety: fixer.Safe,
			Edits: []fixer.Edit{removeDirective(d), {Span: edit.Span, New: moved(d, edit.New)}},
			Names: u.locations, Changes: u.headers,
		}}
	}
	p.Report(f, nil)
}

// defined reports whether another map that nginx takes defines the variable.
func (t *Tree) defined(name string, but *parser.Variable) bool {
	for _, v := range t.Variables(name) {
		if v.Directive != but.Directive && v.Context.Name == "http" {
			return true
		}
	}
	return false
}

// moved writes a map's own text in the place of the one that an edit brings.
func moved(d *parser.Directive, model string) string {
	indent := model[:len(model)-len(strings.TrimLeft(model, " \t"))]
	old, _ := indentation(d.Span().File, d.Span().Start)
	end := lineEnd(d.Span().File)
	if strings.HasSuffix(model, " ") { // on a line with other directives
		return squeeze([]string{d.Span().Text()}) + " "
	}
	lines := strings.Split(d.Span().Text(), "\n")
	for i, line := range lines {
		if i > 0 {
			line = strings.TrimPrefix(line, old)
		}
		lines[i] = indent + line
	}
	return strings.Join(lines, "\n") + end + end
}

// blindMap is a map that gives plain requests "upgrade" as well.
func (p *Pass) blindMap(v *parser.Variable) {
	name := strings.TrimPrefix(v.Directive.Param(1), "$")
	ws, plain := p.Evaluate("$"+name, model.WebSocket), p.Evaluate("$"+name, model.Plain)
	last := p.Variables(name)
	if len(last) == 0 || last[len(last)-1].Map != v.Map || !plain.Known || !strings.EqualFold(plain.Text, "upgrade") || !slices.Contains(p.usage(name).headers, "Connection") {
		return
	}
	f := Finding{Severity: Warning, Span: wordsSpan(v.Directive), Context: v.Context}
	empty := p.emptyValue()
	for _, d := range v.Map.Directives {
		if d.ParamCount() == 1 && d.Name() == "" { // a second line for it nginx refuses
			f.Message = "the map's entry for '' makes plain requests carry \"Connection: upgrade\" too"
			f.Fixes = []fixer.Fix{p.mapFix(name, "change the entry for plain requests", replaceWord(d.ParamWord(0), empty))}
			break
		}
		if d.ParamCount() == 1 && d.Param(0) == "" && d.Is("close", "keep-alive") { // close '';
			f.Message = fmt.Sprintf("the map entry %q is reversed: the value to match comes first, the result second; plain requests then carry \"Connection: upgrade\" too", written(d))
			f.Fixes = []fixer.Fix{p.mapFix(name, "swap the two words of the entry", replaceWord(d.NameWord(), "''"), replaceWord(d.ParamWord(0), d.Name()))}
		}
	}
	if f.Message == "" {
		f.Message = "the map has no entry for '', so plain requests carry \"Connection: upgrade\" too"
		if d := lastOf(v.Map.Directives); d != nil && d.In == v.Directive.Block && ws.Known {
			f.Fixes = []fixer.Fix{p.mapFix(name, "add the entry for plain requests", insertAfter(d, []string{"'' " + empty + ";"}))}
		}
	}
	p.Report(f, nil)
}

// mapFix is a fix to the map's own text: all that use the variable change, on
// plain requests.
func (p *Pass) mapFix(name, message string, edits ...fixer.Edit) fixer.Fix {
	u := p.usage(name)
	return fixer.Fix{Message: message, Safety: fixer.Unsafe, Edits: edits, Names: u.locations, Changes: u.headers}
}

func lastOf(all []*parser.Directive) *parser.Directive {
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// conflictingMaps finds a variable that two maps define differently: nginx
// takes the last it reads and says nothing.
func (p *Pass) conflictingMaps() {
	first := make(map[string]*parser.Variable)
	for _, v := range p.upgradeMaps() {
		name := strings.ToLower(v.Directive.Param(1))
		other := first[name]
		if other == nil || v.Context.Name != "http" || other.Context.Name != "http" {
			first[name] = v
			continue
		}
		if sameBody(v.Map, other.Map) {
			continue
		}
		p.Report(Finding{
			Severity: Warning, Span: wordsSpan(v.Directive), Context: v.Context,
			Message: fmt.Sprintf("%s is defined twice with different entries: nginx silently uses the last map it reads, this one", v.Directive.Param(1)),
			Related: []Related{{wordsSpan(other.Directive), "the map that nginx ignores"}},
		}, nil)
	}
}

func sameBody(a, b *parser.Context) bool {
	return a.Opener == b.Opener || parser.MapText(a) == parser.MapText(b)
}

// wordsSpan is a block directive without its block.
func wordsSpan(d *parser.Directive) parser.Span {
	s := d.NameWord().Span()
	if n := d.ParamCount(); n > 0 {
		s.End = d.Params()[n-1].Span().End
	}
	return s
}
