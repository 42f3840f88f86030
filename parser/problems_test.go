package parser

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lab"
)

// TestLabProblems checks that what nginx accepts on all versions is free of
// problems here too.
func TestLabProblems(t *testing.T) {
	accepted := 0
	for _, c := range lab.Cases(t, lab.Nginx) {
		if !slices.Contains(c.Seen, lab.Seen{Probe: "t", Versions: "ALL", Result: "ok"}) {
			continue
		}
		accepted++
		for _, p := range load(t, c.Files, "nginx.conf", Options{}).Problems() {
			t.Errorf("%s: %s", c.Name, p.Message)
		}
	}
	if accepted != 263 {
		t.Errorf("%d configurations of the lab are accepted by all versions, want 263", accepted)
	}
}

// TestURIWhereNoneMayBe: nginx says the same of all these places.
func TestURIWhereNoneMayBe(t *testing.T) {
	for src, want := range map[string]int{
		"location ~ a { proxy_pass http://b/; }":                       1,
		"location @a { proxy_pass http://b?c=d; }":                     1,
		"location /a { if ($b) { proxy_pass http://b/; } }":            1,
		"location /a { limit_except GET { proxy_pass http://b/c; } }":  1,
		"location ~ a { proxy_pass http://unix:/run/b.sock:/; }":       1,
		"location ~ a { proxy_pass http://unix:/run/b.sock:; }":        0,
		"location ~ a { proxy_pass http://unix:/run/b.sock; }":         0,
		"location ~ a { proxy_pass http://$b/; }":                      0,
		"location ~ a { location ~ b { proxy_pass http://b:3000; } } ": 0,
	} {
		cfg, err := Load(fstest.MapFS{"nginx.conf": {Data: []byte("events {} http { server { " + src + " } }")}}, "nginx.conf", Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		cfg.Root.Walk(func(c *Context) bool { got += len(c.MisplacedURIs()); return true })
		if got != want {
			t.Errorf("%s: %d found, want %d", src, got, want)
		}
	}
}

func TestProblems(t *testing.T) {
	for src, want := range map[string]string{
		"events {} http { server { map $a $b { x y; } } }":                                               `"map" directive is not allowed here`,
		"http { server { location / { if ($a) { proxy_set_header A b; } } } }":                           `"proxy_set_header" directive is not allowed here`,
		"http { server { proxy_http_version 1.1; proxy_http_version 1.1; } }":                            `"proxy_http_version" directive is duplicate`,
		"http { server { location / { proxy_pass http://a proxy_read_timeout 60s; } } }":                 `invalid number of arguments in "proxy_pass" directive`,
		"http { upstream a { ip_hash; server b; server c backup; } }":                                    `balancing method does not support parameter "backup"`,
		"http { upstream a { server b; server c backup; ip_hash; } }":                                    "",
		"http { map $a $b { anything goes here; } types { a b c d; } }":                                  "",
		"http { server { location /a { } location ^~ /a { } } }":                                         `duplicate location "/a"`,
		"http { server { location = /a { } location =/a { } } }":                                         `duplicate location "/a"`,
		"http { server { location = /a { } location /a { location /a { } } } }":                          "",
		"http { server { location ~ a { } location ~ a { } } server { location ~ a { } } }":              "",
		"http { server { location @a { proxy_pass http://b; } location /a { proxy_pass http://b/; } } }": "",
		"http { server { location ~ a { proxy_pass http://b$uri; proxy_set_header A b; } } }":            "",
		"stream { server { proxy_pass a; } } http { server { } }":                                        "",
		"http { server { more_set_headers x; unknown_thing { a; } } }":                                   "",
	} {
		cfg, err := Load(fstest.MapFS{"nginx.conf": {Data: []byte(src)}}, "nginx.conf", Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range cfg.Problems() {
			got = append(got, p.Message)
		}
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
	}
}

// The rows are sorted, because lookups use binary search, and have no duplicates.
func TestDirectiveTable(t *testing.T) {
	places := make(map[string]ContextSet)
	for i, d := range directives {
		if i > 0 && directives[i-1].Name > d.Name {
			t.Errorf("%s stands after %s", d.Name, directives[i-1].Name)
		}
		if d.Contexts == 0 || places[d.Name]&d.Contexts != 0 || d.Max < d.Min {
			t.Errorf("%s: two rows for one place, or none", d.Name)
		}
		places[d.Name] |= d.Contexts
	}
	for _, name := range []string{"proxy_pass", "map", "location", "http", "listen", "upstream", "server"} {
		if ContextsOf(name) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
}
