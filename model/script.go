package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An effect is one thing that a script does to a request. Scripts of OpenResty and njs
// are not run: what they may change is unknown, and what a script of plain statements
// does is taken from them.
type effect struct {
	set     string // the variable that it sets, in lower case
	value   string // an expression for its value; only if known
	known   bool
	jump    string // the location or path that the request goes to
	answers bool   // it may answer the request itself
	any     bool   // it may do anything
}

// The scripts that run before proxy_pass, by phase. The nearest of a phase runs.
var (
	phases = [][]string{
		{"rewrite_by_lua_block", "rewrite_by_lua_file", "rewrite_by_lua"},
		{"access_by_lua_block", "access_by_lua_file", "access_by_lua"},
		{"js_access"},
		{"server_rewrite_by_lua_block", "server_rewrite_by_lua_file"},
	}
	phaseSet = parser.NewNameSet(slices.Concat(phases...)...)
)

// nearest returns the directive of a phase that is in force at a level, or nil.
func nearest(c *parser.Context, names []string) *parser.Directive {
	for ; c != nil; c = c.Parent {
		if c.Lacks(phaseSet) {
			continue
		}
		for _, name := range names {
			if d := c.First(name); d != nil {
				return d
			}
		}
	}
	return nil
}

// scripts applies the scripts that run after the rewrite directives.
func (r *requestState) scripts() {
	r.clearedInput()
	for c := r.level; ; c = c.Parent {
		if c == nil {
			return
		}
		if !c.Lacks(phaseSet) {
			break
		}
	}
	for _, names := range phases {
		if d := nearest(r.level, names); d != nil && r.uri == "" && r.answer == "" {
			r.script(d)
		}
	}
}

// clearedInput applies more_clear_input_headers of the headers-more module.
func (r *requestState) clearedInput() {
	for _, d := range r.level.Effective("more_clear_input_headers").Directives {
		for _, w := range d.Params() {
			if strings.HasPrefix(w.Value(), "-") {
				break // a condition
			}
			r.sets = true
			r.vars.set("http_"+strings.ReplaceAll(strings.ToLower(w.Value()), "-", "_"), literal(""))
		}
	}
}

// script applies one script.
func (r *requestState) script(d *parser.Directive) {
	r.sets = true // the header lines are no longer those of all requests
	text, ok := d.Script()
	if !ok {
		r.anything(d)
		return
	}
	r.steps += len(text)
	certain := straight(text)
	for _, e := range effects(text) {
		switch {
		case e.any:
			r.anything(d)
		case e.set != "" && certain && e.known:
			r.vars.set(e.set, r.expand(e.value))
		case e.set != "":
			r.vars.set(e.set, Value{Text: "${" + e.set + "}"})
		case e.jump != "" && certain:
			r.uri = e.jump
			return
		case e.jump != "":
			r.doubt(d, false)
		case e.answers:
			r.doubt(d, true)
		}
	}
}

// anything notes a script that may set each variable and answer or change the request.
func (r *requestState) anything(d *parser.Directive) {
	r.scripted = true
	r.doubt(d, false)
}

// branches matches what makes a statement of Lua conditional.
var branches = lazyregexp.New(`\b(if|for|while|repeat|function|goto|pcall|return\s+[^n\s])\b`)

// straight reports whether all statements of a script run, in order.
func straight(text string) bool { return !branches().MatchString(text) }

// The statements of Lua that are understood.
var (
	setsVar    = lazyregexp.New(`\bngx\.var(?:\.([A-Za-z_]\w*)|\[\s*["']([A-Za-z_]\w*)["']\s*\])\s*=([^=].*)?$`)
	setsHeader = lazyregexp.New(`\bngx\.req\.(set|clear)_header\(\s*["']([\w-]+)["']\s*(?:,(.*))?\)`)
	execs      = lazyregexp.New(`\bngx\.exec\(\s*["']([@/][^"'$?]*)["']`)
	answersNow = lazyregexp.New(`\bngx\.(exit|redirect|say|print)\b`)
	unclear    = lazyregexp.New(`\b(require|dofile|loadfile|loadstring|load|setfenv)\b|\bngx\.exec\b|\bngx\.var\b\s*[^.\[\s]|\bngx\.var\[\s*[^"']|\bngx\.req\.(set_uri|set_method|set_body|set_header\(\s*[^"']|clear_header\(\s*[^"'])|\bngx\.location\b`)
	calls      = lazyregexp.New(`\b([A-Za-z_][\w.:]*)\s*\(`)
	quoted     = lazyregexp.New(`^\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*$`)
	variable   = lazyregexp.New(`^\s*ngx\.var\.([A-Za-z_]\w*)\s*$`)
)

