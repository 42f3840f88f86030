package lint

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// surroundings are what is around the servers of a configuration.
type surroundings struct {
	cfg     *parser.Config
	simple  []*parser.Directive          // of main and http, in order
	unread  []bool                       // of these levels: something that they include is not known
	named   map[string][]*parser.Context // maps and upstreams, by name
	others  []*parser.Context            // other blocks
	servers []*parser.Context
}

func surroundingsOf(m *model.Model) *surroundings {
	s := &surroundings{cfg: m.Config, named: make(map[string][]*parser.Context)}
	m.Root.Walk(func(c *parser.Context) bool {
		switch c.Name {
		case "main", "http":
			s.unread = append(s.unread, c.Unread() != nil)
			s.simple = append(s.simple, simpleIn(c)...)
			return true
		case "server":
			if c.HTTP() {
				s.servers = append(s.servers, c)
				return false
			}
		case "map", "geo", "split_clients", "upstream":
			if c.HTTP() && c.Opener != nil && c.Opener.ParamCount() > 0 {
				name := nameOf(c)
				s.named[name] = append(s.named[name], c)
				return false
			}
		}
		s.others = append(s.others, c)
		return false
	})
	return s
}

// simpleIn returns the directives of a level that open no block.
func simpleIn(c *parser.Context) (all []*parser.Directive) {
	for _, d := range c.Directives {
		if d.Block == nil {
			all = append(all, d)
		}
	}
	return all
}

// nameOf returns the name of a map's variable or of an upstream, in lower case.
func nameOf(c *parser.Context) string {
	switch d := c.Opener; c.Name {
	case "upstream":
		return strings.ToLower(d.Param(0))
	case "geo":
		return parser.VariableName(d.Param(d.ParamCount() - 1))
	default:
		return parser.VariableName(d.Param(min(1, d.ParamCount()-1)))
	}
}

// same reports whether everything around the servers is the same, but for maps and
// upstreams.
func (s *surroundings) same(other *surroundings) bool {
	return slices.Equal(s.unread, other.unread) && slices.EqualFunc(s.simple, other.simple, sameDirective) && slices.EqualFunc(s.others, other.others, sameContext)
}

// mention reports whether something around the servers, but for maps and upstreams,
// has one of some names.
func (s *surroundings) mention(names map[string]bool) bool {
	return slices.ContainsFunc(s.simple, func(d *parser.Directive) bool { return hasName(d.Span(), names) })
}

// touched returns the names of what changed: maps, upstreams, variables that set and the
// like define, and maps and upstreams that have such a name in them.
func (s *surroundings) touched(other *surroundings) map[string]bool {
	touched := make(map[string]bool)
	for _, side := range []*surroundings{s, other} {
		for name := range side.named {
			if !slices.EqualFunc(s.named[name], other.named[name], sameContext) {
				touched[name] = true
			}
		}
		for _, name := range side.cfg.VariableNames() {
			if !slices.EqualFunc(setters(s.cfg, name), setters(other.cfg, name), sameDirective) {
				touched[name] = true
			}
		}
	}
	for size := -1; size != len(touched) && len(touched) <= maxTouched; {
		size = len(touched)
		for _, side := range []*surroundings{s, other} {
			for name, all := range side.named {
				if !touched[name] && slices.ContainsFunc(all, func(c *parser.Context) bool { return mentions(c, touched) }) {
					touched[name] = true
				}
			}
		}
	}
	return touched
}

// setters returns the directives that define a variable without a block.
func setters(cfg *parser.Config, name string) (all []*parser.Directive) {
	for _, v := range cfg.Variables(name) {
		if v.Map == nil {
			all = append(all, v.Directive)
		}
	}
	return all
}

// mentions reports whether the text of a block, or of a file that it includes, has one of
// some names.
func mentions(c *parser.Context, names map[string]bool) bool {
	if len(names) == 0 {
		return false
	}
	if c.Opener == nil || hasName(c.Opener.Span(), names) {
		return true
	}
	found := false
	c.Walk(func(c *parser.Context) bool {
		for _, inc := range c.Includes {
			for _, f := range inc.Files {
				found = found || hasName(parser.Span{File: f, End: len(f.Src)}, names)
			}
		}
		return !found
	})
	return found
}

// hasName reports whether a text has one of some names, in any case.
func hasName(s parser.Span, names map[string]bool) bool {
	if len(names) == 0 {
		return false
	}
	text := bytes.ToLower(s.File.Src[s.Start:s.End])
	for name := range names {
		if bytes.Contains(text, []byte(name)) {
			return true
		}
	}
	return false
}

// sameContext reports whether two levels, with all that is in them, have the same text.
func sameContext(a, b *parser.Context) bool {
	if a.Name != b.Name || (a.Opener == nil) != (b.Opener == nil) || (a.Unread() == nil) != (b.Unread() == nil) || len(a.Includes) != len(b.Includes) {
		return false
	}
	if a.Opener != b.Opener && !sameWords(a.Opener, b.Opener) {
		return false
	}
	return slices.EqualFunc(a.Directives, b.Directives, sameDirective) && slices.EqualFunc(a.Children, b.Children, sameContext)
}

// sameDirective reports whether two directives have the same text. Of blocks only the
// words before the block count.
func sameDirective(a, b *parser.Directive) bool {
	switch {
	case a == b:
		return true
	case a.Block != nil || b.Block != nil:
		return a.Block != nil && b.Block != nil && sameWords(a, b)
	}
	x, y := a.Span(), b.Span()
	return bytes.Equal(x.File.Src[x.Start:x.End], y.File.Src[y.Start:y.End])
}

func sameWords(a, b *parser.Directive) bool {
	return a.Name() == b.Name() && slices.EqualFunc(a.Params(), b.Params(), func(x, y parser.Word) bool { return x.Text() == y.Text() })
}

// sameSockets reports whether two servers listen in the same way.
func sameSockets(a, b *parser.Context) bool {
	for _, name := range []string{"listen", "http2", "http3", "quic", "server_name"} {
		if !slices.EqualFunc(a.Own(name), b.Own(name), sameDirective) {
			return false
		}
	}
	return true
}
