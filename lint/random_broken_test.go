package lint

import (
	"math/rand/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A mistake is something that nginx refuses, in a place.
type mistake struct {
	place string // http, server, location, if
	text  string
	block []string // the directives of its block; nil for a simple directive
}

var mistakes = []mistake{
	{"server", "proxy_http_version 1.1; proxy_http_version 1.1", nil},
	{"location", "proxy_http_version 1.1; proxy_http_version 1.0", nil},
	{"location", "proxy_read_timeout 1h; proxy_read_timeout 1h", nil},
	{"location", "proxy_pass http://app; proxy_pass http://app", nil},
	{"location", "proxy_buffering off; proxy_buffering off", nil},
	{"location", "proxy_method GET; proxy_method GET", nil},
	{"location", "proxy_pass_request_headers on; proxy_pass_request_headers on", nil},
	{"location", "proxy_set_header Connection $undefined_variable", nil},
	{"server", "proxy_set_header Connection ${undefined_variable}", nil},
	{"server", "map $http_upgrade $inner", []string{"default upgrade"}},
	{"location", "map $http_upgrade $inner", []string{"default upgrade"}},
	{"server", "upstream inner", []string{"server 127.0.0.1:9000"}},
	{"location", "if ($http_upgrade)", []string{"proxy_set_header Upgrade $http_upgrade"}},
	{"location", "if ($http_upgrade)", []string{"proxy_http_version 1.1"}},
	{"server", "if ($http_upgrade)", []string{"proxy_pass http://app"}},
	{"location", "if ($http_upgrade)", []string{"proxy_pass http://app/"}},
	{"location", "limit_except GET", []string{"proxy_set_header A b"}},
	{"location", "proxy_set_header Connection", nil},
	{"location", "proxy_set_header Connection upgrade, close", nil},
	{"location", "proxy_set_heder Connection upgrade", nil},
	{"location", "proxy_http_version 3", nil},
	{"location", "proxy_http_version", nil},
	{"location", "proxy_read_timeout forever", nil},
	{"location", "proxy_pass 127.0.0.1:9000", nil},
	{"location", "proxy_pass ws://127.0.0.1:9000", nil},
	{"server", "proxy_pass http://app", nil},
	{"server", "location /twice {} location /twice", []string{}},
	{"server", "location = /x", []string{"location /x/y {}"}},
	{"server", "location /x", []string{"location /y {}"}},
	{"server", "location ~ ^/x", []string{"proxy_pass http://app/"}},
	{"server", "location @x", []string{"proxy_pass http://app/"}},
	{"server", "location /x", []string{"location @y {}"}},
	{"server", "location /y", []string{"server_name x"}},
	{"location", "listen 8078", nil},
	{"location", "return", nil},
	{"location", "return maybe", nil},
	{"server", "rewrite ^/x", nil},
	{"server", "rewrite ^/(x /y", nil},
	{"server", "location ~ ^/(z", []string{}},
	{"server", "set $c", nil},
	{"server", "set c upgrade", nil},
	{"server", "set $host x", nil},
	{"location", "if $http_upgrade", []string{}},
	{"location", "if ($http_upgrade == websocket)", []string{}},
	{"location", "if (${http_upgrade})", []string{}},
	{"location", "include nosuch.conf", nil},
	{"location", "proxy_set_header A \"b\"c", nil},
	{"location", "proxy_set_header A b; }", nil},
	{"location", "error_page @x", nil},
	{"location", "try_files $uri", nil},
	{"location", "try_files $uri @x; try_files $uri @x", nil},
	{"location", "root /a; alias /b", nil},
	{"server", "location", []string{}},
	{"location", "proxy_cache nozone", nil},
	{"http", "upstream hollow", []string{}},
	{"http", "upstream hashed", []string{"ip_hash", "server 127.0.0.1:9000", "server 127.0.0.1:9001 backup"}},
	{"http", "upstream app", []string{"server 127.0.0.1:9000"}},
	{"http", "map $http_upgrade", []string{"default upgrade"}},
	{"http", "map $http_upgrade $twice", []string{"default upgrade", "default close"}},
	{"http", "map $http_upgrade $twice", []string{"'' upgrade", "'' close"}},
	{"http", "map $http_upgrade $wide", []string{"default upgrade close"}},
	{"http", "map $http_upgrade nodollar", []string{"default upgrade"}},
	{"http", "map $http_upgrade $host", []string{"default upgrade"}},
	{"http", "map $http_upgrade ${braces}", []string{"default upgrade"}},
	{"http", "map $undefined_variable $ok", []string{"default upgrade"}},
	{"http", "map $http_upgrade $regexp", []string{"~( upgrade"}},
	{"http", "location /ws", []string{}},
	{"http", "proxy_pass http://app", nil},
	{"http", "set $c upgrade", nil},
	{"http", "if ($http_upgrade)", []string{}},
	// Not refused, though they look like it.
	{"location", "proxy_set_header A b; proxy_set_header A b", nil},
	{"location", "internal; internal", nil},
	{"location", "if ($http_upgrade)", []string{"set $c 1", "set $c 2"}},
	{"server", "location ~ ^/twice {} location ~ ^/twice", []string{}},
	{"http", "map $http_upgrade $unused", []string{"default $m", "volatile"}},
	{"http", "upstream hashed", []string{"server 127.0.0.1:9000", "server 127.0.0.1:9001 backup", "ip_hash"}},
}

// brokenSketch makes the tree of a seed with mistakes in some of its servers.
func brokenSketch(seed int, v parser.Version) *sketch {
	g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 11)), version: v, broken: true}
	return g.tree(serversPerTree)
}

// breakServer puts one mistake into a server.
func (g *generator) breakServer(group []*piece) []*piece {
	m := mistakes[g.IntN(len(mistakes))]
	p := directive(m.text)
	if m.block != nil {
		p = block(m.text)
		for _, text := range m.block {
			p.pieces = append(p.pieces, directive(text))
		}
	}
	server := group[len(group)-1]
	switch m.place {
	case "http":
		return append([]*piece{p}, group...)
	case "location":
		server.pieces = append(server.pieces, block("location /broken", p))
	default:
		server.pieces = append(server.pieces, p)
	}
	return group
}
