package rules

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A connectionMap is the map block that gives Connection its value.
type connectionMap struct {
	name  string // of the variable, without $
	empty string // the value for plain requests, as written
	edit  *fixer.Edit
}

// connection is the value that a fix gives to Connection at a location, with the
// edits that it needs.
type connection struct {
	value  string
	edits  []fixer.Edit
	safety fixer.Safety
	with   string // for the fix's message: what it brings along
	byHand string // for the fix's message: what the user has to do
}

// connection chooses the value: a variable that the configuration defines for this
// purpose, under any name; else one of a map that the fix adds to http; if no map
// can be added, the literal, for a location that serves nothing else.
func (l *Location) connection() connection {
	if name := l.upgradeVariable(); name != "" {
		return connection{value: "$" + name, safety: fixer.Safe}
	}
	if m := l.newMap(); m.edit != nil {
		return connection{
			value: "$" + m.name, edits: []fixer.Edit{*m.edit}, safety: fixer.Safe,
			with: fmt.Sprintf(", and add a map for $%s", m.name),
		}
	}
	if l.Score.Dedicated {
		return connection{value: `"upgrade"`, safety: fixer.Safe}
	}
	return connection{
		value: "$connection_upgrade", safety: fixer.Shown,
		byHand: "; this fix needs a map, which cannot go in this file; add to the http block:\n" + strings.Join(mapLines("connection_upgrade", "close", "    "), "\n"),
	}
}

// upgradeVariable returns a variable that fits Connection and is certainly defined
// wherever nginx reads the location, or "". Files of a fragment may not be read
// together: there it is one that the location's own file defines or already uses.
func (l *Location) upgradeVariable() string {
	name := l.Tree.variable()
	if name == "" || !l.Tree.Fragment {
		return name
	}
	home := l.home()
	for _, v := range l.Tree.Variables(name) {
		if v.Directive.Span().File == home {
			return name
		}
	}
	if l.Tree.mentions(home, name) || l.Opener != nil && l.Tree.mentions(l.Opener.Span().File, name) {
		return name
	}
	return ""
}

// home returns the file of the location's server, or the location's own file if it
// has no server.
func (l *Location) home() *parser.File {
	for _, c := range []*parser.Context{l.Server(), l.Context} {
		if c != nil && c.Opener != nil {
			return c.Opener.Span().File
		}
	}
	return nil
}

// mentions reports whether a file's text contains a variable, in a directive or in
// a comment.
func (t *Tree) mentions(f *parser.File, name string) bool {
	type mention struct {
		file *parser.File
		name string
	}
	if known, ok := t.mentioned.Load(mention{f, name}); ok {
		return known.(bool)
	}
	found := regexp.MustCompile(`(?i)\$\{?` + regexp.QuoteMeta(name) + `\b`).Match(f.Src)
	t.mentioned.Store(mention{f, name}, found)
	return found
}

// findUpgradeVariable returns a variable that is "upgrade" for a handshake and
// something else for a plain request, or "". The usual name is preferred.
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
		ws, plain := t.Evaluate("$"+name, model.WebSocket), t.Evaluate("$"+name, model.Plain)
		if ws.Known && strings.EqualFold(ws.Text, "upgrade") && plain.Known && !strings.EqualFold(plain.Text, "upgrade") {
			return name
		}
	}
	return ""
}

// newMap returns the map that a fix of the location adds: one for the whole
// configuration, in its http block; in a fragment, one for each file, at its top.
// nginx takes the last of several maps of one variable, so files that are read
// together after all agree. Where there is no place, it has no edit.
func (l *Location) newMap() *connectionMap {
	t := l.Tree
	var home *parser.File
	near := l.Context
	if http := child(t.Root, "http"); http != nil && !t.Fragment && !http.Opener.Span().File.Provided {
		near = http
	} else {
		home = l.home()
	}
	made, _ := t.maps.LoadOrStore(home, sync.OnceValue(func() *connectionMap {
		m := &connectionMap{name: "connection_upgrade", empty: t.emptyValue()}
		if len(t.Variables(m.name)) > 0 && !t.agrees(m) {
			m.name = "websocket_connection"
		}
		m.edit = t.mapEdit(near, m.name, m.empty)
		return m
	}))
	return made.(func() *connectionMap)()
}

// agrees reports whether another file's map of the same variable does the same as a
// new one would. The new map then sends on plain requests what the other one sends.
func (t *Tree) agrees(m *connectionMap) bool {
	if t.variable() != m.name {
		return false
	}
	switch plain := t.Evaluate("$"+m.name, model.Plain); plain.Text {
	case "":
		m.empty = "''"
	case "close":
		m.empty = "close"
	default:
		return false
	}
	return true
}

// plainValue is the Connection of plain requests at the location, for a value that
// a fix sets.
func (l *Location) plainValue(value string) string {
	if name, ok := strings.CutPrefix(value, "$"); ok {
		if l.upgradeVariable() == "" {
			if m := l.newMap(); m.name == name {
				return strings.Trim(m.empty, "'")
			}
		}
		return l.Tree.Evaluate(value, model.Plain).Text
	}
	return strings.Trim(value, `"`)
}

// emptyValue is what the map sends on plain requests: nothing if upstream
// connections are kept alive, because "close" would defeat that. They are with a
// keepalive directive, and from 1.29.7 on in every upstream block.
func (t *Tree) emptyValue() string {
	upstreams := t.Upstreams()
	if len(upstreams) > 0 && t.Settings.Versions.Any(parser.KeptByDefault) {
		return "''"
	}
	for _, u := range upstreams {
		if u.First("keepalive") != nil {
			return "''"
		}
	}
	return "close"
}

func mapLines(name, empty, unit string) []string {
	return []string{
		fmt.Sprintf("map $http_upgrade $%s {", name),
		unit + "default upgrade;",
		unit + "''      " + empty + ";",
		"}",
	}
}

// mapEdit returns the edit that adds a map, or nil if there is no place for it.
func (t *Tree) mapEdit(near *parser.Context, name, empty string) *fixer.Edit {
	return t.httpEdit(near, func(unit string) []string { return mapLines(name, empty, unit) })
}

// httpEdit returns the edit that adds a block to http, before anything that may
// need it, or nil if there is no place for it. lines is called with the file's
// indentation unit.
func (t *Tree) httpEdit(near *parser.Context, lines func(unit string) []string) *fixer.Edit {
	http := near.Enclosing("http")
	if http == nil {
		return nil
	}
	block, top := (*parser.Block)(nil), false
	if http.Opener != nil && !http.Opener.Span().File.Provided {
		block = http.Opener.Block
	} else if server := near.Server(); server != nil && server.Opener != nil && server.Opener.In.Opener == nil && server.Parent == http {
		block, top = server.Opener.In, true
	}
	if block == nil || len(block.Directives) == 0 || len(block.Span.File.Errs) > 0 {
		return nil
	}
	before := t.firstServer(http, block)
	if top {
		before = firstOfText(block, near.Server().Opener)
	}
	edit := insertBefore(before, append(lines(indentUnit(block)), ""))
	return &edit
}

// firstOfText returns the first directive of a file, or, if the file contains several
// texts of nginx, of the text that a directive is in.
func firstOfText(block *parser.Block, d *parser.Directive) *parser.Directive {
	start := d.Span().File.TextStart(d.Span().Start)
	for _, first := range block.Directives {
		if first.Span().Start >= start {
			return first
		}
	}
	return d
}

// firstServer returns the first directive of http's block that is a server or may
// include one.
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
