package rules

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// maxValues bounds how many values of an expression are looked at.
const maxValues = 64

// values returns the possible values of an expression at a location, by the maps
// and set directives of the configuration. Unknown variables are written as
// ${name}.
func (l *Location) values(expr string) []string { return l.valuesTo(expr, 4) }

func (l *Location) valuesTo(expr string, depth int) []string {
	all := []string{""}
	add := func(parts []string) {
		var next []string
		for _, before := range all {
			for _, part := range parts {
				if len(next) < maxValues {
					next = append(next, before+part)
				}
			}
		}
		all = next
	}
	last := 0
	for _, at := range variableAt().FindAllStringIndex(expr, -1) {
		add([]string{expr[last:at[0]]})
		add(l.variableValues(strings.ToLower(strings.Trim(expr[at[0]:at[1]], "${}")), depth))
		last = at[1]
	}
	add([]string{expr[last:]})
	return all
}

var variableAt = lazyregexp.New(`\$\{\w+\}|\$[1-9]|\$[A-Za-z_0-9]+`)

// variableValues are the values of one variable: those that set directives assign
// on the way to the location, and if none certainly does, those of the last map,
// which nginx uses.
func (l *Location) variableValues(name string, depth int) []string {
	unknown := []string{"${" + name + "}"}
	defs := l.Tree.definitions()
	if depth == 0 || defs.other[name] {
		return unknown
	}
	var all []string
	add := func(sets []*parser.Directive) {
		for _, d := range sets {
			if len(all) < maxValues {
				all = append(all, l.valuesTo(d.Param(1), depth-1)...)
			}
		}
	}
	add(defs.sets[setKey{l.Context, name}])
	if !slices.ContainsFunc(l.Own("set"), func(d *parser.Directive) bool { return variableName(d) == name }) {
		add(defs.sets[setKey{l.Server(), name}])
		if modifier, _ := l.LocationName(); modifier == "@" { // where requests come from any other
			add(defs.inside[setKey{l.Server(), name}])
		}
		if m := defs.maps[name]; m != nil {
			all = append(all, l.mapValues(m, depth)...)
		}
	}
	if len(all) == 0 {
		return unknown
	}
	return all
}

// definitions are the directives that define variables.
type definitions struct {
	sets   map[setKey][]*parser.Directive // by level: those of an if count for the level that it stands on
	inside map[setKey][]*parser.Directive // by server: those of its locations
	maps   map[string]*parser.Context     // the last of each variable
	other  map[string]bool                // defined by something else, too
}

type setKey struct {
	level *parser.Context
	name  string
}

func variableName(set *parser.Directive) string {
	return strings.ToLower(strings.TrimPrefix(set.Param(0), "$"))
}

func (t *Tree) findDefinitions() *definitions {
	defs := &definitions{
		sets: make(map[setKey][]*parser.Directive), inside: make(map[setKey][]*parser.Directive),
		maps: make(map[string]*parser.Context), other: make(map[string]bool),
	}
	for _, name := range t.VariableNames() {
		for _, v := range t.Variables(name) {
			level := v.Context
			if level.Name == "if" {
				level = level.Parent
			}
			switch {
			case v.Map != nil:
				defs.maps[name] = v.Map
			case !v.Directive.Is("set"):
				defs.other[name] = true
			default:
				defs.sets[setKey{level, name}] = append(defs.sets[setKey{level, name}], v.Directive)
				if server := level.Server(); server != level {
					defs.inside[setKey{server, name}] = append(defs.inside[setKey{server, name}], v.Directive)
				}
			}
		}
	}
	return defs
}

func (l *Location) mapValues(m *parser.Context, depth int) []string {
	if m.Unread() != nil {
		return nil
	}
	var all []string
	for _, line := range m.Directives {
		if line.ParamCount() == 1 && !line.Is("include", "proxy", "delete") && len(all) < maxValues {
			all = append(all, l.valuesTo(line.Param(0), depth-1)...)
		}
	}
	return all
}
