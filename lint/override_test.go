package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// bare is a server whose location for WebSockets has nothing that it needs.
const bare = "server {\n    location /ws { proxy_pass http://127.0.0.1:3000; }\n}\n"

func tree(names ...string) fstest.MapFS {
	files := fstest.MapFS{"repo/nginx.conf": {Data: []byte("events {}\nhttp { include */*.conf; }\n")}}
	for i, name := range names {
		files["repo/"+name] = &fstest.MapFile{Data: []byte(strings.Replace(bare, "{", fmt.Sprintf("{ listen %d;", 8000+i), 1))}
	}
	return files
}

// told is the findings of a run: "FILE RULE SEVERITY", without doubles.
func toldOf(t *testing.T, opt Options) []string {
	t.Helper()
	if opt.Base == "" {
		opt.Base = "repo"
	}
	if opt.Paths == nil {
		opt.Paths = []string{"repo"}
	}
	res, err := Run(opt)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range res.Findings {
		all = append(all, fmt.Sprintf("%s %s %s", strings.TrimPrefix(f.Span.File.Name, "repo/"), f.Rule.Name, f.Severity))
	}
	return all
}

func TestOverrides(t *testing.T) {
	files := tree("a/x.conf", "b/x.conf")
	const headers, http = "missing-upgrade-headers", "proxy-http-version"
	for what, c := range map[string]struct {
		opt  Options
		want []string
	}{
		"none": {
			Options{Select: []string{headers}},
			[]string{"a/x.conf missing-upgrade-headers warning", "b/x.conf missing-upgrade-headers warning"},
		},
		"a rule is ignored in a directory": {
			Options{Select: []string{headers, http}, Overrides: []Override{{Files: []string{"a/"}, Ignore: []string{headers}}}},
			[]string{"a/x.conf proxy-http-version info", "b/x.conf missing-upgrade-headers warning", "b/x.conf proxy-http-version info"},
		},
		"a rule is selected there only": {
			Options{Select: []string{headers}, Overrides: []Override{{Files: []string{"a/*"}, Select: []string{http}}}},
			[]string{"a/x.conf proxy-http-version info", "b/x.conf missing-upgrade-headers warning"},
		},
		"the last word": {
			Options{Select: []string{headers}, Overrides: []Override{{Files: []string{"a/*"}, Ignore: []string{headers}}, {Select: []string{headers}}}},
			[]string{"a/x.conf missing-upgrade-headers warning", "b/x.conf missing-upgrade-headers warning"},
		},
		"what is ignored for all": {
			Options{Select: []string{headers}, Overrides: []Override{{Files: []string{"a/*"}, Select: []string{headers, http}}, {Ignore: []string{headers}}}},
			[]string{"a/x.conf proxy-http-version info"},
		},
		"severities": {
			Options{Select: []string{headers}, Overrides: []Override{
				{Severity: map[string]rules.Severity{headers: rules.Error}},
				{Files: []string{"b/**"}, Severity: map[string]rules.Severity{headers: rules.Info}},
			}},
			[]string{"a/x.conf missing-upgrade-headers error", "b/x.conf missing-upgrade-headers info"},
		},
		"excluded": {
			Options{Select: []string{headers}, Exclude: []string{"a"}},
			[]string{"b/x.conf missing-upgrade-headers warning"},
		},
		"excluded elsewhere": {
			Options{Select: []string{headers}, Base: "other", Exclude: []string{"**"}},
			[]string{"a/x.conf missing-upgrade-headers warning", "b/x.conf missing-upgrade-headers warning"},
		},
		"a location is settled": {
			Options{Select: []string{headers}, Overrides: []Override{{Files: []string{"a/"}, Locations: []LocationIntent{{Location: "/ws"}}}}},
			[]string{"b/x.conf missing-upgrade-headers warning"},
		},
		"a location is for WebSockets": {
			Options{Select: []string{headers}, Overrides: []Override{{Locations: []LocationIntent{{Location: "/ws", WebSocket: true}, {Location: "/other"}}}}},
			[]string{"a/x.conf missing-upgrade-headers error", "b/x.conf missing-upgrade-headers error"},
		},
	} {
		c.opt.FS = files
		if got := toldOf(t, c.opt); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q\nwant %q", what, got, c.want)
		}
	}
}

// What is included, but excluded, is not listed either.
func TestInventoryExcludes(t *testing.T) {
	res, err := Run(Options{FS: tree("a/x.conf", "b/x.conf"), Paths: []string{"repo"}, Base: "repo", Exclude: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	if all := Inventory(res, true); len(all) != 1 || all[0].Location.Opener.Span().File.Name != "repo/b/x.conf" {
		t.Errorf("%v", all)
	}
}

// Advice about a location that only may be one for WebSockets stays advice.
func TestSeverityOfAdvice(t *testing.T) {
	files := fstest.MapFS{"repo/nginx.conf": {Data: []byte("events {}\nhttp { server { location /realtime { proxy_pass http://127.0.0.1:3000; } } }\n")}}
	got := toldOf(t, Options{FS: files, Select: []string{"missing-upgrade-headers"}, Overrides: []Override{{Severity: map[string]rules.Severity{"missing-upgrade-headers": rules.Error}}}})
	if want := []string{"nginx.conf missing-upgrade-headers info"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// nginx takes a modifier with a space behind it, or without one.
func TestLocationOfSettings(t *testing.T) {
	for written, said := range map[string]string{"~ ^/x": "~^/x", "~^/x": "~ ^/x", "= /x": "=/x", "^~ /x": "^~/x", "@x": "@x", "/x": "/x", `"/x y"`: "/x y"} {
		files := fstest.MapFS{"repo/nginx.conf": {Data: []byte("events {}\nhttp { server { location " + written + " { proxy_pass http://127.0.0.1:3000; } } }\n")}}
		opt := Options{FS: files, Select: []string{"missing-upgrade-headers"}, Overrides: []Override{{Locations: []LocationIntent{{Location: said, WebSocket: true}}}}}
		if got := toldOf(t, opt); len(got) != 1 {
			t.Errorf("%s is not %s: %q", written, said, got)
		}
	}
}

func TestContexts(t *testing.T) {
	files := fstest.MapFS{"repo/snippets/a": {Data: []byte("proxy_read_timeout 1m;\n")}, "repo/snippets/b": {Data: []byte("proxy_read_timeout 1m;\n")}}
	res, err := Run(Options{FS: files, Base: "repo", Paths: []string{"repo"}, Context: "location", Contexts: []ContextOf{{"snippets/*", "http"}, {"b", "server"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, cfg := range res.Configs {
		got[cfg.Name] = cfg.Level.Name
	}
	if got["repo/snippets/a"] != "http" || got["repo/snippets/b"] != "server" {
		t.Errorf("%v", got)
	}
}

// What cannot be understood is an error, not silence.
func TestBadOverrides(t *testing.T) {
	for _, o := range []Override{{Files: []string{"["}}, {Select: []string{"nope"}}, {Ignore: []string{"nope"}}, {Suppress: []Suppression{{Rule: "nope"}}}} {
		if _, err := Run(Options{FS: tree("a/x.conf"), Paths: []string{"repo"}, Overrides: []Override{o}}); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
	if _, err := Run(Options{FS: tree("a/x.conf"), Paths: []string{"repo"}, Exclude: []string{"{a"}}); err == nil {
		t.Error("a bad pattern is taken")
	}
}
