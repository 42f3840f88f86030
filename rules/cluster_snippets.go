package rules

import (
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/kube"
)

// locationSnippets are the annotations whose text goes into each location.
var locationSnippets = map[*kube.Controller]string{kube.IngressNginx: "configuration-snippet", kube.F5: "location-snippets"}

// writtenOnce are the directives of a location that the controllers always write and that
// nginx accepts once: rootfs/etc/nginx/template/nginx.tmpl of v1.15.1, and
// internal/configs/version1/nginx.ingress.tmpl of 5.6.0.
var writtenOnce = map[*kube.Controller][]string{
	kube.IngressNginx: {
		"proxy_connect_timeout", "proxy_send_timeout", "proxy_read_timeout", "proxy_buffering", "proxy_buffer_size", "proxy_buffers",
		"proxy_request_buffering", "proxy_http_version", "proxy_next_upstream_timeout", "proxy_next_upstream_tries", "client_max_body_size",
	},
	kube.F5: {"proxy_http_version", "proxy_connect_timeout", "proxy_read_timeout", "proxy_send_timeout", "client_max_body_size", "proxy_buffering"},
}

// writtenInHTTP are those of the http block of ingress-nginx.
var writtenInHTTP = []string{
	"aio", "client_body_buffer_size", "client_body_timeout", "client_header_buffer_size", "client_header_timeout", "default_type", "http2_max_concurrent_streams",
	"ignore_invalid_headers", "keepalive_requests", "keepalive_timeout", "large_client_header_buffers", "limit_conn_status", "limit_req_status", "log_subrequest",
	"map_hash_bucket_size", "proxy_headers_hash_bucket_size", "proxy_headers_hash_max_size", "reset_timedout_connection", "server_names_hash_bucket_size",
	"server_names_hash_max_size", "server_tokens", "ssl_buffer_size", "ssl_ecdh_curve", "ssl_session_tickets", "tcp_nodelay", "tcp_nopush", "types_hash_max_size",
	"underscores_in_headers", "variables_hash_bucket_size", "variables_hash_max_size",
}

// A snippet is nginx configuration that a controller inserts into its own.
type snippet struct {
	kube.Value
	controller *kube.Controller
	inMap      bool     // it is a key of the ConfigMap
	block      string   // that it goes into: location or http block
	once       []string // directives of that block that nginx accepts once, and the controller writes
	headers    []string // that the controller sends, in lower case
}

// snippets returns the snippets of annotations and ConfigMaps that go next to directives
// of the controller.
func (p *ClusterPass) snippets() []snippet {
	var all []snippet
	p.annotations(func(a kube.Annotated) {
		if a.Short == locationSnippets[a.Controller] {
			s := locationSnippet(a.Value, a.Controller)
			if a.Object.Annotation(kube.F5, "websocket-services").Exists() {
				s.headers = webSocketHeaders
			}
			all = append(all, s)
		}
	})
	for _, c := range p.Configs() {
		for _, e := range c.Entries() {
			s := snippet{Value: e, controller: c.Controller}
			switch {
			case !e.Known():
				continue
			case e.Key() == "location-snippet" && c.Controller == kube.IngressNginx, e.Key() == "location-snippets" && c.Controller == kube.F5:
				s = locationSnippet(e, c.Controller)
			case e.Key() == "http-snippet" && c.Controller == kube.IngressNginx:
				s.block, s.once = "http block", writtenInHTTP
			default:
				continue
			}
			s.inMap = true
			all = append(all, s)
		}
	}
	return all
}

// webSocketHeaders are the headers that a controller sends to an application that it
// takes for one with WebSockets.
var webSocketHeaders = []string{"host", "upgrade", "connection"}

func locationSnippet(v kube.Value, c *kube.Controller) snippet {
	s := snippet{Value: v, controller: c, block: "location", once: writtenOnce[c], headers: webSocketHeaders}
	if c == kube.F5 {
		s.headers = webSocketHeaders[:1]
	}
	return s
}

// settingOf returns the annotation or the key that sets a directive, or "".
func (s snippet) settingOf(directive string) string {
	name := strings.ReplaceAll(directive, "_", "-")
	switch {
	case s.inMap && s.controller.Key(name) != nil:
		return "the key " + name
	case !s.inMap && s.controller.Annotation(name) != nil:
		return s.controller.Prefix + name
	}
	return ""
}
