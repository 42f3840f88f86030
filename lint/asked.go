package lint

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// ask finds the locations that receive WebSocket requests, according to
// Options.Asked.
func (w *workspace) ask() {
	if w.opt.Asked != nil {
		w.asked = w.opt.Asked(w.configs)
	}
}

// concerns reports whether a finding may be fixed. If there are locations that were
// asked for, it must be about one of them.
func (w *workspace) concerns(f rules.Finding) bool {
	if f.Severity < w.opt.MinSeverity {
		return false
	}
	return w.opt.Asked == nil || slices.ContainsFunc(w.asked, func(c *parser.Context) bool { return About(w.modelOf(c), f, c) })
}

// About reports whether a finding affects a request that reaches a location: it is in
// the location itself, in its server outside other locations, above all servers, or
// in the upstream.
func About(m *model.Model, f rules.Finding, location *parser.Context) bool {
	if location == nil {
		return false
	}
	if c := f.Context; c != nil && c.Opener != nil {
		if in := c.Enclosing("location"); in != nil {
			return in.Opener == location.Opener
		}
	}
	inner := innermost(m, f.Span)
	switch {
	case inner == nil:
		return false
	case inner.Name == "upstream":
		return usesUpstream(m, location, inner)
	}
	for c := location; c != nil; c = c.Parent {
		if c.Opener == inner.Opener {
			return true
		}
	}
	return false
}

// innermost returns the innermost block around a span: an upstream, a location, a
// server, or the block around them. It is nil if the span's file is not part of the
// configuration.
func innermost(m *model.Model, span parser.Span) *parser.Context {
	var found *parser.Context
	for _, f := range m.Files {
		if f == span.File {
			found = m.Root
		}
	}
	if found == nil {
		return nil
	}
	m.Spend(m.Size())
	if m.Exhausted() {
		return nil
	}
	m.Root.Walk(func(c *parser.Context) bool {
		if c.Opener == nil || holds(c, span) {
			found = c
		}
		return c.Name != "map"
	})
	return found
}

// holds reports whether a span lies in a context: in its block, or in a directive
// that was included there.
func holds(c *parser.Context, span parser.Span) bool {
	if block := c.Opener.Span(); block.File == span.File && block.Start <= span.Start && span.End <= block.End {
		return true
	}
	for _, d := range c.Directives {
		if d.Span().File == span.File && d.Span().Start <= span.Start && span.End <= d.Span().End {
			return true
		}
	}
	return false
}

func usesUpstream(m *model.Model, location, upstream *parser.Context) bool {
	u := m.Request(location, model.WebSocket, parser.AnyVersion.Min).Upstream()
	return u != nil && u.Opener == upstream.Opener
}
