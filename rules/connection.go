package rules

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A connectionMap is the map block that gives Connection its value.
type connectionMap struct {
	name  string // of the variable, without $
	empty string // the value for plain requests, as written
	edit  *fixer.Edit
}

// connection is the value that a fix gives to Connection at a location, and
// what the fix has to bring with it.
type connection struct {
	value  string
	edits  []fixer.Edit
	safety fixer.Safety
	with   string // for the fix's message: what it brings along
	byHand string // for the fix's message: what the user has to do
}

// connection chooses the value: a variable that the configuration has for it,
// by whatever name; else one of a map that the fix adds to http; where there
// is no place for a map, the literal for a location that serves nothing else.
func (l *Location) connection() connection {
	t := l.Tree
	if name := t.variable(); name != "" {
		return connection{value: "$" + name, safety: fixer.Safe}
	}
	if m := t.newMap(l); m.edit != nil {
		return connection{
			value: "$" + m.name, edits: []fixer.Edit{*m.edit}, safety: fixer.Safe,
			with: fmt.Sprintf(", with a map for $%s", m.name),
		}
	}
	if l.Score.Dedicated {
		return connection{value: `"upgrade"`, safety: fixer.Safe}
	}
	return connection{
		value: "$connection_upgrade", safety: fixer.Shown,
		byHand: "; this file is no place for the map it needs: in http, write\n" + strings.Join(mapLines("connection_upgrade", "close", "    "), "\n"),
	}
}

// findUpgradeVariable returns a variable that is "upgrade" for a handshake and
// not so for a plain request, or "". The usual name comes first.
func (t *Tree) findUpgradeVariable() string {
	names := t.VariableNames()
	sort.Slice(names, func(i, j int) bool {
		if usual := names[i] == "connection_upgrade"; usual != (names[j] == "connection_upgrade") {
			return usual
		}
		return names[i] < names[j]
	})
	for _, name := range names {
		if slices.ContainsFunc(t.Variables(name), func(v *parser.Variable) bool {
			return !v.Directive.Is("map") || v.Context.Name != "http" // a set wins over a map where it is run
		}) {
			continue
		}
		ws, plain := t.Evaluate("$"+name, parser.WebSocket), t.Evaluate("$"+name, parser.Plain)
		if ws.Known && strings.EqualFold(ws.Text, "upgrade") && plain.Known && !strings.EqualFold(plain.Text, "upgrade") {
			return name
		}
	}
	return ""
}

// newMap returns the map that fixes add: one for the whole tree, in its http
// block, or at the top of a fragment of http level. Where there is neither, it
// has no edit.
func (t *Tree) newMap(l *Location) *connectionMap {
	t.mapOnce.Do(func() {
		m := &connectionMap{name: "connection_upgrade", empty: t.emptyValue()}
		if len(t.Variables(m.name)) > 0 {
			m.name = "websocket_connection"
		}
		near := l.Context
		if http := child(t.Root, "http"); http != nil && !t.Fragment { // whoever asks first
			near = http
		}
		m.edit = t.mapEdit(near, m.name, m.empty)
		t.mapping = m
	})
	return t.mapping
}

// plainValue is what plain requests carry for a value that a fix gives.
func (t *Tree) plainValue(value string) string {
	if name, ok := strings.CutPrefix(value, "$"); ok {
		if t.mapping != nil && t.mapping.name == name {
			return strings.Trim(t.mapping.empty, "'")
		}
		return t.Evaluate(value, parser.Plain).Text
	}
	return strings.Trim(value, `"`)
}

// emptyValue is what the map sends on plain requests: nothing where upstream
// connections are kept alive, which "close" would undo: by a keepalive
// directive, or from 1.29.7 on in every upstream block.
func (t *Tree) emptyValue() string {
	upstreams := t.Upstreams()
	if len(upstreams) > 0 && t.Settings.Versions.AnyFrom(keepaliveByDefault) {
		return "''"
	}
	for _, u := range upstreams {
		if u.First("keepalive") != nil {
			return "''"
		}
	}
	return "close"
}

// keepaliveByDefault: http 1.1 and "keepalive 32 local" became the defaults.
var keepaliveByDefault = parser.Version{Major: 1, Minor: 29, Patch: 7}

func mapLines(name, empty, unit string) []string {
	return []string{
		fmt.Sprintf("map $http_upgrade $%s {", name),
		unit + "default upgrade;",
		unit + "''      " + empty + ";",
		"}",
	}
}

// mapEdit returns the edit that adds a map, or nil where there is no place.
func (t *Tree) mapEdit(near *parser.Context, name, empty string) *fixer.Edit {
	return t.httpEdit(near, func(unit string) []string { return mapLines(name, empty, unit) })
}

// httpEdit returns the edit that adds a block to http, before what may need it,
// or nil where there is no place. It is told what a level is indented by.
func (t *Tree) httpEdit(near *parser.Context, lines func(unit string) []string) *fixer.Edit {
	http := near.Enclosing("http")
	if http == nil {
		return nil
	}
	block, keepHeader := (*parser.Block)(nil), false
	if http.Opener != nil {
		block = http.Opener.Block
	} else if server := near.Server(); server != nil && server.Opener != nil && server.Opener.In.Opener == nil && t.Level == http {
		block, keepHeader = server.Opener.In, true
	}
	if block == nil || len(block.Directives) == 0 || len(block.Span.File.Errs) > 0 {
		return nil
	}
	before := block.Directives[0]
	if !keepHeader {
		before = t.firstServer(http, block)
	}
	edit := insertBefore(before, append(lines(indentUnit(block)), ""), keepHeader)
	return &edit
}

// firstServer returns the first directive of http's block that is, or may
// bring, a server.
func (t *Tree) firstServer(http *parser.Context, block *parser.Block) *parser.Directive {
	quiet := make(map[*parser.Directive]bool)
	for _, inc := range http.Includes {
		quiet[inc.Directive] = inc.Harmless
	}
	for _, d := range block.Directives {
		if d.Is("server", "upstream") || d.Is("include") && !quiet[d] {
			return d
		}
	}
	return block.Directives[len(block.Directives)-1]
}
