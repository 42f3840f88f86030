package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// SubrequestEnds returns the locations of a server in which a subrequest for a path
// can end: the location of the path, and those that an error_page, a try_files, an
// index or a rewrite there leads to. Which of them is used depends on files and
// backends, which are unknown. Targets with variables are left out. With byStatus,
// error pages that keep the status are also left out: auth_request then refuses the
// client, whatever the page is.
func (m *Model) SubrequestEnds(server *parser.Context, path string, byStatus bool) []*parser.Context {
	e := &ends{model: m, server: server, byStatus: byStatus, seen: make(map[*parser.Context]bool), followed: make(map[string]bool)}
	e.uri(path)
	for i := 0; i < len(e.all); i++ { // it grows
		e.leave(e.all[i])
		if i == 0 { // the server's own redirects are the same for all of them
			e.rewritten(server)
		}
	}
	m.Spend(stepsPerLine * len(e.all))
	return e.all
}

type ends struct {
	model    *Model
	server   *parser.Context
	byStatus bool
	all      []*parser.Context
	seen     map[*parser.Context]bool
	followed map[string]bool // by URI
}

// uri follows an internal redirect, once.
func (e *ends) uri(uri string) {
	if uri, _, _ = strings.Cut(uri, "?"); e.followed[uri] {
		return
	}
	e.followed[uri] = true
	switch {
	case strings.Contains(uri, "$"):
	case strings.HasPrefix(uri, "@"):
		e.reach(e.model.named(e.server, uri))
	case strings.HasPrefix(uri, "/"):
		to := e.model.Route(e.server, uri)
		e.reach(to)
		if strings.HasSuffix(uri, "/") && to != nil {
			e.index(to, uri)
		}
	}
}

func (e *ends) reach(c *parser.Context) {
	if c != nil && !e.seen[c] {
		e.seen[c] = true
		e.all = append(e.all, c)
	}
}

// index follows the redirects of ngx_http_index_module.
func (e *ends) index(c *parser.Context, directory string) {
	if c.Handler() != nil {
		return
	}
	files := []string{"index.html"}
	if set := c.Effective("index"); len(set.Directives) > 0 {
		files = nil
		for _, d := range set.Directives {
			for _, p := range d.Params() {
				files = append(files, p.Value())
			}
		}
	}
	for _, file := range files {
		if !strings.Contains(file, "$") {
			e.reach(e.model.Route(e.server, strings.TrimSuffix(directory, "/")+"/"+strings.TrimPrefix(file, "/")))
		}
	}
}

// leave follows directives that send a request elsewhere.
func (e *ends) leave(c *parser.Context) {
	for _, d := range c.Effective("error_page").Directives {
		if n := d.ParamCount(); !e.byStatus || n > 2 && strings.HasPrefix(d.Param(n-2), "=") {
			e.uri(lastParam(d))
		}
	}
	e.rewritten(c)
}

// rewritten follows the try_files and rewrites of a level and of its ifs.
func (e *ends) rewritten(c *parser.Context) {
	for _, d := range c.Own("try_files") {
		e.uri(lastParam(d))
	}
	for _, d := range c.Own("rewrite") {
		e.uri(d.Param(1))
	}
	for _, child := range c.Children {
		if child.Name == "if" {
			e.rewritten(child)
		}
	}
}

func lastParam(d *parser.Directive) string { return d.Param(d.ParamCount() - 1) }

// subrequests judges what auth_request and mirror make of a handshake.
func (q Request) subrequests() Handshake {
	for _, d := range q.Level.Effective("mirror").Directives {
		sub, ok := q.subrequest(d)
		switch {
		case !ok || !sub.AsksUpgrade():
		case q.asksAgain(sub, d):
			return fails("mirror repeats the handshake in its own location, and nginx cuts the WebSocket")
		default:
			return unsure("mirror asks %s to upgrade too: if it answers 101, nginx cuts the WebSocket", sub.Target.Text)
		}
	}
	d := q.Level.Effective("auth_request").Last()
	if d == nil || d.Param(0) == "off" {
		return Handshake{Passes, "Upgrade and Connection reach the upstream", Passes}
	}
	sub, ok := q.subrequest(d)
	switch {
	case !ok || len(sub.Perhaps) > 0 || sub.Set.Unsure != nil || sub.Answer == "" && sub.Pass == nil:
		return unsure("auth_request decides")
	case sub.Answer == "401" || sub.Answer == "403":
		return fails("auth_request always refuses the request with %s", sub.Answer)
	case sub.Answer != "" && sub.Answer[0] != '2':
		return fails("auth_request gets %s, and nginx answers 500", sub.Answer)
	case sub.Answer == "" && sub.AsksUpgrade() && q.asksAgain(sub, d):
		return fails("auth_request repeats the handshake in its own location, and nginx closes the connection")
	case sub.Answer == "" && sub.AsksUpgrade():
		return unsure("auth_request asks %s to upgrade too: if it answers 101, nginx closes the connection", sub.Target.Text)
	}
	return Handshake{Passes, "if auth_request allows it", Passes}
}

// subrequest returns what becomes of the subrequest of an auth_request or mirror; it
// reports false where that is not known.
func (q Request) subrequest(d *parser.Directive) (Request, bool) {
	path, _, _ := strings.Cut(d.Param(0), "?")
	server := q.Level.Server()
	if path == "off" || server == nil || server.Implied() || !strings.HasPrefix(path, "/") || strings.Contains(path, "$") || q.model.Exhausted() {
		return Request{}, false
	}
	to := q.model.Route(server, path)
	if to == server || to.Name != "location" {
		return Request{}, false
	}
	return q.model.Subrequest(to, q.Kind, q.version), true
}

// asksAgain reports whether a subrequest asks the same location for the same path.
func (q Request) asksAgain(sub Request, d *parser.Directive) bool {
	_, name := q.Location.LocationName()
	path, _, _ := strings.Cut(d.Param(0), "?")
	return sub.Location == q.Location && path == name
}

// AsksUpgrade reports whether the upstream gets a handshake that it may answer with
// 101.
func (q Request) AsksUpgrade() bool {
	return q.Pass != nil && q.Pass.Is("proxy_pass") && q.lines().Outcome == Passes
}
