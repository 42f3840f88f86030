package parser

import (
	"slices"
	"strings"
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
		for _, p := range load(t, c.Files, "nginx.conf", Options{}).Problems(AnyVersion) {
			t.Errorf("%s: %s", c.Name, p.Message)
		}
	}
	if accepted != 263 {
		t.Errorf("%d configurations of the lab are accepted by all versions, want 263", accepted)
	}
}

// labMissed are the configurations of the relatives' lab that a build refuses for
// something that this package does not look at.
var labMissed = map[string]string{
	"r-names-max-headers": "Debian's nginx has max_headers, though it is as old",
	"r-check":             module, "r-session-sticky-ip-hash": module, "r-sticky-cookie": module, "o-balancer": module, "o-balancer-ip-hash": module,
	"o-balancer-no-server": module, "o-content-then-proxy": module, "o-echo-exec": module, "o-header-filter": module, "o-keepalive-above-balancer": module,
	"o-lua-brace": module, "o-lua-capture": module, "o-lua-set-connection": module, "o-lua-strings": module, "o-lua-var-connection": module,
	"o-more-clear-headers": module, "o-more-set-headers": module, "o-no-error-pages": module, "o-proxy-then-content": module,
	"r-keepalive-local":            "modules in Tengine's own packages accept more words",
	"r-least-time-factor":          "least_time may be of a module, and its parameters are not checked",
	"r-resolver-none-resolve":      resolve,
	"r-server-resolve-no-resolver": resolve,
	"r-upstream-port":              "a port behind the name of an upstream is not checked",
}

const (
	module  = "another build may have the directive as a module"
	resolve = "whether resolve of a server has a resolver is not checked"
)

// TestLabRelatives checks that what a build of the relatives' lab accepts is free of
// problems for its version, and that what it refuses is not.
func TestLabRelatives(t *testing.T) {
	accepted, refused, missed := 0, 0, 0
	for _, c := range lab.Cases(t, lab.Relatives) {
		before := missed
		for _, s := range c.Seen {
			if s.Probe != "t" {
				continue
			}
			for _, build := range c.Builds(s) {
				problems := load(t, c.Files, "nginx.conf", Options{}).Problems(Only(version(t, build)))
				switch ok := strings.HasPrefix(s.Result, "ok"); {
				case ok && len(problems) > 0:
					t.Errorf("%s: %s accepts it, we say: %s", c.Name, build, problems[0].Message)
				case ok:
					accepted++
				case len(problems) > 0:
					refused++
				default:
					missed++
					if labMissed[c.Name] == "" {
						t.Errorf("%s: %s refuses it, %s", c.Name, build, s.Result)
					}
				}
			}
		}
		if missed == before && labMissed[c.Name] != "" {
			t.Errorf("%s is not missed: take it out of labMissed", c.Name)
		}
	}
	t.Logf("accepted as the builds did: %d; refused: %d; not known to be refused: %d", accepted, refused, missed)
	if accepted != 275 || refused != 175 || missed != 47 {
		t.Errorf("%d accepted, %d refused, %d missed; docs/relatives.md says 275, 175 and 47", accepted, refused, missed)
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
		"http { map $a $b { anything here; } types { a b c d; } }":                                       "",
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
		for _, p := range cfg.Problems(AnyVersion) {
			got = append(got, p.Message)
		}
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
	}
}

// The rows are sorted, because lookups use binary search, and have no duplicates.
func TestDirectiveTable(t *testing.T) {
	places := make(map[string]ContextSet) // in nginx
	for i, d := range directives {
		if i > 0 && directives[i-1].Name > d.Name {
			t.Errorf("%s stands after %s", d.Name, directives[i-1].Name)
		}
		if d.Contexts == 0 || d.Max < d.Min {
			t.Errorf("%s: no place, or no number of parameters", d.Name)
		}
		if d.Life != nil && (d.Life.Since.Nginx == never || d.Name == "keepalive") { // the rows of relatives allow more, and the first that fits is used
			continue
		}
		if places[d.Name]&d.Contexts != 0 {
			t.Errorf("%s: two rows for one place", d.Name)
		}
		places[d.Name] |= d.Contexts
	}
	for _, name := range []string{"proxy_pass", "map", "location", "http", "listen", "upstream", "server"} {
		if ContextsOf(name) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
}
