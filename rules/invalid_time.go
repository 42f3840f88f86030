package rules

import (
	"fmt"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// InvalidTime finds times that nginx refuses in the directives that count
// milliseconds: proxy_read_timeout and its like.
var InvalidTime = &Rule{
	Name:     "invalid-time",
	Summary:  "nginx cannot read a timeout, such as 1.5h, 60sec or 1y",
	Group:    Timeouts,
	Severity: Error,
	Level:    invalidTime,
}

// timeouts are directives of one time in milliseconds: ngx_conf_set_msec_slot.
var timeouts = []string{
	"proxy_read_timeout", "proxy_send_timeout", "proxy_connect_timeout", "proxy_next_upstream_timeout", "send_timeout", "client_body_timeout",
	"client_header_timeout", "resolver_timeout", "lingering_time", "lingering_timeout", "worker_shutdown_timeout", "keepalive_time",
	"fastcgi_read_timeout", "fastcgi_send_timeout", "fastcgi_connect_timeout", "uwsgi_read_timeout", "uwsgi_send_timeout", "uwsgi_connect_timeout",
	"scgi_read_timeout", "scgi_send_timeout", "scgi_connect_timeout", "grpc_read_timeout", "grpc_send_timeout", "grpc_connect_timeout",
}

// timeoutNames are all of them, and timeoutSets each by itself.
var (
	timeoutNames = parser.NewNameSet(timeouts...)
	timeoutSets  = eachSet(timeouts)
)

func eachSet(names []string) (all []parser.NameSet) {
	for _, name := range names {
		all = append(all, parser.NewNameSet(name))
	}
	return all
}

func invalidTime(p *Pass, c *parser.Context) {
	if c.Lacks(timeoutNames) || c.Name != "main" && !c.HTTP() {
		return
	}
	for i, name := range timeouts {
		if c.Lacks(timeoutSets[i]) {
			continue
		}
		for _, d := range c.Own(name) {
			f, ok := p.timeFinding(d)
			if !ok {
				continue
			}
			for i := range f.Fixes {
				f.Fixes[i].Names = p.timeouts()[d]
			}
			f.Context = c
			p.Report(f, nil)
		}
	}
}

// timeoutUsers are the locations in which each timeout is in force.
func (t *Tree) timeoutUsers() map[*parser.Directive][]*parser.Context {
	users := make(map[*parser.Directive][]*parser.Context)
	t.Root.Walk(func(c *parser.Context) bool {
		if c.IsLocation() {
			for _, name := range timeouts {
				if d := c.Effective(name).Last(); d != nil {
					users[d] = append(users[d], c)
				}
			}
		}
		return c.Name != "upstream" && c.Name != "map"
	})
	return users
}

// intended matches what was surely meant to be a time, and is no mark of a
// template or the next directive after a forgotten semicolon.
var intended = lazyregexp.New(`^(-?[0-9][0-9a-zA-Z.\s]*|off|none|never|infinite|infinity|unlimited|)$`)

func (t *Tree) timeFinding(d *parser.Directive) (Finding, bool) {
	_, err := parser.ParseTime(d.Param(0))
	if err == nil && d.ParamCount() == 1 { // as nearly all are
		return Finding{}, false
	}
	var words []string
	for i := range d.ParamCount() {
		words = append(words, d.Param(i))
	}
	value := strings.Join(words, " ")
	if len(words) == 0 || !intended().MatchString(value) || len(words) > 1 && meantTime(value) == "" {
		return Finding{}, false
	}
	f := Finding{Severity: Error, Span: d.Span(), Message: fmt.Sprintf(
		"%s refuses %q as a time (%q directive invalid value): it takes whole numbers with the units ms, s, m, h, d and w, from large to small", t.program(), value, d.Name())}
	if d.ParamCount() > 1 {
		f.Message = fmt.Sprintf("%s refuses a time in %d words (invalid number of arguments in %q directive): write it in one", t.program(), d.ParamCount(), d.Name())
	}
	if meant := meantTime(value); meant != "" {
		all := d.ParamWord(0).Span()
		all.End = d.Params()[d.ParamCount()-1].Span().End
		f.Fixes = []fixer.Fix{{
			Message: "write " + meant, Safety: fixer.Safe, Changes: []string{d.Name()}, Edits: []fixer.Edit{{Span: all, New: meant}},
		}}
	}
	return f, true
}
