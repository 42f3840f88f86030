package lint

import (
	"net"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// maxURLs limits the URLs of one location.
const maxURLs = 8

// urlsOf returns the URLs at which clients get to a location: its own path, or those
// of the locations that lead to a named one. A regular expression stands for its
// paths, and * for any host.
func urlsOf(l *rules.Location) []string {
	server := l.Server()
	if server == nil || server.Implied() {
		return nil
	}
	var paths []string
	if modifier, _ := l.LocationName(); modifier != "@" {
		paths = []string{pathOf(l.Context)}
	}
	for _, from := range l.LedFrom() {
		if path := pathOf(from); path != "" && len(paths) < maxURLs && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	var urls []string
	for _, origin := range origins(server) {
		for _, path := range paths {
			if len(urls) < maxURLs {
				urls = append(urls, origin+path)
			}
		}
	}
	return urls
}

// pathOf returns the path of a location as part of a URL; "" for a named location.
func pathOf(c *parser.Context) string {
	switch modifier, name := c.LocationName(); modifier {
	case "@":
		return ""
	case "none": // an error_page of a server or of http
		return "/"
	case "~", "~*":
		return " " + modifier + " " + name
	default:
		return name
	}
}

// origins returns the schemes, hosts and ports of a server, with its first name.
func origins(server *parser.Context) (all []string) {
	host := "*"
	for _, name := range server.ServerNames() {
		if name != "" && name != "_" && !strings.ContainsAny(name, "~$") {
			host = name
			break
		}
	}
	for _, l := range server.Listens() {
		address, port, err := net.SplitHostPort(l.Address)
		if err != nil || l.QUIC { // a Unix socket; browsers open WebSockets over TCP
			continue
		}
		at, scheme, usual := host, "ws://", "80"
		if at == "*" && address != "" && address != "*" && address != "::" {
			at = strings.TrimSuffix(net.JoinHostPort(address, ""), ":")
		}
		if l.SSL {
			scheme, usual = "wss://", "443"
		}
		if port != usual {
			at += ":" + port
		}
		if !slices.Contains(all, scheme+at) {
			all = append(all, scheme+at)
		}
	}
	return all
}
