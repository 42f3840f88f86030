package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Hides returns the proxy_hide_header that takes a header out of the upstream's
// answer, or nil. proxy_pass_header undoes it (ngx_http_upstream_hide_headers_hash).
func (q Request) Hides(name string) *parser.Directive {
	named := func(d *parser.Directive) bool { return strings.EqualFold(d.Param(0), name) }
	hidden := q.Level.Effective("proxy_hide_header").Directives
	at := slices.IndexFunc(hidden, named)
	if at < 0 || slices.ContainsFunc(q.Level.Effective("proxy_pass_header").Directives, named) {
		return nil
	}
	return hidden[at]
}

// Restores returns the add_header that puts a header into the answer, or nil. Only
// one with always adds to a 101 (ngx_http_headers_filter).
func (q Request) Restores(name string) *parser.Directive {
	for _, d := range q.Level.Effective("add_header").Directives {
		if strings.EqualFold(d.Param(0), name) && d.ParamCount() == 3 && d.Param(2) == "always" {
			return d
		}
	}
	return nil
}

// answersWith judges a header that the client needs to see in the answer.
func (q Request) answersWith(name string) Handshake {
	if q.Hides(name) == nil {
		return Handshake{Passes, "", Passes}
	}
	added := q.Restores(name)
	if added == nil {
		return fails("proxy_hide_header takes %s out of the answer", name)
	}
	value := q.model.Evaluate(added.Param(1), q.Kind)
	copied := "${upstream_http_" + strings.ReplaceAll(strings.ToLower(name), "-", "_") + "}"
	switch {
	case value.Text == copied && !value.Known, name == "Upgrade" && value.Known && strings.EqualFold(value.Text, "websocket"):
		return Handshake{Passes, "", Passes}
	case value.Known:
		return fails("%s is %q in the answer", name, value.Text)
	}
	return unsure("%s is %s in the answer", name, value.Text)
}
