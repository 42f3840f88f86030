package parser

import (
	"slices"
	"strings"
	"sync"
)

// evaluatedFrom are the directives of http whose parameters nginx compiles as
// values with variables (ngx_http_compile_complex_value, ngx_http_script_compile
// and ngx_http_get_variable_index), with the first such parameter. It has those
// whose variables are looked up in every version from 1.18 on.
var evaluatedFrom = map[string]int{
	"access_log": 0, "add_header": 1, "add_trailer": 1, "alias": 0, "auth_basic": 0, "auth_request_set": 1, "error_page": 1, "expires": 0,
	"fastcgi_cache_key": 0, "fastcgi_cache_bypass": 0, "fastcgi_no_cache": 0, "fastcgi_param": 1, "fastcgi_pass": 0, "grpc_set_header": 1,
	"hash": 0, "limit_conn_zone": 0, "limit_req_zone": 0, "log_format": 1, "map": 0, "memcached_pass": 0,
	"proxy_bind": 0, "proxy_cache_bypass": 0, "proxy_cache_key": 0, "proxy_cookie_path": 1, "proxy_method": 0, "proxy_no_cache": 0, "proxy_pass": 0,
	"proxy_redirect": 1, "proxy_set_body": 0, "proxy_set_header": 1, "proxy_ssl_name": 0, "return": 0, "rewrite": 1, "root": 0, "scgi_param": 1,
	"scgi_pass": 0, "set": 1, "split_clients": 0, "sub_filter": 1, "try_files": 0, "uwsgi_param": 1, "uwsgi_pass": 0,
}

// onlyFirst are those of them of which only that one parameter is such a value.
var onlyFirst = []string{"map", "split_clients", "hash", "proxy_pass", "rewrite", "limit_conn_zone", "limit_req_zone", "access_log"}

// An evaluation says which parameters of a directive are such values.
type evaluation struct {
	any  bool
	one  bool // only the first of them
	from int8
}

// evaluations are by the directive's first row in the table. A name is looked up once,
// when the file is read.
var evaluations = sync.OnceValue(func() []evaluation {
	byRow := make([]evaluation, len(directives))
	for name, from := range evaluatedFrom {
		if rows := rowsByName().of(name); rows.to > rows.from {
			byRow[rows.from] = evaluation{true, slices.Contains(onlyFirst, name), int8(from)}
		}
	}
	return byRow
})

// Evaluated returns the parameters of a directive of http in which nginx looks up
// variables, those that have any. It returns none where that depends on the version or
// the value.
func (d *Directive) Evaluated() []Word {
	if d.rows.to == d.rows.from {
		return nil
	}
	if d.Is("if") {
		return comparedWords(d.Params())
	}
	e := evaluations()[d.rows.from]
	if !e.any {
		return nil
	}
	end := d.ParamCount()
	if e.one {
		end = min(end, int(e.from)+1)
	}
	var words []Word
	for i := int(e.from); i < end; i++ {
		if strings.IndexByte(d.Param(i), '$') >= 0 {
			words = append(words, d.ParamWord(i))
		}
	}
	return words
}

// comparedWords are the words of a condition without its regular expression.
func comparedWords(words []Word) []Word {
	for i, w := range words {
		if strings.HasPrefix(w.Value(), "~") || strings.HasPrefix(w.Value(), "!~") {
			return words[:i]
		}
	}
	return words
}
