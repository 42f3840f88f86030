package parser

import "strings"

// SubrequestEnds returns the locations of a server in which a subrequest for a path
// may end: where the path leads, and where an error_page, a try_files, an index or
// a rewrite there takes it. Whether one of them is taken depends on files and on
// backends, which are not known; targets with variables are left out. With
// byStatus error pages that leave the status as it is are left out too: auth_request
// refuses the client then, whatever the page is.
func (c *Context) SubrequestEnds(path string, byStatus bool) []*Context {
	e := &ends{server: c.Server(), byStatus: byStatus, seen: make(map[*Context]bool)}
	if e.server == nil {
		return nil
	}
	e.uri(path)
	for i := 0; i < len(e.all); i++ { // it grows
		e.leave(e.all[i])
	}
	c.Config.Spend(stepsPerLine * len(e.all))
	return e.all
}

type ends struct {
	server   *Context
	byStatus bool
	all      []*Context
	seen     map[*Context]bool
}

// uri follows an internal redirect.
func (e *ends) uri(uri string) {
	uri, _, _ = strings.Cut(uri, "?")
	switch {
	case strings.Contains(uri, "$"):
	case strings.HasPrefix(uri, "@"):
		e.reach(e.server.named(uri))
	case strings.HasPrefix(uri, "/"):
		to := e.server.Route(uri)
		e.reach(to)
		if strings.HasSuffix(uri, "/") && to != nil {
			e.index(to, uri)
		}
	}
}

func (e *ends) reach(c *Context) {
	if c != nil && !e.seen[c] {
		e.seen[c] = true
		e.all = append(e.all, c)
	}
}

// index follows what ngx_http_index_module makes of a directory.
func (e *ends) index(c *Context, directory string) {
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
			e.reach(e.server.Route(strings.TrimSuffix(directory, "/") + "/" + strings.TrimPrefix(file, "/")))
		}
	}
}

// leave follows what takes a request elsewhere.
func (e *ends) leave(c *Context) {
	for _, d := range c.Effective("error_page").Directives {
		if n := d.ParamCount(); !e.byStatus || n > 2 && strings.HasPrefix(d.Param(n-2), "=") {
			e.uri(d.lastParam())
		}
	}
	for _, level := range []*Context{c, e.server} {
		level.within(func(inner *Context) {
			for _, d := range inner.Own("try_files") {
				e.uri(d.lastParam())
			}
			for _, d := range inner.Own("rewrite") {
				e.uri(d.Param(1))
			}
		})
	}
}

// within calls f for a context and for the ifs in it.
func (c *Context) within(f func(*Context)) {
	f(c)
	for _, child := range c.Children {
		if child.Name == "if" {
			child.within(f)
		}
	}
}

func (d *Directive) lastParam() string { return d.Param(d.ParamCount() - 1) }

// AsksUpgrade reports whether the upstream gets a handshake that it may answer with
// 101.
func (q Request) AsksUpgrade() bool {
	return q.Pass != nil && q.Pass.Is("proxy_pass") && q.lines().Outcome == Passes
}
