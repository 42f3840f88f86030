package parser

// A Context is a level of the configuration as nginx sees it: a block with everything
// that is included into it. A block of text belongs to as many contexts as there are
// includes of its file.
type Context struct {
	Name       string       // nginx's name for it: main, http, server, location, if, ...
	Opener     *Directive   // nil for main and for levels that a fragment only implies
	Parent     *Context     // nil for main
	Config     *Config      // what it belongs to
	Directives []*Directive // of this level, includes expanded in place
	Children   []*Context   // the blocks among them, in order
	Includes   []*Include   // the includes of this level, nested ones too

	number  uint32                  // its index in the configuration
	nth     uint16                  // of a location with several names: which of them it is for, from 1; else 0
	defines bool                    // a directive may define a variable
	strange bool                    // a directive of the level is not in nginx's table
	names   NameSet                 // of its directives
	unread  *Include                // see Unread
	byName  map[string][]*Directive // nil if the level is small
}

// Number is the context's index in its configuration, from 0. Callers can keep what
// they know about contexts in a list of Config.Size.
func (c *Context) Number() int { return int(c.number) }

// smallLevel is the size up to which a level is searched without an index.
const smallLevel = 64

// A NameSet is a set of directive names that may contain other names as well. It
// shows quickly that a level has none of them. Most lookups are for directives that
// do not exist.
type NameSet uint64

// NewNameSet returns the set of some names.
func NewNameSet(names ...string) NameSet {
	var set NameSet
	for _, name := range names {
		set |= nameSet(name)
	}
	return set
}

// nameSet is the set of one name: one bit. Names that are looked up together seldom
// share it, because they differ in length or in these letters.
func nameSet(name string) NameSet {
	n := len(name)
	if n < 4 {
		return 1
	}
	return 1 << ((uint(n)*7 + uint(name[n-1])*5 + uint(name[n/2])*3 + uint(name[2])) % 64)
}

// Lacks reports whether the level certainly has no directive of the set.
func (c *Context) Lacks(set NameSet) bool { return c.names&set == 0 }

// index is called once, when the level is complete. A lookup from each of ten
// thousand servers must not walk the ten thousand directives of http.
func (c *Context) index() {
	if len(c.Directives) <= smallLevel {
		return
	}
	c.byName = make(map[string][]*Directive)
	for _, d := range c.Directives {
		c.byName[d.Name()] = append(c.byName[d.Name()], d)
	}
}

// Own returns the directives with a name on this level, in order. The caller must not
// change the list.
func (c *Context) Own(name string) []*Directive {
	if c.Lacks(nameSet(name)) {
		return nil
	}
	if c.byName != nil {
		return c.byName[name]
	}
	first := 0
	for first < len(c.Directives) && c.Directives[first].Name() != name {
		first++
	}
	next := first // usually they are adjacent, and then no copy is made
	for next < len(c.Directives) && c.Directives[next].Name() == name {
		next++
	}
	own := c.Directives[first:next:next]
	for _, d := range c.Directives[next:] {
		if d.Name() == name {
			own = append(own, d)
		}
	}
	return own
}

// First returns the first directive with a name on this level, or nil.
func (c *Context) First(name string) *Directive {
	if c.Lacks(nameSet(name)) {
		return nil
	}
	if c.byName != nil {
		if own := c.byName[name]; len(own) > 0 {
			return own[0]
		}
		return nil
	}
	for _, d := range c.Directives {
		if d.Name() == name {
			return d
		}
	}
	return nil
}

// A Setting is the setting of a directive that applies in a context. All of it comes
// from one level: nginx inherits a list of proxy_set_header only if a level has none.
// No directives means nginx's default.
type Setting struct {
	Directives []*Directive
	From       *Context // the level that has them; nil for the default
	Unsure     *Include // an include that could not be read and may change the setting
}

// Last returns the directive that applies, or nil for the default.
func (s Setting) Last() *Directive {
	if len(s.Directives) == 0 {
		return nil
	}
	return s.Directives[len(s.Directives)-1]
}

// Effective returns the setting of an inherited directive: that of the nearest level
// that has any, all of them or none.
func (c *Context) Effective(name string) Setting {
	var unsure *Include
	for level := c; level != nil; level = level.Parent {
		if unsure == nil {
			unsure = level.Unread()
		}
		if own := level.Own(name); len(own) > 0 {
			return Setting{own, level, unsure}
		}
	}
	return Setting{Unsure: unsure}
}

// Value returns the first parameter of the last directive, or "".
func (s Setting) Value() string {
	if d := s.Last(); d != nil {
		return d.Param(0)
	}
	return ""
}

// Unread returns an include of this level that could not be read and may contain
// settings, or nil.
func (c *Context) Unread() *Include {
	return c.unread
}

// Misread reports whether a directive of this level, or of one around it, lacks its
// semicolon. nginx then does not read what the text seems to say.
func (c *Context) Misread() bool {
	for ; c != nil; c = c.Parent {
		if c.unread != nil && c.unread.Problem == semicolonMissing {
			return true
		}
	}
	return false
}

// Enclosing returns c or the nearest level around it with a name.
func (c *Context) Enclosing(name string) *Context {
	for c != nil && c.Name != name {
		c = c.Parent
	}
	return c
}

// Server returns the server that c lies in, or nil.
func (c *Context) Server() *Context { return c.Enclosing("server") }

// HTTP reports whether c is http or lies in it (and not in stream or mail).
func (c *Context) HTTP() bool { return c.Enclosing("http") != nil }

// IsLocation reports whether c is a location of http in a server, with a name. nginx
// refuses any other location.
func (c *Context) IsLocation() bool {
	return c.Name == "location" && c.HTTP() && c.Server() != nil && (c.Opener == nil || c.Opener.ParamCount() > 0)
}

// Walk calls f for c and everything below it, in order. If f returns false, it does
// not descend.
func (c *Context) Walk(f func(*Context) bool) {
	if !f(c) {
		return
	}
	for _, child := range c.Children {
		child.Walk(f)
	}
}

// Implied reports whether this level is only implied by a fragment's directives: its
// other content is unknown.
func (c *Context) Implied() bool { return c.Opener == nil && c.Config.Fragment }

// Twin reports whether c and another context are for one text in a location with several
// names.
func (c *Context) Twin(other *Context) bool {
	combined := false
	for c != other {
		if c == nil || other == nil || c.Opener != other.Opener {
			return false
		}
		combined = combined || c.nth > 0
		c, other = c.Parent, other.Parent
	}
	return combined
}

// Chain returns the include directives that led to a context's directive, innermost
// first, for messages ("included from").
func (c *Context) Chain(d *Directive) []*Include {
	for _, inc := range c.Includes {
		for _, f := range inc.Files {
			if d.Span().File == f {
				var chain []*Include
				for ; inc != nil; inc = inc.From {
					chain = append(chain, inc)
				}
				return chain
			}
		}
	}
	return nil
}
