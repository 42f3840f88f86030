package lint

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

const (
	upgrades   = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }\n"
	withUp     = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; "
	longEnough = "proxy_read_timeout 1h; "
)

// Each reason not to make a fix, in a tree that has it.
func TestVerdicts(t *testing.T) {
	app := "proxy_pass http://127.0.0.1:3000; "
	for what, c := range map[string]struct {
		files   map[string]string
		opt     Options
		rule    string
		verdict string
	}{
		"safe": {
			map[string]string{"nginx.conf": "events {}\nhttp { " + upgrades + "server { location /ws { " + longEnough + app + "} } }\n"},
			Options{}, "missing-upgrade-headers", "",
		},
		"the rule": {
			map[string]string{"nginx.conf": "events {}\nhttp { server { location /cable/ { " + longEnough + app + "} } }\n"},
			Options{}, "slash-redirect", "shown only: the fix needs a decision that only you can make",
		},
		"intent": {
			map[string]string{"nginx.conf": "events {}\nhttp { " + upgrades + "server { location /realtime { " + app + "} } }\n"},
			Options{}, "missing-upgrade-headers", "shown only: the location is only possibly meant for WebSockets",
		},
		"a file that was not given": {
			map[string]string{"nginx.conf": "events {}\nhttp { include sites/*.conf; }\n", "sites/a.conf": "server { location /ws { " + longEnough + app + "} }\n"},
			Options{Paths: []string{"sites"}}, "missing-upgrade-headers", "shown only: nginx.conf is outside of the paths that were given",
		},
		"an excluded file": {
			map[string]string{"nginx.conf": "events {}\nhttp { include sites/*.conf; }\n", "sites/a.conf": "server { location /ws { " + longEnough + app + "} }\n"},
			Options{Base: ".", Exclude: []string{"/nginx.conf"}}, "missing-upgrade-headers", "shown only: the settings exclude nginx.conf",
		},
		"a broken file": {
			map[string]string{"nginx.conf": "events {}\nhttp { " + upgrades + "server { location /ws { " + longEnough + app + "} }\n"},
			Options{}, "missing-upgrade-headers", "shown only: nginx cannot read nginx.conf as it is: fix that first",
		},
		"another location": {
			map[string]string{"nginx.conf": "events {}\nhttp { " + upgrades + "server { location /ws { " + app + "include headers; } location /assets { " + app + "include headers; } } }\n", "headers": "proxy_set_header Connection \"\";\n"},
			Options{}, "missing-upgrade-headers", "shown only: it would also change location /assets (nginx.conf:3), which the fix is not about",
		},
		"another includer": {
			map[string]string{"nginx.conf": "events {}\nhttp { " + upgrades + "server { listen 8080; include app; }\nserver { listen 8081; " + withUp + "include app; } }\n", "app": "location /ws { " + longEnough + app + "}"},
			Options{}, "missing-upgrade-headers", "shown only: not all places that include app need it: server (nginx.conf:4) does not",
		},
		"plain requests": {
			map[string]string{"nginx.conf": "events {}\nhttp { " + upgrades + "server { location / { " + withUp + app + "} } }\n"},
			Options{}, "short-read-timeout", "unsafe: it also changes plain requests (proxy_read_timeout)",
		},
	} {
		t.Run(what, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range c.files {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			c.opt.FS, c.opt.Fix = fsys, true
			if c.opt.Paths == nil {
				c.opt.Paths = []string{"."}
			}
			c.opt.Select = []string{c.rule}
			res, err := Run(c.opt)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range res.Findings {
				for _, fix := range f.Fixes {
					got = append(got, fix.Verdict())
				}
			}
			if !slices.Contains(got, c.verdict) {
				t.Errorf("the verdicts are %q, want %q; findings %v", got, c.verdict, res.Findings)
			}
			held := slices.ContainsFunc(res.Held, func(h Held) bool { return h.Reason == c.verdict })
			if held != (c.verdict != "") {
				t.Errorf("held are %v", res.Held)
			}
		})
	}
}

// perContext is a rule that finds the first line of a snippet wanting, in each
// location that includes it. What it would write there depends on the location.
func perContext(write func(location string) string) *rules.Rule {
	return &rules.Rule{Name: "per-context", Severity: rules.Error, Config: func(p *rules.Pass) {
		p.Root.Walk(func(c *parser.Context) bool {
			if !c.IsLocation() {
				return true
			}
			d := c.First("proxy_pass")
			if d == nil {
				return true
			}
			f := rules.Finding{Severity: rules.Error, Span: d.Span(), Message: "m", Context: c}
			if text := write(c.Opener.Param(0)); text != "" {
				start := parser.Span{File: d.Span().File, Start: d.Span().Start, End: d.Span().Start}
				f.Fixes = []fixer.Fix{{Message: "f", Safety: fixer.Safe, Names: []*parser.Context{c}, Edits: []fixer.Edit{{Span: start, New: text}}}}
			}
			p.Report(f, nil)
			return true
		})
	}}
}

// Contexts that share a text have to agree on its fix.
func TestContextsDisagree(t *testing.T) {
	for what, c := range map[string]struct {
		write   func(location string) string
		verdict string
	}{
		"all the same": {func(string) string { return "# x\n" }, ""},
		"one has none": {
			func(location string) string { return map[string]string{"/a": "# x\n", "/c": "# x\n"}[location] },
			"shown only: the text is used in 3 contexts, and in 1 of them this fix does not fit",
		},
		"one wants another": {
			func(location string) string { return "# " + strings.Trim(location, "/a") + "\n" },
			"shown only: the text is used in 3 contexts, and they need different edits",
		},
	} {
		w, err := discover(Options{Paths: []string{"."}, FS: fstest.MapFS{
			"nginx.conf": {Data: []byte("events {}\nhttp { server { location /a { include app; } location /b { include app; } location /c { include app; } } }\n")},
			"app":        {Data: []byte("proxy_pass http://127.0.0.1:3000;\n")},
		}})
		if err != nil {
			t.Fatal(err)
		}
		j := newJudge([]*rules.Rule{perContext(c.write)}, w.policy)
		j.versions = parser.AnyVersion
		all := j.findings(w)
		if len(all) != 1 || all[0].Places != 3 || len(all[0].Fixes) != 1 || all[0].Fixes[0].Verdict() != c.verdict {
			t.Errorf("%s: %+v", what, all)
		}
	}
}
