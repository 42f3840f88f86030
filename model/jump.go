package model

import (
	"path"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A jump is an internal redirect to a location or to an answer.
type jump struct {
	to     *parser.Context
	same   bool   // the server's rewrite directives do not run again
	answer string // if to is nil
}

// maxJumps is nginx's own limit on internal redirects (NGX_HTTP_MAX_URI_CHANGES).
const maxJumps = 10

// Request returns what a location does with a kind of request in a version of nginx.
// The context can be a location or a server's own level.
func (m *Model) Request(c *parser.Context, kind Kind, v parser.Version) Request {
	return m.request(c, kind, v, false)
}

// Subrequest is Request for the subrequests of auth_request and the like, which also
// reach internal locations.
func (m *Model) Subrequest(c *parser.Context, kind Kind, v parser.Version) Request {
	return m.request(c, kind, v, true)
}

func (m *Model) request(c *parser.Context, kind Kind, v parser.Version, internal bool) Request {
	r := &requestState{evaluator: evaluator{model: m, kind: kind}, level: c, internal: internal}
	defer func() { m.spend(r.steps) }()
	var q Request
	if m.Exhausted() {
		return Request{model: m, Kind: kind, Location: c, Level: c}
	}
	at, same := c, false
	for jumps := 0; ; jumps++ {
		q = r.pass(at, same, v)
		next := r.jump(&q)
		for next.answer != "" { // an error_page may handle it
			q.Answer, q.Pass = next.answer, nil
			next = r.jump(&q)
		}
		if next.to == nil {
			break
		} else if jumps == maxJumps {
			q.Answer, q.Pass = "500", nil
			break
		}
		at, same, r.internal = next.to, next.same, true
	}
	if q.Location, q.status = c, r.status; r.status != "" && strings.HasPrefix(q.Answer, "2") {
		q.Answer = r.status
	}
	return q
}

// jump returns where a request goes that is not proxied directly: error_page handles
// nginx's own answers, and try_files handles requests for files, none of which is
// assumed to exist.
func (r *requestState) jump(q *Request) jump {
	if strings.HasPrefix(r.uri, "@") || q.By.Named("echo_exec") {
		uri := r.uri
		r.uri = ""
		return r.redirect(uri)
	}
	if r.uri != "" { // no internal redirect: the server's directives are done
		return jump{to: r.model.Route(r.level.Server(), r.uri), same: true}
	}
	if q.Answer != "" {
		return r.errorPage(q)
	}
	d := q.tryFiles()
	if d == nil || d.ParamCount() < 2 {
		return r.noFile(q)
	}
	name := d.Params()[d.ParamCount()-1].Value()
	if code, ok := strings.CutPrefix(name, "="); ok {
		return jump{answer: code}
	}
	uri := r.expand(name)
	if !uri.Known {
		r.doubt(d, false)
		q.Perhaps, q.mayChange = r.perhaps, true
		return jump{}
	}
	next := r.redirect(uri.Text)
	if next.to == q.Level && q.Pass != nil && path.Ext(uri.Text) != "" { // proxy_pass is used if that file exists, else the answer is 500
		r.perhaps = append(r.perhaps, d)
		q.Perhaps = r.perhaps
		return jump{}
	}
	return next
}

// noFile handles a request that only a file could answer. As for try_files, the file
// is assumed not to exist, if an error_page handles that.
func (r *requestState) noFile(q *Request) jump {
	if q.Pass != nil || q.By != nil { // or another module answers
		return jump{}
	}
	q.Answer = "404"
	next := r.errorPage(q)
	if next.to == nil {
		q.Answer = ""
	}
	return next
}

// redirect jumps to a named location or to the location of a path.
func (r *requestState) redirect(uri string) jump {
	server := r.level.Server()
	if server == nil {
		return jump{}
	}
	if strings.HasPrefix(uri, "@") {
		if to := r.model.named(server, uri); to != nil {
			return jump{to: to, same: true}
		}
		return jump{answer: "500"}
	}
	uri, _, _ = strings.Cut(uri, "?")
	return jump{to: r.model.Route(server, uri)}
}

// errorPage applies error_page: once per request, unless recursive_error_pages is on.
// Without = the status stays the same, whatever the page's upstream answers
// (ngx_http_special_response_handler).
func (r *requestState) errorPage(q *Request) jump {
	if r.errorPages++; r.errorPages > 1 && q.Level.Effective("recursive_error_pages").Value() != "on" {
		return jump{}
	}
	pages := q.Level.Effective("error_page").Directives
	r.steps += len(pages)
	for _, d := range pages {
		if d.ParamCount() < 2 { // nginx refuses it
			continue
		}
		codes, uri := d.Params()[:d.ParamCount()-1], d.Params()[d.ParamCount()-1].Value()
		status := q.Answer
		if n := len(codes); n > 1 && strings.HasPrefix(codes[n-1].Value(), "=") {
			status = codes[n-1].Value()[1:]
			codes = codes[:n-1]
		}
		for _, code := range codes {
			if code.Value() != q.Answer {
				continue
			}
			if !strings.HasPrefix(uri, "/") && !strings.HasPrefix(uri, "@") {
				return jump{}
			}
			r.status = status
			return r.redirect(uri)
		}
	}
	return jump{}
}
