package model

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// invalidReferer returns $invalid_referer of a handshake on a level. No browser
// sends Referer with one (WHATWG, "establish a WebSocket connection"), which is
// valid only where valid_referers says none.
func invalidReferer(c *parser.Context) (Value, bool) {
	valid := c.Effective("valid_referers")
	if valid.Unsure != nil || len(valid.Directives) == 0 && c.Config.Fragment {
		return Value{}, false
	}
	if len(valid.Directives) > 0 && !slices.ContainsFunc(valid.Directives, func(d *parser.Directive) bool { return d.HasParam("none") }) {
		return literal("1"), true
	}
	return literal(""), true
}

// denied returns what refuses the request whoever sends it, or nil: the first
// access rule that matches counts, and someone whom one lets in may be meant.
func (r *requestState) denied() *parser.Directive {
	for c := r.level; c != nil; c = c.Parent {
		if c.First("allow") == nil && c.First("deny") == nil {
			continue // without a walk over a level of ten thousand servers
		}
		rules := false
		for _, d := range c.Directives {
			switch {
			case d.Is("allow"):
				return nil
			case d.Is("deny") && d.Param(0) == "all":
				if r.level.Effective("satisfy").Value() == "any" && authenticates(r.level) {
					return nil
				}
				if c.Name == "limit_except" {
					return c.Opener
				}
				return d
			case d.Is("deny"):
				rules = true
			}
		}
		if rules {
			return nil
		}
	}
	return nil
}

// authenticates reports whether there is another way in than by address.
func authenticates(c *parser.Context) bool {
	for _, name := range []string{"auth_basic", "auth_request", "auth_jwt"} {
		if s := c.Effective(name); s.Last() != nil && s.Value() != "off" {
			return true
		}
	}
	return false
}

// limited returns the limit_except that a GET falls under, or nil. It takes the
// location's place (ngx_http_update_location_config). The method of a plain
// request is not known.
func limited(c *parser.Context, kind Kind) *parser.Context {
	if kind != WebSocket {
		return nil
	}
	for _, child := range c.Children {
		if child.Name == "limit_except" && !child.Opener.HasParam("GET") {
			return child
		}
	}
	return nil
}