// assigns matches the beginning of a statement that sets a variable. Lua needs nothing
// between statements.
var assigns = lazyregexp.New(`\s(ngx\.var(?:\.\w+|\[\s*["']\w+["']\s*\])\s*=[^=])`)

// effects returns what a script may do, statement by statement.
func effects(text string) []effect {
	text = assigns().ReplaceAllString(text, "\n$1")
	var all []effect
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' }) {
		all = append(all, effectsOf(line)...)
	}
	return all
}

// effectsOf returns what one line does.
func effectsOf(line string) (all []effect) {
	if m := execs().FindStringSubmatch(line); m != nil {
		return []effect{{jump: m[1]}}
	}
	for _, m := range setsHeader().FindAllStringSubmatch(line, -1) {
		e := effect{set: "http_" + strings.ReplaceAll(strings.ToLower(m[2]), "-", "_"), known: m[1] == "clear"}
		if m[1] == "set" {
			e.value, e.known = luaValue(m[3])
		}
		all = append(all, e)
	}
	for part := range strings.SplitSeq(line, " then ") {
		part = strings.TrimSuffix(strings.TrimSpace(part), " end")
		if m := setsVar().FindStringSubmatch(part); m != nil {
			e := effect{set: strings.ToLower(m[1] + m[2])}
			e.value, e.known = luaValue(m[3])
			all = append(all, e)
		}
	}
	if answersNow().MatchString(line) {
		all = append(all, effect{answers: true})
	}
	if unclear().MatchString(line) || callsOthers(line) {
		all = append(all, effect{any: true})
	}
	return all
}

// luaValue returns the nginx expression for a value of Lua: a string or a variable.
func luaValue(text string) (expression string, known bool) {
	if m := quoted().FindStringSubmatch(text); m != nil && !strings.Contains(m[1]+m[2], "$") {
		return m[1] + m[2], true
	}
	if m := variable().FindStringSubmatch(text); m != nil {
		return "${" + m[1] + "}", true
	}
	return "", false
}

// callsOthers reports whether a line calls a function other than those of ngx and of
// Lua's own libraries, which change nothing or are known.
func callsOthers(line string) bool {
	for _, m := range calls().FindAllStringSubmatch(line, -1) {
		name, _, _ := strings.Cut(strings.ReplaceAll(m[1], ":", "."), ".")
		switch name {
		case "ngx", "string", "table", "math", "os", "io", "tonumber", "tostring", "type", "ipairs", "pairs", "select", "error", "assert", "print",
			"if", "elseif", "and", "or", "not", "return", "function", "while", "for", "until":
		default:
			return true
		}
	}
	return false
}

// scriptedAnswer judges a location whose requests a script answers. Scripts can speak
// WebSocket with a library.
func scriptedAnswer(d *parser.Directive) Handshake {
	text, ok := d.Script()
	if !ok || strings.Contains(text, "require") || strings.Contains(text, "websocket") || strings.HasPrefix(d.Name(), "js_") {
		return unsure("%s answers", d.Name())
	}
	return fails("%s answers in the place of proxy_pass", d.Name())
}

// filtered judges what scripts and the headers-more module do to a header of the answer.
func (q Request) filtered(name string) Handshake {
	for _, d := range q.Level.Effective("more_clear_headers").Directives {
		conditional := false
		for _, w := range d.Params() {
			conditional = conditional || strings.HasPrefix(w.Value(), "-")
			if strings.EqualFold(w.Value(), name) && conditional {
				return unsure("more_clear_headers may take %s out of the answer", name)
			} else if strings.EqualFold(w.Value(), name) {
				return fails("more_clear_headers takes %s out of the answer", name)
			}
		}
	}
	for _, phase := range []string{"header_filter_by_lua_block", "header_filter_by_lua"} {
		d := q.Level.Effective(phase).Last()
		if d == nil {
			continue
		}
		text, _ := d.Script()
		if m := clearsHeader().FindStringSubmatch(text); m != nil && strings.EqualFold(m[1]+m[2], strings.ReplaceAll(name, "-", "_")) || m != nil && strings.EqualFold(m[2], name) {
			if straight(text) {
				return fails("%s takes %s out of the answer", d.Name(), name)
			}
			return unsure("%s may take %s out of the answer", d.Name(), name)
		}
	}
	return Handshake{Passes, "", Passes}
}

var clearsHeader = lazyregexp.New(`\bngx\.header(?:\.(\w+)|\[\s*["']([\w-]+)["']\s*\])\s*=\s*nil\b`)
