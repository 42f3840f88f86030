package model

import (
	"strings"
	"sync"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Defines reports whether a variable (name in lower case, without $) is known to
// nginx: one of its own, or one that the configuration defines, also as a capture of
// a regular expression.
func (m *Model) Defines(name string) bool {
	if Builtin(name) || len(m.Variables(name)) > 0 {
		return true
	}
	return m.captures()[name]
}

var namedCapture = lazyregexp.New(`\(\?P?[<']([A-Za-z_0-9]+)[>']`)

// findCaptures collects the names of captures, which become variables in server_name,
// location, rewrite, if and map.
func (m *Model) findCaptures() map[string]bool {
	captures := make(map[string]bool)
	m.Root.Walk(func(c *parser.Context) bool {
		note := func(d *parser.Directive) {
			for _, w := range append([]parser.Word{d.NameWord()}, d.Params()...) {
				if strings.Contains(w.Value(), "(?") {
					for _, found := range namedCapture().FindAllStringSubmatch(w.Value(), -1) {
						captures[strings.ToLower(found[1])] = true
					}
				}
			}
		}
		for _, d := range c.Directives {
			note(d)
		}
		return true
	})
	return captures
}

// Builtin reports whether nginx itself, or one of its optional modules, defines a
// variable. It is used before a variable is called undefined, so it includes too many
// rather than too few.
func Builtin(name string) bool {
	if name != "" && '0' <= name[0] && name[0] <= '9' {
		return true
	}
	for _, prefix := range builtinPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return builtinNames()[name]
}

var builtinPrefixes = []string{
	"http_", "sent_http_", "sent_trailer_", "upstream_", "cookie_", "arg_", "ssl_", "geoip_", "geoip2_", "proxy_protocol_",
	"jwt_", "date_", "secure_link", "spdy", "memcached_", "limit_", "slice_", "fastcgi_", "proxy_", "realip_", "msec", "acme_",
	"modern_browser", "ancient_browser", "msie", "echo_", "ngx_", "nginx_", "tcpinfo_", "trace", "otel_", "opentracing_", "vts_",
	"brotli_", "gzip_", "zstd_", "perl_", "js_", "nchan_", "rds_", "uid_", "session_", "internal_", "passenger_", "pagespeed_",
}

var builtinNames = sync.OnceValue(func() map[string]bool {
	names := make(map[string]bool)
	for _, n := range strings.Fields(`
args binary_remote_addr body_bytes_sent bytes_sent bytes_received connection connection_requests connection_time connections_active
connections_reading connections_writing connections_waiting content_length content_type document_root document_uri host hostname
http2 http3 https invalid_referer is_args is_request_port keepalive_timeout limit_rate msec pid pipe protocol proxy_add_x_forwarded_for
proxy_host proxy_port quic query_string realpath_root remote_addr remote_port remote_user request request_body request_body_file
request_completion request_filename request_id request_length request_method request_port request_time request_uri scheme
server_addr server_name server_port server_protocol session_time status time_iso8601 time_local tcpinfo_rtt uri
`) {
		names[n] = true
	}
	return names
})
