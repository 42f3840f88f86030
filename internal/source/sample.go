package source

import (
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// Sets is the number of sets of values. In the first, holes have values with which
// WebSockets work; in the second they have others; in the third some of each. What is
// found with all of them does not depend on a hole.
const Sets = 3

// token begins the names that holes have. It says nothing about what they are meant for.
const token = "hole"

// A Spot is where a hole is in a directive.
type Spot struct {
	Directive string
	First     string // its first parameter
	Index     int    // of the parameter; -1 for the name
	Count     int    // of parameters
	Before    string // what the word has before the hole, and after it
	After     string
}

// Sample returns a value of a set for a hole: one that nginx accepts there, as far as
// that is known.
func (h Hole) Sample(at Spot, set int) string {
	id := hash(h.Expression)
	if set == 2 {
		set = int(id/7) % 2
	}
	if s, ok := literal(h.Expression, at, set); ok {
		return s
	}
	pick := func(values ...string) string { return values[min(set, len(values)-1)] }
	name := token + strconv.FormatUint(uint64(id), 10)
	number := strconv.Itoa(41000 + int(id%20000))
	whole := at.Before == "" && at.After == ""
	switch {
	case strings.HasSuffix(at.Before, "$") || strings.HasSuffix(at.Before, "${"):
		return name
	case at.Directive == "proxy_set_header" && at.Index == 1 && whole:
		return header(strings.ToLower(at.First), name, pick)
	case at.Directive == "proxy_http_version":
		return pick("1.1", "1.0")
	case strings.HasSuffix(at.Directive, "_timeout") || strings.HasSuffix(at.Directive, "_time"):
		return duration(at.After, pick)
	case strings.HasSuffix(at.Directive, "_pass") && at.Index == 0 && at.Directive != "proxy_pass_header":
		return target(at, name, number, pick)
	case at.Directive == "location":
		return location(at, name, pick)
	case at.Directive == "listen":
		return listen(at, number, pick)
	case at.Directive == "if", at.Directive == "set" && at.Index == 0, at.Directive == "map" && at.Index < 2, at.Directive == "geo", at.Directive == "split_clients" && at.Index == 1:
		return "$" + name
	case strings.HasSuffix(at.Before, ":"), at.After != "" && strings.IndexByte("kKmMgGsr", at.After[0]) >= 0 && len(at.After) <= 3:
		return pick(number, "1")
	case counts().MatchString(at.Directive):
		return pick(number, "1")
	case whole && at.Count == 1 && flag().MatchString(at.Directive):
		return pick("on", "off")
	case paths().MatchString(at.Directive) && at.Before == "":
		return "/" + name
	}
	return name
}

var (
	counts = lazyregexp.New(`_size$|_buffers$|connections$|processes$|_nofile$|_requests$|^keepalive`)
	flag   = lazyregexp.New(`^(?:proxy_buffering|proxy_request_buffering|gzip|ssl|http2|http3|sendfile|tcp_nodelay|tcp_nopush|server_tokens|absolute_redirect|proxy_ssl_\w+|merge_slashes|chunked_transfer_encoding|auth_basic|access_log|proxy_cache|autoindex|internal|proxy_pass_request_headers|proxy_ignore_client_abort|underscores_in_headers)$`)
	paths  = lazyregexp.New(`^(?:root|alias|include|error_log|pid|ssl_certificate|ssl_certificate_key|ssl_dhparam|try_files)$`)
)

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// alternatives are the texts of an expression that chooses between texts.
var (
	choosing     = lazyregexp.New(`\bif\b|\?|\bternary\b`)
	alternatives = lazyregexp.New(`(?:^|[^\[(=\s])\s*(?:"([^"\\]*)"|'([^'\\]*)')`)
)

// literal returns one of the texts that an expression chooses from. What follows other
// text of a word directly, and may begin with a space, is taken to be empty.
func literal(expression string, at Spot, set int) (string, bool) {
	if !choosing().MatchString(expression) {
		return "", false
	}
	var texts []string
	for _, m := range alternatives().FindAllStringSubmatch(expression, -1) {
		texts = append(texts, m[1]+m[2])
	}
	switch {
	case len(texts) == 0:
		return "", false
	case strings.ContainsAny(strings.Join(texts, ""), " \t;{}"):
		return "", at.Before != "" || at.After != ""
	case set == 0:
		return texts[0], true
	case len(texts) == 1 && at.Before+at.After == "":
		return "", false
	case len(texts) == 1:
		return "", true
	}
	return texts[len(texts)-1], true
}

func header(name, token string, pick func(...string) string) string {
	switch name {
	case "connection":
		return pick("upgrade", token)
	case "upgrade":
		return pick("$http_upgrade", token)
	case "host":
		return pick("$host", token)
	}
	return pick(token, "$http_host")
}

func duration(after string, pick func(...string) string) string {
	switch {
	case strings.HasPrefix(after, "ms"):
		return pick("86400000", "1")
	case after != "":
		return pick("86400", "1")
	}
	return pick("1d", "1s")
}

// target returns a part of a proxy_pass.
func target(at Spot, name, number string, pick func(...string) string) string {
	_, rest, scheme := strings.Cut(at.Before, "://")
	switch {
	case scheme && strings.HasSuffix(rest, ":"):
		return pick(number, "443")
	case scheme && rest == "" && (at.After == "" || at.After[0] == '/' || at.After[0] == ':'):
		return pick(name, "127.0.0.1")
	case at.Before == "" && strings.HasPrefix(at.After, "://"):
		return pick("http", "https")
	case at.Before == "" && at.After == "":
		return pick("http://"+name, "https://127.0.0.1:"+number+"/"+name+"/")
	case at.Before == "":
		return pick("http://"+name, "https://127.0.0.1:"+number)
	}
	return name
}

// location returns a part of a location's name, or its modifier.
func location(at Spot, name string, pick func(...string) string) string {
	switch {
	case at.Count == 2 && at.Index == 0 && at.Before+at.After == "":
		return pick("^~", "~")
	case at.Before == "" && strings.HasPrefix(at.After, "/"):
		return pick("/"+name, "")
	case at.Before == "" && at.After == "":
		return pick("/"+name, "/"+name+"/")
	case at.Before == "":
		return "/" + name
	}
	return name
}

func listen(at Spot, number string, pick func(...string) string) string {
	switch {
	case at.Before == "" && at.After != "" && at.After[0] == ':':
		return pick("127.0.0.1", "0.0.0.0")
	case strings.HasSuffix(at.Before, ":"), at.Index == 0 && at.Before == "":
		return number
	case at.Before != "" || at.After != "":
		return ""
	}
	return pick("ssl", "reuseport")
}

// Tokens returns what shows a value of a hole wherever it is read, each followed by the
// hole as written.
func Tokens(value, written string) []string {
	if len(value) == 5 && number().MatchString(value) {
		return []string{value, written}
	}
	found := name().FindString(value)
	if found == "" {
		return nil
	}
	all := []string{found, written}
	if found != value {
		all = append([]string{value, written}, all...)
	}
	return all
}

var (
	number = lazyregexp.New(`^[4-6][0-9]{4}$`)
	name   = lazyregexp.New(token + `[0-9]+`)
)
