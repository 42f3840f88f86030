package rules

import (
	"net"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// An address is what a URL of proxy_pass points to. Unknown parts are written as
// ${name}.
type address struct {
	scheme, host string
	port         string // the scheme's where none is written
	noPort       bool   // none is written
	uri          string
}

// uriStart matches where the URI of a URL begins: the variables hold nothing
// else.
var uriStart = lazyregexp.New(`[/?]|\$\{?(request_uri|uri|document_uri|is_args|args|query_string)\b`)

// parseAddress reads a URL; ok is false if its scheme is neither http nor https.
func parseAddress(url string) (a address, ok bool) {
	scheme, rest, ok := strings.Cut(url, "://")
	a.scheme = strings.ToLower(scheme)
	if !ok || a.scheme != "http" && a.scheme != "https" {
		return a, false
	}
	if strings.HasPrefix(rest, "unix:") {
		a.host = rest
		return a, true
	}
	if strings.ContainsAny(rest, "/?$") {
		if at := uriStart().FindStringIndex(rest); at != nil {
			rest, a.uri = rest[:at[0]], rest[at[0]:]
		}
	}
	a.host, a.port = rest, "80"
	if a.scheme == "https" {
		a.port = "443"
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.Contains(rest[i:], "]") {
		a.host, a.port = rest[:i], rest[i+1:]
	} else {
		a.noPort = true
	}
	return a, true
}

// isName reports whether a host is certainly a name that needs a lookup.
func isName(host string) bool {
	switch {
	case host == "" || strings.HasPrefix(host, "unix:") || strings.HasPrefix(host, "["):
		return false
	case strings.Contains(host, "${"):
		return nameTail().MatchString(host)
	}
	return net.ParseIP(host) == nil
}

// nameTail matches a host that ends as only a name can end.
var nameTail = lazyregexp.New(`\.[a-z][a-z0-9-]*\.?$`)

// onlyHost returns the host shared by all servers of an upstream, or "".
func onlyHost(u *parser.Context) string {
	host := ""
	for _, d := range u.Own("server") {
		name, _, err := net.SplitHostPort(d.Param(0))
		if err != nil {
			name = d.Param(0)
		}
		if host != "" && name != host {
			return ""
		}
		host = name
	}
	return host
}

// privateEndings are the last labels of names that the public DNS does not have.
// The server behind such a name is most often the user's own.
var privateEndings = map[string]bool{
	"local": true, "localhost": true, "localdomain": true, "internal": true, "intranet": true, "lan": true, "home": true, "corp": true, "private": true, "arpa": true,
	"svc": true, "test": true, "docker": true, "consul": true, "vpn": true, "box": true, "invalid": true, "onion": true, "dev-internal": true, "host": true,
}

// publicName reports whether an address, a host with or without a port, is a name
// of the public DNS. A name that begins with a variable is judged by its end.
func publicName(address string) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	i := strings.LastIndexByte(host, '.')
	if i < 0 || strings.HasPrefix(host, "unix:") || net.ParseIP(strings.Trim(host, "[]")) != nil || strings.Contains(host+".", ".svc.") {
		return false
	}
	top := host[i+1:]
	letters := len(top) >= 2 && strings.Trim(top, "abcdefghijklmnopqrstuvwxyz") == ""
	return (letters || strings.HasPrefix(top, "xn--")) && !privateEndings[top]
}

// nextHop returns the server of this nginx that the location leads to, if it
// can be no other.
func (l *Location) nextHop() *parser.Context {
	a, ok := l.onlyPeer()
	if !ok {
		return nil
	}
	names := []string{a.host + ":" + a.port, "*:" + a.port}
	switch {
	case strings.HasPrefix(a.host, "unix:"):
		names = []string{strings.TrimSuffix(a.host, ":")}
	case a.host == "localhost":
		names[0] = "127.0.0.1:" + a.port
	case !strings.HasPrefix(a.host, "127.") && a.host != "[::1]":
		return nil
	}
	return l.Tree.serverAt(names, a.scheme)
}

// onlyPeer returns the one address that gets the location's requests with their paths.
func (l *Location) onlyPeer() (a address, ok bool) {
	a = l.address
	if !l.addressed || a.uri != "" && !strings.HasPrefix(a.host, "unix:") || l.unseen() {
		return a, false
	}
	if u := l.Upstream(); u != nil {
		servers := u.Own("server")
		if len(servers) != 1 || u.Unread() != nil {
			return a, false
		}
		return parseAddress(a.scheme + "://" + servers[0].Param(0))
	}
	return a, true
}

// serverAt returns the server that listens at the first of some sockets that any listens
// at, if it is the only one.
func (t *Tree) serverAt(sockets []string, scheme string) *parser.Context {
	for _, name := range sockets {
		if s := t.Sockets()[name]; s != nil {
			if len(s.Listens) == 1 && s.Listens[0].SSL == (scheme == "https") {
				return s.Listens[0].Server
			}
			return nil
		}
	}
	return nil
}
