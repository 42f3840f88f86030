package model

import (
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
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

// maxGuesses bounds how often a condition is evaluated with assumed values.
const maxGuesses = 24

// assumed evaluates the condition of an if for a browser's handshake: where its value
// is not known, with all values that a browser may send. It returns what condition
// does.
func (r *requestState) assumed(c *parser.Context) string {
	if r.kind != WebSocket {
		return r.condition(c.Opener)
	}
	var unknown []string
	r.unknown = &unknown
	result := r.condition(c.Opener)
	r.unknown = nil
	if result == "" || result == "true" {
		return result
	}
	if holds, ok := noFile(c.Opener); ok {
		return truth(holds)
	}
	if holds, ok := r.pathTest(c); ok {
		return truth(holds)
	}
	return r.guessed(c, result, unknown)
}

func truth(holds bool) string {
	if holds {
		return "true"
	}
	return ""
}

// noFile decides tests for files: that none is there is assumed, as for try_files.
func noFile(d *parser.Directive) (holds, ok bool) {
	if d.ParamCount() < 2 {
		return false, false
	}
	operator, negated := strings.CutPrefix(strings.TrimPrefix(d.Param(0), "("), "!")
	if operator == "" { // a space follows the parenthesis
		operator, negated = strings.CutPrefix(d.Param(1), "!")
	}
	switch operator {
	case "-f", "-d", "-e", "-x":
		return negated, true
	}
	return false, false
}

// pathTest decides whether all paths of a location, or none, match an expression
// that begins with the location's name or with another one.
func (r *requestState) pathTest(c *parser.Context) (holds, ok bool) {
	location := c.Parent
	if location.Name != "location" || location.First("rewrite") != nil {
		return false, false
	}
	words := conditionWords(c.Opener)
	if len(words) != 3 || words[0] != "$uri" && words[0] != "$document_uri" && words[0] != "$request_uri" {
		return false, false
	}
	operator, negated := strings.CutPrefix(words[1], "!")
	if modifier, _ := location.LocationName(); operator != "~" || modifier != "" && modifier != "^~" {
		return false, false
	}
	switch {
	case coversLocation(words[2], location):
		return !negated, true
	case !strings.ContainsAny(words[2], "|") && !mayMatch(words[2], location) && !below(words[2], location):
		return negated, true
	}
	return false, false
}

// below reports whether an expression begins with a path below a location's name, as
// far as it begins with a literal text.
func below(expression string, location *parser.Context) bool {
	_, name := location.LocationName()
	literal := strings.TrimPrefix(expression, "^")
	if i := strings.IndexAny(literal, `\.+*?()|[]{}$`); i >= 0 {
		literal = literal[:max(0, i-1)] // a quantifier is about the last character
	}
	return strings.HasPrefix(literal, name) || strings.HasPrefix(name, literal)
}

// guessed evaluates a condition with all values that a browser may send. It returns
// the result if all agree, else the symbol that it is given.
func (r *requestState) guessed(c *parser.Context, symbol string, unknown []string) string {
	given := ""
	guesses := []map[string]string{{}}
	for round := 0; round < 3 && len(unknown) > 0; round++ {
		for _, name := range unknown {
			values, on := r.candidates(name)
			if guesses = withValues(guesses, name, values); len(guesses) == 0 || len(guesses) > maxGuesses {
				return symbol
			}
			if on != "" {
				given = on
			}
		}
		var result string
		if result, unknown = r.tried(c, guesses); result == "" || result == "true" && given == "" {
			if given != "" && !slices.Contains(r.given, given) {
				r.given = append(slices.Clip(r.given), given)
			}
			return result
		}
	}
	return symbol
}

// withValues adds the values of one more variable to guesses.
func withValues(guesses []map[string]string, name string, values []string) (all []map[string]string) {
	for _, g := range guesses {
		if _, known := g[name]; known {
			return guesses
		}
		for _, v := range values {
			more := map[string]string{name: v}
			for other, value := range g {
				more[other] = value
			}
			all = append(all, more)
		}
	}
	return all
}

// tried evaluates a condition with each guess. It returns "?" where they differ or
// one does not decide, with the variables that are still not known.
func (r *requestState) tried(c *parser.Context, guesses []map[string]string) (result string, unknown []string) {
	for i, guess := range guesses {
		try := r.evaluator
		try.vars, try.guess, try.unknown = variables{below: &r.vars}, guess, &unknown
		got := try.condition(c.Opener)
		r.steps, r.maps = try.steps, try.maps
		if got != "" && got != "true" || i > 0 && got != result {
			return "?", unknown
		}
		result = got
	}
	return result, nil
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
