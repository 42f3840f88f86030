package model

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A jump is where a request goes on inside nginx: to a location, or to an
// answer.
type jump struct {
	to     *parser.Context
	same   bool   // the server's rewrite directives are not run again
	answer string // where to is nil
}

// maxJumps is nginx's own limit of internal redirects
// (NGX_HTTP_MAX_URI_CHANGES).
const maxJumps = 10

// Request returns what a location makes of a kind of request with a version of
// nginx. The context may be a location or a server's own level.
func (m *Model) Request(c *parser.Context, kind Kind, v parser.Version) Request {
	return m.request(c, kind, v, false)
}

// Subrequest is Request for what auth_request and the like send to a location,
// which reaches also one that is internal.
func (m *Model) Subrequest(c *parser.Context, kind Kind, v parser.Version) Request {
	return m.request(c, kind, v, true)
}

func (m *Model) request(c *parser.Context, kind Kind, v parser.Version, internal bool) Request {
	r := &walk{run: run{model: m, kind: kind}, level: c, internal: internal}
	defer func() { m.spend(r.steps) }()
	var q Request
	if m.Exhausted() {
		return Request{model: m, Kind: kind, Location: c, Level: c}
	}
	at, same := c, false
	for jumps := 0; ; jumps++ {
		q = r.pass(at, same, v)
		next := r.jump(&q)
		for next.answer != "" { // which an error_page may take up
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

// jump says where a request that is not proxied as it is goes on: an error_page
// takes up what nginx answers; try_files takes up what it does not, once no
// file is there, which is assumed.
func (r *walk) jump(q *Request) jump {
	if r.uri != "" { // no internal redirect: the server's part is over
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
	return r.redirect(uri.Text)
}

// noFile is for a request that nothing but a file could answer: that none is
// there is assumed, as for try_files, where error_page has something to say.
func (r *walk) noFile(q *Request) jump {
	if q.Pass != nil {
		return jump{}
	}
	q.Answer = "404"
	next := r.errorPage(q)
	if next.to == nil {
		q.Answer = ""
	}
	return next
}

// redirect goes to a named location or to what takes a path.
func (r *walk) redirect(uri string) jump {
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

// errorPage carries out error_page: once a request, but with
// recursive_error_pages. Without a = the status stays what it was, whatever
// the page's upstream answers (ngx_http_special_response_handler).
func (r *walk) errorPage(q *Request) jump {
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
