package runnable

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// dropped are directives that name what does not exist here (files, users,
// processes), or that would refuse or delay the clients of these tests: they have no
// certificate or password, connect from an unknown address, and send many requests.
var dropped = names(`
user pid daemon master_process load_module worker_rlimit_nofile worker_cpu_affinity worker_priority worker_processes working_directory
error_log access_log lock_file ssl_engine pcre_jit timer_resolution use debug_connection
ssl ssl_certificate ssl_certificate_key ssl_trusted_certificate ssl_client_certificate ssl_crl ssl_dhparam ssl_password_file ssl_stapling
ssl_stapling_verify ssl_stapling_file ssl_session_ticket_key ssl_verify_client ssl_verify_depth ssl_protocols ssl_ciphers ssl_ecdh_curve
ssl_conf_command ssl_early_data ssl_reject_handshake ssl_ocsp ssl_ocsp_cache
client_body_temp_path proxy_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path
proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_trusted_certificate proxy_ssl_crl proxy_ssl_password_file proxy_ssl_conf_command
grpc_ssl_certificate grpc_ssl_certificate_key grpc_ssl_trusted_certificate uwsgi_ssl_trusted_certificate
auth_basic auth_basic_user_file auth_request mirror allow deny limit_req limit_conn proxy_bind resolver resolver_timeout
fastcgi_cache fastcgi_cache_path uwsgi_cache uwsgi_cache_path scgi_cache scgi_cache_path proxy_cache_path proxy_cache proxy_store
geoip_country geoip_city geoip_org perl_modules perl_require aio thread_pool`)

// opaque are blocks that contain something other than directives.
var opaque = names(`map geo types split_clients charset_map match`)

func names(list string) map[string]bool {
	set := make(map[string]bool)
	for _, name := range strings.Fields(list) {
		set[name] = true
	}
	return set
}

func (r *rewrite) edit(s parser.Span, text string) {
	r.edits[s.File] = append(r.edits[s.File], fixer.Edit{Span: s, New: text})
}

// insert puts text at the start of a block.
func (r *rewrite) insert(b *parser.Block, text string) {
	at := b.Body().Start
	r.edit(parser.Span{File: b.Span.File, Start: at, End: at}, " "+text)
}

// block rewrites the directives of a block. A text in several contexts is rewritten
// once: the contexts are of one kind, or nginx refuses it.
func (r *rewrite) block(b *parser.Block) {
	contexts := r.cfg.ContextsOf(b)
	if len(contexts) == 0 {
		return
	}
	for _, d := range b.Directives {
		if kept := r.directive(contexts[0], d); kept && d.Block != nil {
			r.block(d.Block)
		}
	}
}

// directive rewrites one directive. It reports whether the directive still exists.
func (r *rewrite) directive(c *parser.Context, d *parser.Directive) bool {
	name := d.Name()
	switch {
	case d.Is("include"):
		r.include(d)
	case opaque[c.Name]:
	case dropped[name] && d.ParamCount() == 0 && d.Block == nil: // nginx refuses it, and must do so here too
	case c.Name == "main" && d.Block != nil && !d.Is("http", "events"),
		dropped[name] && c.Name != "limit_except" && !slices.Contains(r.ground.Keep, name), len(parser.DirectiveInfos(name)) == 0:
		r.edit(d.Span(), "")
		return false
	case d.Is("http") && c.Name == "main":
		r.httpBlock = d.Block
	case d.Is("worker_connections") && !slices.Contains(r.ground.Keep, "worker_connections"):
		r.word(d, 0, "512")
	case d.Is("server") && d.Block != nil:
		r.server(d)
	case d.Is("listen"):
		r.listen(c, d)
	case d.Is("server"):
		r.upstreamServer(d)
	case d.Is("proxy_pass"), d.Is("set") && strings.Contains(d.Param(1), "://"):
		r.proxied(d, d.ParamCount()-1)
	case d.Is("fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"):
		if r.cfg.Upstream(d.Param(0)) == nil && !strings.Contains(d.Param(0), "$") {
			r.word(d, 0, "127.0.0.1:1") // where nothing listens
		}
	}
	return true
}

func (r *rewrite) word(d *parser.Directive, i int, value string) {
	if i < d.ParamCount() {
		r.edit(d.ParamWord(i).Span(), value)
	}
}

// include names the files that the parser found by their names here.
func (r *rewrite) include(d *parser.Directive) {
	text := ""
	for _, inc := range r.cfg.Includes {
		if inc.Directive == d {
			for _, f := range inc.Files {
				text += "include " + r.names[f] + "; "
			}
			break
		}
	}
	r.edit(d.Span(), text)
}

// upstreamServer points a server of an upstream at its stand-in.
func (r *rewrite) upstreamServer(d *parser.Directive) {
	r.word(d, 0, r.ground.Upstream(d.Param(0)))
	for i, p := range d.Params() {
		if i > 0 && (p.Value() == "resolve" || strings.HasPrefix(p.Value(), "service=")) {
			r.word(d, i, "")
		}
	}
}

// proxied points a URL at the stand-in for its host. An upstream block stays. The
// stand-ins do not use TLS.
func (r *rewrite) proxied(d *parser.Directive, i int) {
	scheme, rest, ok := strings.Cut(d.Param(i), "://")
	if !ok || !slices.Contains([]string{"http", "https"}, strings.ToLower(scheme)) {
		return
	}
	host, uri := splitHost(rest)
	if r.cfg.Upstream(host) == nil {
		host = r.host(host)
	}
	r.word(d, i, written("http://"+host+uri))
}

// splitHost splits a URL without a scheme at the beginning of its URI, which can be a
// variable.
func splitHost(s string) (host, uri string) {
	if strings.HasPrefix(s, "unix:") {
		if i := strings.IndexByte(s[len("unix:"):], ':'); i >= 0 {
			i += len("unix:")
			return s[:i], s[i+1:]
		}
		return s, ""
	}
	end := len(s)
	for _, mark := range []string{"/", "?", "$request_uri", "$uri", "$is_args", "$args", "$document_uri", "${request_uri}", "${uri}"} {
		if i := strings.Index(s, mark); i >= 0 {
			end = min(end, i)
		}
	}
	return s[:end], s[end:]
}

// written quotes a value so that nginx reads it back.
func written(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
