package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// subrequests are those of a location that carry Upgrade and Connection.
func (l *Location) subrequests() []subrequest {
	var all []subrequest
	for _, name := range []string{"auth_request", "mirror"} {
		set := l.Effective(name)
		for _, d := range set.Directives {
			path, _, _ := strings.Cut(d.Param(0), "?")
			if set.Unsure != nil || path == "off" || l.Server() == nil {
				continue
			}
			if to := l.Tree.subrequested(l.Tree.Route(l.Server(), path)); to != nil && to.asksUpgrade() {
				all = append(all, subrequest{to, d, l})
			}
		}
	}
	return all
}

// subrequested is a location as a subrequest sees it, or nil if it does not proxy
// subrequests. It is often internal, so clients cannot use it.
func (t *Tree) subrequested(c *parser.Context) *Location {
	q := t.Subrequest(c, model.WebSocket, t.newest)
	if c.Name != "location" || q.Pass == nil || !q.Pass.Is("proxy_pass") {
		return nil
	}
	l := &Location{Context: c, Tree: t, Score: t.scorer.Of(c)}
	l.take(q)
	return l
}

// asksUpgrade reports whether a handshake reaches the upstream as one.
func (l *Location) asksUpgrade() bool {
	return l.sends("Upgrade", isWebSocket) && l.sends("Connection", hasUpgrade)
}

func (l *Location) sends(name string, right func(string) bool) bool {
	for _, h := range l.Request.All(name) {
		if h.Value.Known && right(h.Value.Text) {
			return true
		}
	}
	return false
}
