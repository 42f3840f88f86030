package lint

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// identify returns the fingerprint of a finding at the first place of a text.
func identify(src, at string) Fingerprint {
	f := parser.Parse("a.conf", []byte(src))
	start := strings.Index(src, at)
	return Identify(rules.Finding{Rule: rules.MissingSNI, Span: parser.Span{File: f, Start: start, End: start + len(at)}}, "a.conf")
}

func TestIdentify(t *testing.T) {
	const src = "http {\n  server {\n    server_name a b;\n    location ~ \"^/x y\" {\n      proxy_pass  http://a; # c\n    }\n  }\n}\n"
	want := Fingerprint{"a.conf", "missing-sni", "server a > location ~ ^/x y", "proxy_pass http://a"}
	if got := identify(src, "proxy_pass"); got != want {
		t.Errorf("got %+v", got)
	}
	// Within a directive, in another layout, elsewhere in the file, in a fragment.
	for _, same := range []string{
		src, strings.Join(strings.Fields(src[:strings.Index(src, "#")]), " ") + "}}}", "# new\n\n" + src,
		src[strings.Index(src, "server {"):], strings.ReplaceAll(src, "a b;", "a c;"),
	} {
		for _, at := range []string{"proxy_pass", "http://a"} {
			if got := identify(same, at); got != want {
				t.Errorf("%q in %q: %+v", at, same, got)
			}
		}
	}
	for _, other := range []string{
		strings.ReplaceAll(src, "http://a", "http://b"), strings.ReplaceAll(src, "^/x", "^/z"), strings.ReplaceAll(src, "name a", "name z"),
	} {
		if got := identify(other, "proxy_pass"); got == want {
			t.Errorf("%q has the same", other)
		}
	}
	for at, want := range map[string]Fingerprint{
		"location":    {"a.conf", "missing-sni", "server a", "location ~ ^/x y"},
		"server {":    {"a.conf", "missing-sni", "", "server a"},
		"# c":         {"a.conf", "missing-sni", "server a > location ~ ^/x y", "proxy_pass http://a; # c"},
		"server_name": {"a.conf", "missing-sni", "server a", "server_name a b"},
	} {
		if got := identify(src, at); got != want {
			t.Errorf("%s: %+v", at, got)
		}
	}
	if got := identify("server { location /\xe9 { proxy_pass http://a; } }", "proxy"); got.In != "server > location /\ufffd" {
		t.Errorf("latin-1: %+v", got)
	}
}

// known takes down what a run finds.
func known(t *testing.T, files fstest.MapFS) *OldFindings {
	t.Helper()
	res, err := Run(Options{FS: files, Paths: []string{"repo"}, Select: []string{"missing-upgrade-headers"}})
	if err != nil {
		t.Fatal(err)
	}
	k := &OldFindings{Counts: make(map[Fingerprint]int), Fresh: func(file string) bool { return files[file] == nil }}
	for _, f := range res.Findings {
		k.Counts[Identify(f, f.Span.File.Name)]++
	}
	return k
}

func TestKnown(t *testing.T) {
	const headers = " missing-upgrade-headers warning"
	one, two := tree("a/x.conf"), tree("a/x.conf", "b/x.conf")
	doubled := tree("a/x.conf")
	doubled["repo/a/x.conf"] = &fstest.MapFile{Data: []byte(bare + bare)}
	moved := tree("c/x.conf")
	healthy := &fstest.MapFile{Data: []byte("server { listen 9000; }\n")}
	mended, mendedFirst := tree("a/x.conf"), tree("c/x.conf")
	mended["repo/b/x.conf"], mendedFirst["repo/a/x.conf"] = healthy, healthy
	for what, c := range map[string]struct {
		before, after fstest.MapFS
		want          []string
	}{
		"the same":                         {two, two, nil},
		"a new file":                       {one, two, []string{"b/x.conf" + headers}},
		"another of the kind":              {one, doubled, []string{"a/x.conf" + headers}},
		"one of the kind less":             {doubled, one, nil},
		"renamed":                          {one, moved, nil},
		"renamed, and copied":              {one, tree("c/x.conf", "d/x.conf"), []string{"d/x.conf" + headers}},
		"it went to a file that was there": {mended, tree("b/x.conf"), []string{"b/x.conf" + headers}},
		"it went, and its file is there":   {one, mendedFirst, []string{"c/x.conf" + headers}},
		"nothing known":                    {tree(), one, []string{"a/x.conf" + headers}},
	} {
		k := known(t, c.before)
		opt := Options{FS: c.after, Select: []string{"missing-upgrade-headers"}, Old: []*OldFindings{k}}
		if got := toldOf(t, opt); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

// What is worse than it was is new, where that is asked for.
func TestKnownWorse(t *testing.T) {
	files := tree("a/x.conf")
	k := known(t, files)
	worse := []Override{{Severity: map[string]rules.Severity{"missing-upgrade-headers": rules.Error}}}
	opt := Options{FS: files, Select: []string{"missing-upgrade-headers"}, Old: []*OldFindings{k}, Overrides: worse}
	if got := toldOf(t, opt); len(got) != 0 {
		t.Errorf("not asked for: %q", got)
	}
	k.Worst = make(map[Fingerprint]rules.Severity)
	for p := range k.Counts {
		k.Worst[p] = rules.Warning
	}
	if got := toldOf(t, opt); len(got) != 1 {
		t.Errorf("worse: %q", got)
	}
	opt.Overrides = nil
	if got := toldOf(t, opt); len(got) != 0 {
		t.Errorf("as bad: %q", got)
	}
}

// Old findings are not fixed, and stay old in every round.
func TestKnownIsNotFixed(t *testing.T) {
	files := tree("a/x.conf", "b/x.conf")
	k := known(t, tree("a/x.conf"))
	res, err := Run(Options{FS: files, Paths: []string{"repo"}, Select: []string{"missing-upgrade-headers", "proxy-http-version"}, Fix: true, Old: []*OldFindings{k}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Patches {
		if p.File.Name == "repo/a/x.conf" && strings.Contains(string(p.New), "Upgrade") {
			t.Errorf("mended: %s", p.New)
		}
	}
	if len(res.Patches) == 0 || len(res.Left) != 0 {
		t.Errorf("%d patches, left: %v", len(res.Patches), res.Left)
	}
}
