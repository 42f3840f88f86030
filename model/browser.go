package model

import (
	"slices"
	"strings"
)

// userAgents are those of common browsers: what all of them get, a browser gets.
var userAgents = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
	"Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
}

// sent are the headers that a browser, or a proxy in front of nginx, may send with a
// handshake. A page can add no other (WHATWG WebSockets, the WebSocket constructor).
var sent = map[string]bool{
	"host": true, "user_agent": true, "accept": true, "accept_language": true, "accept_encoding": true, "origin": true, "cookie": true, "pragma": true,
	"cache_control": true, "connection": true, "upgrade": true, "authorization": true, "proxy_authorization": true, "dnt": true, "te": true, "priority": true,
	"referer": true, "via": true, "forwarded": true, "from": true, "true_client_ip": true, "client_ip": true, "cdn_loop": true, "traceparent": true, "tracestate": true,
	"keep_alive": true, "proxy_connection": true,
}

// sentPrefixes begin the names of such headers.
var sentPrefixes = []string{"sec_", "x_", "cf_", "fastly_", "fly_", "akamai_", "cloudfront_", "uber_", "b3"}

// notSent reports whether a value is a copy of a header that nothing sends with a
// handshake: it is empty then.
func notSent(v Value) bool {
	name := copiedHeader(v)
	return name != "" && !sent[name] && !slices.ContainsFunc(sentPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// copiedHeader returns the header, as variables name it, that a value which is not
// known is a copy of, or "".
func copiedHeader(v Value) string {
	name, ok := strings.CutPrefix(v.Text, "${http_")
	if v.Known || !ok {
		return ""
	}
	name, ok = strings.CutSuffix(name, "}")
	if !ok || strings.ContainsAny(name, "${}") {
		return ""
	}
	return name
}

// Copies returns the other header that a header line of a handshake is a copy of, as
// variables name it, or "": a key, for one, is never that of another header.
func (h Header) Copies() string {
	header := copiedHeader(h.Value)
	if header == strings.ReplaceAll(strings.ToLower(h.Name), "-", "_") {
		return ""
	}
	return header
}

// EmptyMethod reports whether proxy_method leaves the request without a method.
func (q Request) EmptyMethod() bool {
	return q.Method.Known && q.Method.Text == "" || notSent(q.Method)
}

// candidates returns the values that a variable may have in a browser's handshake,
// and what that takes for granted; none where they cannot be listed.
func (r *requestState) candidates(name string) (values []string, given string) {
	switch name {
	case "http_user_agent":
		return userAgents, ""
	case "http_referer", "http_range", "http_if_modified_since", "http_if_none_match", "http_x_requested_with":
		return []string{""}, "" // WHATWG WebSockets, "establish a WebSocket connection"
	case "http_x_forwarded_proto": // of a client, or of a proxy that speaks TLS
		return []string{"", "https"}, ""
	case "scheme", "https", "ssl_protocol":
		return r.byTransport(name)
	case "ssl_client_verify":
		if v := r.level.Effective("ssl_verify_client").Value(); v != "" && v != "off" {
			return []string{"SUCCESS"}, "with a client certificate"
		}
	case "host":
		return r.hosts(), ""
	}
	return nil, ""
}

// byTransport returns what a variable that depends on TLS has at the sockets of the
// server. Where some have TLS, browsers use these.
func (r *requestState) byTransport(name string) (values []string, given string) {
	server := r.level.Server()
	if server == nil || server.Implied() || server.Unread() != nil {
		return nil, ""
	}
	listens := server.Listens()
	secure := 0
	for _, l := range listens {
		if !l.Plaintext() {
			secure++
		}
	}
	plain := map[string]string{"scheme": "http", "https": "", "ssl_protocol": ""}
	tls := map[string]string{"scheme": "https", "https": "on", "ssl_protocol": "TLSv1.3"}
	switch {
	case secure == 0:
		return []string{plain[name]}, ""
	case secure < len(listens):
		given = "over TLS"
	}
	return []string{tls[name]}, given
}

// hosts are the names of the server, if all are names.
func (r *requestState) hosts() []string {
	server := r.level.Server()
	if server == nil || server.Unread() != nil {
		return nil
	}
	names := server.ServerNames()
	for _, name := range names {
		if name == "" || name == "_" || strings.ContainsAny(name, "*~$") || name[0] == '.' {
			return nil
		}
	}
	return names
}
