package model

import (
	"slices"
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

// Builtin reports whether nginx itself, a relative, or a module that is not built in
// everywhere defines a variable. Names that modules form as they like are known by
// their beginning, so it knows too many of those, and not too few.
func Builtin(name string) bool {
	if name != "" && '0' <= name[0] && name[0] <= '9' {
		return true
	}
	for _, prefix := range builtinPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	_, known := slices.BinarySearch(BuiltinNames(), name)
	return known
}

// builtinPrefixes are those after which nginx accepts any name, and those of modules
// of others.
var builtinPrefixes = []string{
	"http_", "sent_http_", "sent_trailer_", "upstream_http_", "upstream_trailer_", "upstream_cookie_", "cookie_", "arg_", "proxy_protocol_tlv_",
	"geoip_", "geoip2_", "jwt_", "acme_", "echo_", "ngx_", "nginx_", "otel_", "opentracing_", "vts_", "brotli_", "zstd_", "perl_", "js_", "nchan_", "rds_",
	"session_", "internal_", "passenger_", "pagespeed_", "spdy", "trace", "memcached_", "ingress_", "xquic", "modsec", "naxsi_", "waf_", "sticky_",
	"ascii_", "base64_decode_", "escape_uri_", "md5_encode_", "proxy_connect_", "upstream_stat_", "sent_cookie_",
}

// BuiltinNames returns the variables of nginx's own modules, up to 1.31.5, of NGINX
// Plus, Angie and Tengine, in order, without those that only have a prefix.
var BuiltinNames = sync.OnceValue(func() []string {
	names := strings.Fields(`
ancient_browser args binary_remote_addr body_bytes_sent bytes_received bytes_sent connection connection_requests connection_time
connections_active connections_reading connections_waiting connections_writing content_length content_type date_gmt date_local document_root
document_uri fastcgi_path_info fastcgi_script_name gzip_ratio host hostname http2 http3 https invalid_referer is_args is_request_port
keepalive_timeout limit_conn_status limit_rate limit_req_status modern_browser msec msie pid pipe protocol proxy_add_via proxy_add_x_forwarded_for proxy_host
proxy_internal_body_length proxy_internal_chunked proxy_internal_host proxy_port proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr
proxy_protocol_server_port query_string quic quic_connection realip_remote_addr realip_remote_port realpath_root remote_addr remote_port
remote_user request request_body request_body_file request_completion request_filename request_id request_length request_method
request_port request_time request_uri scheme secure_link secure_link_expires sent_body server_addr server_name server_port server_protocol
slice_range ssl_alpn_protocol ssl_cipher ssl_ciphers ssl_client_cert ssl_client_escaped_cert ssl_client_fingerprint ssl_client_i_dn
ssl_client_i_dn_legacy ssl_client_raw_cert ssl_client_s_dn ssl_client_s_dn_legacy ssl_client_serial ssl_client_sigalg ssl_client_v_end ssl_client_v_remain
ssl_client_v_start ssl_client_verify ssl_curve ssl_curves ssl_early_data ssl_ech_outer_server_name ssl_ech_status ssl_encrypted_hello
ssl_preread_alpn_protocols ssl_preread_protocol ssl_preread_server_name ssl_protocol ssl_server_cert_type ssl_server_name ssl_session_id
ssl_session_reused ssl_sigalg ssl_sigalgs status tcpinfo_rcv_space tcpinfo_rtt tcpinfo_rttvar tcpinfo_snd_cwnd time_iso8601 time_local uid_got uid_reset
uid_set upstream_addr upstream_bytes_received upstream_bytes_sent upstream_cache_etag upstream_cache_key upstream_cache_last_modified
upstream_cache_status upstream_connect_time upstream_first_byte_time upstream_header_time upstream_last_server_name upstream_queue_time
upstream_request_method upstream_response_length upstream_response_time upstream_session_time upstream_status upstream_sticky_status
upstream_transport uri
apache_bytes_sent api backtrace connect_addr connect_host connect_port day dollar full_request hour hour12 minute month normalized_request p8s_value
private raw_uri request_recv_finish_time request_recv_start_time request_recv_time request_start_time response_send_finish_time response_send_start_time
response_send_time second server_rt ssl_handshake_time ssl_handshake_time_msec time_http trim_bytes trim_original_bytes unix_time
upstream_first_pkg_time upstream_read_time upstream_send_time year year2
`)
	slices.Sort(names)
	return slices.Compact(names)
})
