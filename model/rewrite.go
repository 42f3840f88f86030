package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// requestState is an evaluator that also records the effects of rewrite directives.
type requestState struct {
	evaluator
	level   *parser.Context
	answer  string
	by      *parser.Directive // what answers
	uri     string            // the path after rewrites, if it is certain
	perhaps []*parser.Directive
	some    *parser.Directive // see Request
	sets    bool              // a set directive has changed variables

	short     *Shortened
	given     []string // see Request
	mayChange bool

	internal   bool   // the request has jumped
	errorPages int    // directives that ran
	status     string // the last of them gives the answer
}

// rewrites runs the rewrite directives of one level. nginx runs those of the server
// and of the location, never those of an outer location.
func (r *requestState) rewrites(c *parser.Context) (stopped bool) {
	if !hasRewrites(c) {
		return false
	}
	child := 0
	r.steps += len(c.Directives)
	for _, d := range c.Directives {
		if d.Block != nil {
			for c.Children[child].Opener != d { // a location may have several
				child++
			}
			ctx := c.Children[child]
			child++
			if d.Is("if") && r.branch(ctx) {
				return true
			}
			r.computed(d)
			continue
		}
		switch d.Name() {
		case "set":
			if r.sets = true; d.ParamCount() == 2 {
				r.vars.set(parser.VariableName(d.Param(0)), r.expand(d.Param(1)))
			}
		case "goto": // of Angie
			r.uri = d.Param(0)
			return true
		case "return":
			if r.answer, r.by = returned(d), d; c.Name == "if" {
				r.by = c.Opener
			}
			return true
		case "break":
			return true
		case "rewrite":
			if r.rewrite(d, c.Enclosing("location")) {
				return true
			}
		default:
			r.computed(d)
		}
	}
	return false
}

// computed notes that a script or a module sets a variable among the rewrite directives.
func (r *requestState) computed(d *parser.Directive) {
	if strings.HasPrefix(d.Name(), "set_") && strings.HasPrefix(d.Param(0), "$") {
		name := parser.VariableName(d.Param(0))
		r.sets = true
		r.vars.set(name, Value{Text: "${" + name + "}"})
	}
}

// returned is the status that a return directive answers with: 302 where it has only
// a URL (ngx_http_rewrite_return).
func returned(d *parser.Directive) string {
	if to := d.Param(0); d.ParamCount() != 1 || to == "" || '0' <= to[0] && to[0] <= '9' {
		return to
	}
	return "302"
}

// matchesAll are common expressions that match every path.
var matchesAll = map[string]bool{"^": true, ".*": true, "^.*": true, "^.*$": true, "^/": true, "/": true, "^(.*)$": true, "^(.*)": true, "(.*)": true, "^/(.*)$": true, "^/(.*)": true}

// rewrite runs a rewrite directive. It is known to match only if it matches all or
// none of the location's paths. If it matches some of them, the result is unknown.
func (r *requestState) rewrite(d *parser.Directive, location *parser.Context) (stopped bool) {
	expression, to, flag := d.Param(0), d.Param(1), d.Param(2)
	external := strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "$scheme")
	switch {
	case !matchesAll[expression] && !coversLocation(expression, location):
		if (flag != "break" || location == nil) && mayMatch(expression, location) {
			r.doubt(d, flag == "redirect" || flag == "permanent" || external)
		} else if (flag == "" || flag == "last") && !external && matchesSome(expression, location) {
			r.some = d
		}
		return false
	case flag == "permanent":
		r.answer, r.by = "301", d
		return true
	case flag == "redirect" || external:
		r.answer, r.by = "302", d
		return true
	case flag == "break" && location != nil: // the request stays there
		r.short = shortened(d, location)
		return true
	case strings.Contains(to, "$"):
		r.doubt(d, false)
		return flag != ""
	}
	r.uri, _, _ = strings.Cut(to, "?")
	return flag != ""
}

