package parser

import "strings"

// PassNames are the directives that hand a request to an upstream.
var PassNames = []string{"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"}

var passNames = NewNameSet(PassNames...)

// Handler returns the directive that answers requests at a level. A nested location
// does not inherit proxy_pass and the like, but an if or limit_except does.
func (c *Context) Handler() *Directive {
	for ; c != nil; c = c.Parent {
		if !c.Lacks(passNames) {
			for _, name := range PassNames {
				if d := c.First(name); d != nil && d.Block == nil {
					return d
				}
			}
		}
		if c.Name != "if" && c.Name != "limit_except" {
			return nil
		}
	}
	return nil
}

// LocationName returns a location's modifier (=, ^~, ~, ~*, @ or none) and its name.
// nginx also accepts the modifier without a space before the name. For other contexts
// both are empty.
func (c *Context) LocationName() (modifier, name string) {
	if c.Name != "location" || c.Opener == nil {
		return "none", ""
	}
	if c.Opener.count > 2 {
		return c.Opener.Param(0), c.Opener.Param(1)
	}
	word := c.Opener.Param(0)
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
