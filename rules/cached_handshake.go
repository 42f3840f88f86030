package rules

import (
	"slices"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// CachedHandshake finds caches that answer handshakes: nginx looks in the cache
// before it asks the upstream.
var CachedHandshake = &Rule{
	Name:     "cached-handshake",
	Summary:  "the cache answers WebSocket handshakes",
	Group:    Auth,
	Severity: Warning,
	Location: cachedHandshake,
}

func cachedHandshake(p *Pass, l *Location) {
	cache, bypass := l.Effective("proxy_cache"), l.Effective("proxy_cache_bypass")
	d := cache.Last()
	if d == nil || d.Param(0) == "off" || cache.Unsure != nil || bypass.Unsure != nil || l.bypasses(bypass) || l.ownKey() {
		return
	}
	f := Finding{
		Severity: Warning, Span: l.Request.Pass.Span(),
		Message: "once the response to a plain request is cached (" + d.Param(0) + "), a handshake for the same URL gets that response instead of 101, and " +
			l.target() + " never sees it" + l.belief(),
		Related: []Related{{d.Span(), "the cache"}},
	}
	if l.Score.Dedicated {
		f.Severity = Info // plain requests are not expected
	}
	if fix, ok := l.bypassFix(bypass); ok {
		f.Fixes = []fixer.Fix{fix}
	}
	p.Report(f, l)
}

// bypasses reports whether a handshake bypasses the cache, or may: one of the
// values is neither empty nor 0 for it. Other headers of the client are not
// considered.
func (l *Location) bypasses(set parser.Setting) bool {
	for _, d := range set.Directives {
		for i := range d.ParamCount() {
			w := d.Param(i)
			v := l.Tree.Evaluate(w, model.WebSocket)
			switch {
			case v.Known && v.Text != "" && v.Text != "0":
				return true
			case !v.Known && slices.ContainsFunc(parser.VariablesIn(w), func(name string) bool { return !model.Builtin(name) }):
				return true
			}
		}
	}
	return false
}

// ownKey reports whether handshakes and plain requests have different cache keys.
func (l *Location) ownKey() bool {
	key := l.Effective("proxy_cache_key")
	if key.Unsure != nil {
		return true
	}
	d := key.Last()
	return d != nil && l.Tree.Evaluate(d.Param(0), model.WebSocket) != l.Tree.Evaluate(d.Param(0), model.Plain)
}

// bypassFix adds $http_upgrade, which is empty for plain requests, to the values
// that the location sets or inherits.
func (l *Location) bypassFix(set parser.Setting) (fixer.Fix, bool) {
	if l.Opener == nil {
		return fixer.Fix{}, false
	}
	fix := fixer.Fix{
		Message: "let handshakes bypass the cache", Safety: fixer.Safe,
		Names: []*parser.Context{l.Context}, Changes: []string{"proxy_cache_bypass"},
	}
	var lines []string
	if set.From != l.Context {
		for _, d := range set.Directives {
			lines = append(lines, written(d))
		}
	}
	anchor := l.anchor("proxy_pass")
	for _, name := range []string{"proxy_cache", "proxy_cache_bypass"} {
		if l.First(name) != nil {
			anchor = l.anchor(name)
		}
	}
	fix.Edits = []fixer.Edit{insertAfter(anchor, append(lines, "proxy_cache_bypass $http_upgrade;"))}
	fix.Names = append(fix.Names, l.inheritors("proxy_cache_bypass")...)
	return fix, true
}
