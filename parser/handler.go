package parser

import (
	"slices"
	"strings"
)

// PassNames are the directives that hand a request to an upstream.
var PassNames = []string{"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"}

var passNames = NewNameSet(PassNames...)

// Handler returns the directive that answers requests at a level. A nested location
// does not inherit proxy_pass and the like, but an if or limit_except does. The last of
// several kinds answers.
func (c *Context) Handler() *Directive {
	for ; c != nil; c = c.Parent {
		if d := c.pass(); d != nil {
			return d
		}
		if c.Name != "if" && c.Name != "limit_except" {
			return nil
		}
	}
	return nil
}

// pass returns the directive of a level's own that hands requests to an upstream, or
// nil.
func (c *Context) pass() (found *Directive) {
	if c.Lacks(passNames) {
		return nil
	}
	for _, name := range PassNames {
		d := c.First(name)
		switch {
		case d == nil || d.Block != nil:
		case found == nil:
			found = d
		default: // each sets the handler of the location
			for _, last := range slices.Backward(c.Directives) {
				if last.Is(PassNames...) && last.Block == nil {
					return last
				}
			}
		}
	}
	return found
}

// Replacer returns a directive behind the pass directive of its level that answers in
// its place, or nil: a module that sets the handler of the location as well.
func (c *Context) Replacer(pass *Directive) *Directive {
	if c.Lacks(replacerNames) {
		return nil
	}
	for _, d := range slices.Backward(c.Directives) {
		switch {
		case d == pass:
			return nil
		case d.Is(replacers...) && (d.Block == nil || d.Block.Lua):
			return d
		}
	}
	return nil
}

// ContentScript returns the directive of a level's own with a script that answers
// requests, or goes on to another location, or nil.
func (c *Context) ContentScript() *Directive {
	if c.Lacks(contentScriptNames) {
		return nil
	}
	for _, name := range ContentScripts {
		if d := c.First(name); d != nil {
			return d
		}
	}
	return nil
}

// ContentScripts are the directives of OpenResty, njs and Perl that answer requests.
var ContentScripts = []string{"content_by_lua_block", "content_by_lua_file", "content_by_lua", "js_content", "echo_exec", "perl"}

// replacers are the directives that answer requests, besides PassNames.
var replacers = append([]string{"empty_gif", "stub_status", "mp4", "flv"}, ContentScripts...)

var (
	contentScriptNames = NewNameSet(ContentScripts...)
	replacerNames      = NewNameSet(replacers...)
)

// LocationName returns a location's modifier (=, ^~, ~, ~*, @ or none) and its name.
// nginx also accepts the modifier without a space before the name. For other contexts
// both are empty. A combined location has a context for each of its names.
func (c *Context) LocationName() (modifier, name string) {
	switch {
	case c.Name != "location" || c.Opener == nil:
		return "none", ""
	case c.nth > 0:
		return cutModifier(c.Opener.Param(int(c.nth) - 1))
	case c.Opener.count > 2:
		return c.Opener.Param(0), c.Opener.Param(1)
	}
	return cutModifier(c.Opener.Param(0))
}

// Named returns the name of a named location, with the @, or "".
func (c *Context) Named() string {
	if modifier, name := c.LocationName(); modifier == "@" {
		return modifier + name
	}
	return ""
}

// Combined reports whether c is for one of several names of a location.
func (c *Context) Combined() bool { return c.nth > 0 }

// severalNames reports whether a location has several names, each with its modifier
// attached, instead of a modifier and a name. Angie reads it so; nginx refuses it.
func severalNames(d *Directive) bool {
	if d.count < 3 {
		return false
	}
	first := d.Param(0)
	return d.count > 3 || first != "=" && first != "^~" && first != "~" && first != "~*"
}

// combined reports whether a directive is a location with several names that look like
// names.
func (d *Directive) combined() bool {
	if !severalNames(d) {
		return false
	}
	for i := range d.ParamCount() {
		modifier, name := cutModifier(d.Param(i))
		if path := modifier == "" || modifier == "=" || modifier == "^~"; name == "" || path && name[0] != '/' {
			return false
		}
	}
	return true
}

// cutModifier divides a word into a location's modifier and its name.
func cutModifier(word string) (modifier, name string) {
	n := 0 // the length of the modifier
	switch {
	case strings.HasPrefix(word, "^~"), strings.HasPrefix(word, "~*"):
		n = 2
	case word != "" && strings.IndexByte("=~@", word[0]) >= 0:
		n = 1
	}
	return word[:n], word[n:]
}

// MapText returns a map's body in one line, to compare maps.
func MapText(c *Context) string {
	var b strings.Builder
	for _, d := range c.Directives {
		b.WriteString(d.Name())
		for i := range d.ParamCount() {
			b.WriteString(" " + d.Param(i))
		}
		b.WriteString(";")
	}
	return b.String()
}
