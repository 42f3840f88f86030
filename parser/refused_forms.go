package parser

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A form is what nginx wants of a directive's parameters, beyond their number.
type form uint8

const (
	anyForm    form = iota
	flagForm        // on or off
	wordsForm       // words of a fixed set: see fixedWords
	returnForm      // a status or a URL
	passForm        // proxy_pass in http
	serverForm      // server in an upstream
	listenForm
	namesForm    // server names: a ~ begins a regular expression
	patternForm  // the first parameter is a regular expression
	locationForm // a modifier and a name
	ifForm       // a condition
	versionForm  // a version of HTTP
	keepaliveForm
	resolverForm

	// Forms that matter where a level has two of them.
	aloneForm // "off" stands alone
	keyForm   // the first parameter, or zone=, may not be there twice
)

// fixedWords are the values that some directives accept, in any case. Those for
// which a relative of nginx accepts more are not listed.
var fixedWords = map[string]string{
	"add_header_inherit":       "on off merge",
	"add_trailer_inherit":      "on off merge",
	"autoindex_format":         "html json jsonp xml",
	"client_body_in_file_only": "off on clean",
	"dav_methods":              "off put delete mkcol copy move",
	"debug_points":             "stop abort",
	"fastcgi_cache_methods":    "GET HEAD POST",
	"fastcgi_cache_use_stale":  nextCGI,
	"fastcgi_ignore_headers":   ignored,
	"fastcgi_next_upstream":    nextCGI,
	"grpc_ignore_headers":      ignored,
	"grpc_next_upstream":       nextGRPC,
	"gzip_http_version":        "1.0 1.1",
	"gzip_proxied":             "off expired no-cache no-store private no_last_modified no_etag auth any",
	"gzip_static":              "off on always",
	"if_modified_since":        "off exact before",
	"keepalive_disable":        "none msie6 safari",
	"limit_conn_log_level":     "info notice warn error",
	"limit_req_log_level":      "info notice warn error",
	"lingering_close":          "off on always",
	"memcached_next_upstream":  "error timeout invalid_response not_found off",
	"proxy_cache_methods":      "GET HEAD POST",
	"proxy_cache_use_stale":    nextHTTP,
	"proxy_ignore_headers":     ignored,
	"proxy_next_upstream":      nextHTTP,
	"satisfy":                  "all any",
	"scgi_cache_methods":       "GET HEAD POST",
	"scgi_cache_use_stale":     nextCGI,
	"scgi_ignore_headers":      ignored,
	"scgi_next_upstream":       nextCGI,
	"server_tokens":            "off on build",
	"ssl_verify_client":        "off on optional optional_no_ca",
	"userid":                   "off log v1 on",
	"userid_flags":             "off secure httponly samesite=strict samesite=lax samesite=none",
	"uwsgi_cache_methods":      "GET HEAD POST",
	"uwsgi_cache_use_stale":    nextCGI,
	"uwsgi_ignore_headers":     ignored,
	"uwsgi_next_upstream":      nextCGI,
}

// The words that several directives share.
const (
	nextHTTP = "error timeout invalid_header non_idempotent http_500 http_502 http_503 http_504 http_403 http_404 http_429 updating off"
	nextCGI  = "error timeout invalid_header non_idempotent http_500 http_503 http_403 http_404 http_429 updating off"
	nextGRPC = "error timeout invalid_header non_idempotent http_500 http_502 http_503 http_504 http_403 http_404 http_429 off"
	ignored  = "X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset Expires Cache-Control Set-Cookie Vary"
)

