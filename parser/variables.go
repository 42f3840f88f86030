package parser

import (
	"slices"
	"strings"
)

// A Variable is one definition of a variable.
type Variable struct {
	Directive *Directive
	Context   *Context // the level of the directive
	Map       *Context // the body of a map, geo or split_clients; nil for set and the like
}

// note records what a complete context defines.
func (cfg *Config) note(c *Context) {
	if c.Name == "upstream" && c.Opener != nil && c.HTTP() {
		if key := strings.ToLower(c.Opener.Param(0)); cfg.upstreams[key] == nil {
			cfg.upstreams[key] = c
		} else {
			cfg.twins = true
		}
	}
	if !c.defines {
		return
	}
	for _, child := range c.Children {
		if n := targetParam(child.Opener.Name(), child.Opener.ParamCount()); n >= 0 && !strings.HasPrefix(child.Opener.Param(n), "${") {
			cfg.define(child.Opener.Param(n), &Variable{child.Opener, c, child})
		}
	}
	for _, d := range c.Directives {
		if setsVariable(d.Name()) {
			cfg.define(d.Param(0), &Variable{d, c, nil})
		}
	}
}

// definesVariable reports whether a directive with a name may define a variable.
func definesVariable(name string) bool { return setsVariable(name) || targetParam(name, 1) >= 0 }

// setsVariable: set, auth_request_set, perl_set, js_set, set_by_lua_block, ...
func setsVariable(name string) bool {
	return name == "set" || strings.HasSuffix(name, "_set") || strings.HasPrefix(name, "set_")
}

// targetParam returns which parameter names the variable that a block directive
// defines, or -1.
func targetParam(name string, params int) int {
	switch name {
	case "map", "split_clients":
		return 1
	case "geo":
		return params - 1
	}
	return -1
}

// A Definition is everything that defines one variable that http can see.
type Definition struct {
	All     []*Variable // in the order of reading
	Mapped  *Variable   // the last map, geo or split_clients, which nginx uses; or nil
	AllSets bool        // all are set directives
}

// Definition returns what defines a variable ($name, ${name} or name), or nil.
func (cfg *Config) Definition(name string) *Definition { return cfg.variables[VariableName(name)] }

func (cfg *Config) define(name string, v *Variable) {
	name, ok := strings.CutPrefix(name, "$")
	if !ok || name == "" || !v.Context.HTTP() {
		return
	}
	name = strings.ToLower(name)
	defs := cfg.variables[name]
	if defs == nil {
		defs = &Definition{AllSets: true}
		cfg.variables[name] = defs
	}
	defs.All = append(defs.All, v)
	defs.AllSets = defs.AllSets && v.Directive.Is("set")
	if v.Map != nil && v.Context.Name == "http" {
		defs.Mapped = v
	}
}

// Variables returns the definitions of a variable ($name, ${name} or name, ignoring
// case as nginx does) that http can see, in the order in which they are read. nginx
// uses the last of several maps.
func (cfg *Config) Variables(name string) []*Variable {
	if defs := cfg.variables[VariableName(name)]; defs != nil {
		return defs.All
	}
	return nil
}

// VarSources returns the directives that define a variable.
func (cfg *Config) VarSources(name string) []*Directive {
	var sources []*Directive
	for _, v := range cfg.Variables(name) {
		sources = append(sources, v.Directive)
	}
	return sources
}

// VariableNames returns every variable that the configuration defines for http.
func (cfg *Config) VariableNames() []string {
	var names []string
	for name := range cfg.variables {
		names = append(names, name)
	}
	return names
}

// VariableName returns the name in $name, ${name} or name, in lower case, as nginx
// stores it.
func VariableName(s string) string {
	s = strings.TrimPrefix(s, "$")
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		s = s[1 : len(s)-1]
	}
	return strings.ToLower(s)
}

// Upstream returns the upstream block with a name (ignoring case), or nil.
func (cfg *Config) Upstream(name string) *Context { return cfg.upstreams[strings.ToLower(name)] }

// hasUpstream reports whether an upstream block has exactly a name.
func (cfg *Config) hasUpstream(name string) bool {
	return slices.ContainsFunc(cfg.Upstreams(), func(u *Context) bool { return u.Opener.Param(0) == name })
}

// Upstreams returns every upstream block of http.
func (cfg *Config) Upstreams() []*Context {
	var all []*Context
	cfg.Root.Walk(func(c *Context) bool {
		if c.Name == "upstream" && c.Opener != nil && c.HTTP() {
			all = append(all, c)
		}
		return c.Name == "main" || c.Name == "http"
	})
	return all
}
