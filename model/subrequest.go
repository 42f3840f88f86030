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

// AsksUpgrade reports whether the upstream gets a handshake that it may answer with
// 101.
func (q Request) AsksUpgrade() bool {
	return q.Pass != nil && q.Pass.Is("proxy_pass") && q.lines().Outcome == Passes
}
