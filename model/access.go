package model

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// invalidReferer returns $invalid_referer for a handshake on a level. Browsers send
// no Referer with a handshake (WHATWG, "establish a WebSocket connection"). That is
// valid only if valid_referers has none.
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

// denied returns the directive that refuses the request for every client, or nil. The
// first matching access rule applies, and a client that one rule allows may be the
// intended one.
func (r *requestState) denied() *parser.Directive {
	for c := r.level; c != nil; c = c.Parent {
		if c.First("allow") == nil && c.First("deny") == nil {
			continue // this avoids a walk over a level of ten thousand servers
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

// authenticates reports whether clients can get access by other means than their
// address.
func authenticates(c *parser.Context) bool {
	for _, name := range []string{"auth_basic", "auth_request", "auth_jwt"} {
		if s := c.Effective(name); s.Last() != nil && s.Value() != "off" {
			return true
		}
	}
	return false
}

// limited returns the limit_except that applies to a GET, or nil. It replaces the
// location (ngx_http_update_location_config). The method of a plain request is
// unknown.
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
