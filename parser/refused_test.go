package parser

import (
	"slices"
	"testing"
	"testing/fstest"
)

// problemsOf loads a configuration and returns what nginx says of it.
func problemsOf(t *testing.T, src string, v Versions) (all []string) {
	t.Helper()
	cfg, err := Load(fstest.MapFS{"nginx.conf": {Data: []byte("events {}\n" + src)}}, "nginx.conf", Options{Complete: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range cfg.Problems(v) {
		all = append(all, p.Message)
	}
	return all
}

// refusedInLocation are lines of a location, with what nginx says of them.
var refusedInLocation = map[string]string{
	"proxy_pass http://a; proxy_pass http://b;":              `"proxy_pass" directive is duplicate`,
	"if ($a) { proxy_pass http://a; } proxy_pass a;":         "invalid URL prefix",
	"mirror /a; mirror /b;":                                  "",
	"mirror /a; mirror off;":                                 `"mirror" directive is duplicate`,
	"mirror off; mirror /a;":                                 `"mirror" directive is duplicate`,
	"proxy_redirect a b; proxy_redirect c d;":                "",
	"proxy_redirect a b; proxy_redirect off;":                `"proxy_redirect" directive is duplicate`,
	"internal; internal;":                                    `"internal" directive is duplicate`,
	"proxy_read_timeout 60s { }":                             `directive "proxy_read_timeout" is not terminated by ";"`,
	"location = /x/a;":                                       `directive "location" has no opening "{"`,
	"proxy_buffering no;":                                    `invalid value "no" in "proxy_buffering" directive, it must be "on" or "off"`,
	"proxy_buffering OFF;":                                   "",
	"proxy_buffering ${buffering};":                          "",
	"proxy_buffering __BUFFERING__;":                         "",
	"gzip_proxied any no-cache;":                             "",
	"gzip_proxied any every;":                                `invalid value "every"`,
	"satisfy some;":                                          `invalid value "some"`,
	"return /x;":                                             `invalid return code "/x"`,
	"return 1000;":                                           `invalid return code "1000"`,
	"return HTTP://a;":                                       `invalid return code "HTTP://a"`,
	"return https://a;":                                      "",
	"return $scheme://a;":                                    "",
	"return $code;":                                          "",
	"proxy_pass http://127.0.0.1:99999/a;":                   `invalid port in upstream "127.0.0.1:99999/a"`,
	"proxy_pass http://[::1]:3000;":                          "",
	"proxy_pass http://[::1]:0;":                             `invalid port in upstream "[::1]:0"`,
	"proxy_pass http://unix:/a.sock:/b:99999;":               "",
	"proxy_pass http://a$b:99999;":                           "",
	"proxy_buffer_size 16k;":                                 `"proxy_busy_buffers_size" must be less than the size of all "proxy_buffers" minus one buffer`,
	"proxy_buffer_size 8k;":                                  "",
	"proxy_buffers 1 4k;":                                    `there must be at least 2 "proxy_buffers"`,
	"fastcgi_buffers 4 256k; fastcgi_busy_buffers_size 64k;": `"fastcgi_busy_buffers_size" must be equal to or greater than the maximum of the value of "fastcgi_buffer_size" and one of the "fastcgi_buffers"`,
	"proxy_buffers 8 16k; proxy_buffer_size 32k;":            "",
	"proxy_buffer_size ${SIZE};":                             "",
	"location /x/a { } location /x { }":                      "",
	"location /y { }":                                        `location "/y" is outside location "/x"`,
	"location @y { }":                                        `named location "@y" can be on the server level only`,
	"location ~ y { location /y { } }":                       `location "/y" is outside location "y"`,
	"location = /x/a { location /x/a/b { } }":                `location "/x/a/b" cannot be inside the exact location "/x/a"`,
	"location ~ (a { }":                                      `pcre2_compile() failed: missing closing parenthesis in "(a"`,
	"location ~ a) { }":                                      `pcre2_compile() failed: unmatched closing parenthesis in "a)"`,
	"location ~ [a { }":                                      `pcre2_compile() failed: missing terminating ] for character class in "[a"`,
	`location ~ \(a[)(]\[ { }`:                               "",
	`location ~ []()]a { }`:                                  "",
	`location ~ [[:alpha:]()]a { }`:                          "",
	`location ~ "(?x)a#(" { }`:                               "",
	`if ($a ~ "(a") { }`:                                     `pcre2_compile() failed: missing closing parenthesis in "(a"`,
	`if ($a ~ (a)) { }`:                                      "",
	`rewrite ^/(.*$ /a;`:                                     `pcre2_compile() failed: missing closing parenthesis in "^/(.*$"`,
	"limit_conn a 1;":                                        `zero size shared memory zone "a"`,
	"limit_conn z 1; limit_conn z 2;":                        `"limit_conn" directive is duplicate`,
	"limit_req zone=a;":                                      `zero size shared memory zone "a"`,
	"proxy_cache a;":                                         `"proxy_cache" zone "a" is unknown`,
	"proxy_cache $a;":                                        "",
	"proxy_cache off;":                                       "",
	"proxy_http_version 1.2;":                                `invalid value "1.2"`,
	"proxy_http_version 2;":                                  "",
	"proxy_http_version 3;":                                  `invalid value "3"`,
	"slice;":                                                 `invalid number of arguments in "slice" directive`,
	"limit_conn $zone 1;":                                    "",
}

func TestRefused(t *testing.T) {
	for line, want := range refusedInLocation {
		got := problemsOf(t, "http { limit_conn_zone $a zone=z:1m; server { location /x { "+line+" } } }", AnyVersion)
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

// TestRefusedInHTTP: what stands on the level http.
func TestRefusedInHTTP(t *testing.T) {
	for lines, want := range map[string]string{
		"map $a $b { default 1; default 2; }":                         "duplicate default map parameter",
		`map $a $b { \default 1; default 2; default.a 1; }`:           "",
		`map $a $b { a 1; A 1; }`:                                     `conflicting parameter "a"`,
		`map $a $b { ~a 1; ~a 1; include a*; volatile; }`:             "",
		`map $a $b { a; }`:                                            "invalid number of the map parameters",
		"server { map $a $b { default 1; } }":                         `"map" directive is not allowed here`,
		"upstream a { server b; } upstream A { server b; }":           `duplicate upstream "A"`,
		"upstream a { keepalive 4; }":                                 "no servers are inside upstream",
		"upstream a { zone a 64k; }":                                  "",
		"upstream a { server http://127.0.0.1:80; }":                  `invalid host in upstream "http://127.0.0.1:80"`,
		"upstream a { server unix:///run/a.sock; }":                   "",
		"upstream a { jdomain b; }":                                   "",
		"upstream a { server b weigth=1; }":                           `invalid parameter "weigth=1"`,
		"upstream a { server b weight=x; }":                           `invalid parameter "weight=x"`,
		"upstream a { server b weight=$x resolve; }":                  "",
		"upstream a { server 127.0.0.1:70000; }":                      `invalid port in upstream "127.0.0.1:70000"`,
		"server { listen 80; listen *:80; }":                          "a duplicate listen 0.0.0.0:80",
		"server { listen 443 ssl; listen 443 quic; }":                 "",
		"server { listen 80; listen [::]:80; listen a; listen a; }":   "",
		"server { listen 70000; }":                                    `invalid port in "70000" of the "listen" directive`,
		"server { server_name ~^(a$; }":                               `pcre2_compile() failed: missing closing parenthesis in "^(a$"`,
		"log_format a b; log_format a c;":                             `duplicate "log_format" name "a"`,
		"limit_conn_zone $a zone=a:1m; limit_conn_zone $b zone=a:1m;": `limit_conn_zone "a" is already bound to key "$a"`,
		"server;":                                                `directive "server" has no opening "{"`,
		"proxy_buffer_size 16k; server { }":                      `"proxy_busy_buffers_size" must be less than the size of all "proxy_buffers" minus one buffer`,
		"proxy_buffer_size 16k;":                                 "",
		"server { location /a /b /c { } }":                       `invalid number of arguments in "location" directive`,
		"server { location /a b { } }":                           `invalid location modifier "/a"`,
		"server { location == /b { } }":                          "",
		"server { location ~ /a b { } }":                         `invalid number of arguments in "location" directive`,
		"proxy_buffer_size 16k; server { proxy_buffers 8 16k; }": "",
	} {
		got := problemsOf(t, "http { "+lines+" }", AnyVersion)
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", lines, got, want)
		}
	}
}

// TestRefusedByVersion: only what every version of the range refuses counts.
func TestRefusedByVersion(t *testing.T) {
	old, recent := version(t, "1.22.1"), version(t, "1.30.6")
	for line, want := range map[string][3]string{
		"http2 on;":             {`unknown directive "http2"`, "", ""},
		"ssl on;":               {"", `unknown directive "ssl"`, ""},
		"proxy_http_version 2;": {`invalid value "2"`, "", ""},
		"sticky a b;":           {`"sticky" directive is not allowed here`, `"sticky" directive is not allowed here`, `"sticky" directive is not allowed here`},
	} {
		for i, v := range []Versions{Only(old), Only(recent), {Min: old, Max: recent}} {
			got := problemsOf(t, "http { server { "+line+" } }", v)
			if want[i] == "" && len(got) > 0 || want[i] != "" && !slices.Contains(got, want[i]) {
				t.Errorf("%s on %v: got %q, want %q", line, v, got, want[i])
			}
		}
	}
}

// TestAcceptedElsewhere: what a relative of nginx accepts says so.
func TestAcceptedElsewhere(t *testing.T) {
	for lines, want := range map[string]string{
		"upstream a { server b; } upstream A { server b; }":              "Tengine",
		"upstream a { server b; } upstream a { server b; }":              "",
		"server { location /a /b { } }":                                  "Angie",
		"server { location ~ /a b { } }":                                 "",
		"server { location /a { slice; } }":                              "Tengine",
		"server { location /a { slice a b; } }":                          "",
		"server { location /a { proxy_http_version 3; } }":               "Angie",
		"limit_req_zone $a $b zone=c:1m rate=1r/s;":                      "Tengine",
		"limit_req_zone;":                                                "",
		"server { location /a { if ($b) { proxy_http_version 1.1; } } }": "Angie",
	} {
		cfg, err := Load(fstest.MapFS{"nginx.conf": {Data: []byte("events {} http { " + lines + " }")}}, "nginx.conf", Options{})
		if err != nil {
			t.Fatal(err)
		}
		problems := cfg.Problems(AnyVersion)
		if len(problems) != 1 || problems[0].Accepts != want {
			t.Errorf("%s: %+v, want one that %q accepts", lines, problems, want)
		}
	}
}