// doubt notes a directive that may change what becomes of the request; answers says
// that it can do no more than have nginx answer it.
func (r *requestState) doubt(d *parser.Directive, answers bool) {
	r.perhaps = append(r.perhaps, d)
	r.mayChange = r.mayChange || !answers
}

// coversLocation reports whether an expression matches every path of a location: it
// is the beginning of the location's name, and at most a .* behind it.
func coversLocation(expression string, location *parser.Context) bool {
	literal, anchored := strings.CutPrefix(expression, "^")
	if location == nil || !anchored {
		return false
	}
	modifier, name := location.LocationName()
	for _, rest := range []string{"(.*)$", "(.*)", ".*$", ".*"} {
		if cut, ok := strings.CutSuffix(literal, rest); ok {
			literal = cut
			break
		}
	}
	return (modifier == "" || modifier == "^~" || modifier == "=") && !strings.ContainsAny(literal, `\.+*?()|[]{}$^`) && strings.HasPrefix(name, literal)
}

// mayMatch reports whether an expression may match paths of a location, judging by
// its beginning.
func mayMatch(expression string, location *parser.Context) bool {
	if location == nil {
		return true
	}
	modifier, name := location.LocationName()
	literal, anchored := strings.CutPrefix(expression, "^")
	if i := strings.IndexAny(literal, `\.+*?()|[]{}$`); i >= 0 {
		literal = literal[:i]
	}
	return !anchored || modifier == "~" || modifier == "~*" || modifier == "@" || strings.HasPrefix(name, literal)
}

// matchesSome reports whether an expression may match some paths of a location, but
// not its name.
func matchesSome(expression string, location *parser.Context) bool {
	modifier, _ := location.LocationName()
	return modifier != "=" && below(expression, location)
}

// hasRewrites reports whether a level has rewrite directives. The result for a server
// with ten thousand locations must not cost a walk over them.
func hasRewrites(c *parser.Context) bool {
	return !c.Lacks(rewriteSet) && slices.ContainsFunc(rewriteNames, func(name string) bool { return c.First(name) != nil })
}

var (
	rewriteNames = []string{"if", "set", "return", "break", "rewrite", "goto", "set_by_lua_block", "set_by_lua_file", "set_by_lua"}
	rewriteSet   = parser.NewNameSet(rewriteNames...)
)

// branch runs an if. If its condition is unknown, the variables that it would set are
// unknown, and the if is recorded, because it may answer.
func (r *requestState) branch(c *parser.Context) (stopped bool) {
	result := r.assumed(c)
	if result == "" {
		return false
	}
	if result != "true" && r.onlyProxies(c) { // else nginx would look for a file, and none is assumed to exist
		r.perhaps = append(r.perhaps, c.Opener)
		result = "true"
	}
	if result == "true" {
		r.level = c
		return r.rewrites(c)
	}
	other, before := *r, r.vars
	other.vars = variables{below: &before}
	stopped = other.rewrites(c)
	r.steps, r.maps, r.sets, r.some = other.steps, other.maps, other.sets, other.some
	for name, v := range other.vars.own {
		if before := r.variable(name); before != v {
			r.vars.set(name, symbolic("if("+result+"){"+v.Text+"}else{"+before.Text+"}"))
		}
	}
	if stopped || other.answer != r.answer || other.uri != r.uri || len(other.perhaps) > len(r.perhaps) ||
		c.Handler() != r.level.Handler() || r.level.First("try_files") != nil { // an if has none
		r.doubt(c.Opener, stopped && other.answer != "" && !other.mayChange && other.level == r.level)
	}
	return false
}

// onlyProxies reports whether an if has the only proxy_pass that a location can use.
func (r *requestState) onlyProxies(c *parser.Context) bool {
	l := c.Parent
	return r.level == l && l.Name == "location" && c.First("proxy_pass") != nil && l.Handler() == nil && l.First("try_files") == nil && l.First("return") == nil
}