// form returns why nginx refuses a directive's parameters, or "".
func (r *levelCheck) form(info *DirectiveInfo, d *Directive) string {
	switch info.Form {
	case flagForm:
		if v := d.Param(0); v != "on" && v != "off" && !strings.EqualFold(v, "on") && !strings.EqualFold(v, "off") && written(v) {
			return fmt.Sprintf("invalid value %q in %q directive, it must be \"on\" or \"off\"", v, d.Name())
		}
	case wordsForm:
		return refusedWord(d)
	case returnForm:
		return refusedReturn(d)
	case passForm:
		return r.refusedPass(d)
	case serverForm:
		return r.refusedServer(d)
	case listenForm:
		return r.refusedListen(d)
	case versionForm:
		return r.refusedVersion(d)
	case keepaliveForm:
		if d.Param(0) == "0" && !r.versions.Any(KeepaliveLocal) {
			return fmt.Sprintf("invalid value %q in %q directive", d.Param(0), d.Name())
		}
	case resolverForm:
		return r.refusedResolver(d)
	case locationForm:
		return r.refusedLocation(d)
	case ifForm:
		return r.conditionProblem(d)
	case namesForm, patternForm:
		return refusedPattern(info.Form, d)
	}
	return ""
}

// written reports whether a value is what its author means nginx to read, and not
// a placeholder that a script or a template engine fills in.
func written(value string) bool {
	letters := false
	for i := range len(value) {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			letters = true
		case c == '_' && i == 0, strings.IndexByte("$@%<>{}[]#&|*!?", c) >= 0:
			return false
		}
	}
	return letters
}

// refusedWord finds a parameter that is none of the words that nginx accepts.
func refusedWord(d *Directive) string {
	words := strings.Fields(fixedWords[d.Name()])
	for i := range d.ParamCount() {
		value := d.Param(i)
		if !slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, value) }) && written(value) {
			return fmt.Sprintf("invalid value %q", value)
		}
	}
	return ""
}

// refusedVersion finds a version of HTTP that nginx does not know.
func (r *levelCheck) refusedVersion(d *Directive) string {
	switch v := d.Param(0); {
	case v == "1.0" || v == "1.1":
		return ""
	case v == "2" && r.versions.Any(HTTP2Upstream), v == "3" && r.versions.Any(HTTP3Upstream), v != "2" && !written(v):
		return ""
	default:
		return fmt.Sprintf("invalid value %q", v)
	}
}

// refusedReturn finds a return with neither a status nor a URL
// (ngx_http_rewrite_return).
func refusedReturn(d *Directive) string {
	value := d.Param(0)
	if n, err := strconv.ParseUint(value, 10, 31); err == nil && isDigits(value) && n <= 999 {
		return ""
	}
	if d.ParamCount() == 1 && (strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "$scheme")) {
		return ""
	}
	if value == "" || !strings.HasPrefix(value, "/") && !written(value) {
		return ""
	}
	return fmt.Sprintf("invalid return code %q", value)
}

// refusedPass finds a proxy_pass without a scheme, and a port that is none.
func (r *levelCheck) refusedPass(d *Directive) string {
	url := d.Param(0)
	if strings.Contains(url, "$") {
		return ""
	}
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return "invalid URL prefix"
	}
	host := rest[:len(rest)-len(URIPart(url))]
	if u := r.Config.Upstream(host); u != nil && r.versions.Min.Has(ExactUpstreams) && !r.Config.hasUpstream(host) && !strings.Contains(host, ".") {
		return fmt.Sprintf("host not found in upstream %q", host)
	}
	if badPort(host) {
		return fmt.Sprintf("invalid port in upstream %q", rest)
	}
	return ""
}

// badPort reports whether an address ends in a number that is no port.
func badPort(address string) bool {
	i := strings.LastIndexByte(address, ':')
	if i < 0 || strings.HasPrefix(address, "unix:") || strings.Count(address, ":") > 1 && !strings.HasPrefix(address, "[") {
		return false
	}
	port := address[i+1:]
	if !isDigits(port) {
		return false
	}
	n, err := strconv.Atoi(port)
	return err != nil || n < 1 || n > 65535
}

// refusedListen finds a listen with a port that is none.
func (r *levelCheck) refusedListen(d *Directive) string {
	if d.HasParam("https_allow_http") && !r.versions.Any(HTTPSAllowHTTP) {
		return `invalid parameter "https_allow_http"`
	}
	if address := d.Param(0); badPort(address) || badPort("*:"+address) {
		return fmt.Sprintf("invalid port in %q of the \"listen\" directive", address)
	}
	return ""
}
