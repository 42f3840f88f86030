package parser

import (
	"slices"
	"strings"
)

// walk is a run that remembers where rewrite directives led.
type walk struct {
	run
	level   *Context
	answer  string
	by      *Directive // what answers
	perhaps []*Directive
}

// rewrites carries out the rewrite directives of one level: nginx runs the
// server's and the location's own, never those of an outer location.
func (r *walk) rewrites(c *Context) (stopped bool) {
	if !hasRewrites(c) {
		return false
	}
	child := 0
	for _, d := range c.Directives {
		if d.Block != nil {
			ctx := c.Children[child]
			child++
			if d.Is("if") && r.branch(ctx) {
				return true
			}
			continue
		}
		switch d.Name.Value {
		case "set":
			if len(d.Params) == 2 {
				r.vars[variableName(d.Param(0))] = r.expand(d.Param(1))
			}
		case "return":
			if r.answer, r.by = d.Param(0), d; c.Name == "if" {
				r.by = c.Opener
			}
			return true
		case "break":
			return true
		case "rewrite":
			if d.Param(2) == "last" { // break stays in the location
				r.perhaps = append(r.perhaps, d)
			}
		}
	}
	return false
}

func hasRewrites(c *Context) bool {
	for _, name := range []string{"if", "set", "return", "break", "rewrite"} {
		if c.First(name) != nil {
			return true
		}
	}
	return false
}

// branch carries out an if. Where its condition is not known, what it would
// set is not known either, and that it may answer is noted.
func (r *walk) branch(c *Context) (stopped bool) {
	result := r.condition(c.Opener)
	if result == "" {
		return false
	}
	if result == "true" {
		r.level = c
		return r.rewrites(c)
	}
	other := *r
	other.vars = make(map[string]Value, len(r.vars))
	for name, v := range r.vars {
		other.vars[name] = v
	}
	other.rewrites(c)
	for name, v := range other.vars {
		if before := r.variable(name); before != v {
			r.vars[name] = Value{Text: "if(" + result + "){" + v.Text + "}else{" + before.Text + "}"}
		}
	}
	if other.answer != r.answer || c.Handler() != r.level.Handler() {
		r.perhaps = append(r.perhaps, c.Opener)
	}
	return false
}

// condition evaluates the condition of an if: "true", "" for false, or else
// what is not known.
func (r *run) condition(d *Directive) string {
	words := make([]string, len(d.Params))
	for i, p := range d.Params {
		words[i] = p.Value
	}
	if len(words) == 0 || !strings.HasPrefix(words[0], "(") {
		return "?"
	}
	words[0] = words[0][1:]
	last := len(words) - 1
	words[last] = strings.TrimSuffix(words[last], ")")
	if words[0] == "" {
		words = words[1:]
	}
	if n := len(words); n > 0 && words[n-1] == "" && n != 3 {
		words = words[:n-1]
	}
	if len(words) == 0 {
		return "?"
	}
	value := r.expand(words[0])
	symbol := value.Text + " " + strings.Join(words[1:], " ")
	if !value.Known || !strings.HasPrefix(words[0], "$") {
		return symbol
	}
	holds, ok := false, true
	switch {
	case len(words) == 1:
		holds = value.Text != "" && value.Text != "0"
	case len(words) != 3:
		return symbol
	default:
		holds, ok = r.compare(value.Text, words[1], words[2])
	}
	switch {
	case !ok:
		return symbol
	case holds:
		return "true"
	}
	return ""
}

// compare evaluates = != ~ ~* !~ !~*; = minds case, unlike a map.
func (r *run) compare(value, operator, operand string) (holds, ok bool) {
	expr, negated := strings.CutPrefix(operator, "!")
	switch expr {
	case "=":
		right := r.expand(operand)
		return (value == right.Text) != negated, right.Known
	case "~", "~*":
		re, err := CompileRegex(expr[1:] + operand)
		if err != nil {
			return false, false
		}
		return re.MatchString(value) != negated, true
	}
	return false, false
}

// referer sets $invalid_referer for a handshake on a level. No browser sends
// Referer with one (WHATWG, "establish a WebSocket connection"), which is valid
// only where valid_referers says none.
func (r *walk) referer(c *Context) {
	if r.kind != WebSocket {
		return
	}
	delete(r.vars, "invalid_referer")
	valid := c.Effective("valid_referers")
	if valid.Unsure != nil || len(valid.Directives) == 0 && r.cfg.Fragment {
		return
	}
	r.vars["invalid_referer"] = known("")
	if len(valid.Directives) > 0 && !slices.ContainsFunc(valid.Directives, func(d *Directive) bool { return hasParam(d, "none") }) {
		r.vars["invalid_referer"] = known("1")
	}
}

// denied returns what refuses the request whoever sends it: an access rule, or
// the limit_except around it.
func (r *walk) denied() *Directive {
	for c := r.level; c != nil; c = c.Parent {
		if c.First("allow") != nil { // someone is let in
			break
		}
		if d := c.First("deny"); d != nil {
			if d.Param(0) == "all" && r.level.Effective("satisfy").value() != "any" {
				return d
			}
			break
		}
	}
	if r.kind != WebSocket {
		return nil
	}
	for _, c := range r.level.Children {
		if c.Name != "limit_except" || hasParam(c.Opener, "GET") || c.First("allow") != nil {
			continue
		}
		if d := c.First("deny"); d != nil && d.Param(0) == "all" {
			return c.Opener
		}
	}
	return nil
}
