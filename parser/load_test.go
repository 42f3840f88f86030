package parser

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// tree makes a file system of name and text pairs; "-> target" is a link.
func tree(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		file := &fstest.MapFile{Data: []byte(pairs[i+1]), Mode: 0o644}
		if target, ok := strings.CutPrefix(pairs[i+1], "-> "); ok {
			file = &fstest.MapFile{Data: []byte(target), Mode: 0o777 | fs.ModeSymlink}
		}
		fsys[pairs[i]] = file
	}
	return fsys
}

func load(t *testing.T, fsys fs.FS, name string, opt Options) *Config {
	t.Helper()
	cfg, err := Load(fsys, name, opt)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// names lists the values of a directive's first parameters on one level.
func values(c *Context, name string) string {
	var all []string
	for _, d := range c.Own(name) {
		all = append(all, d.Param(0))
	}
	return strings.Join(all, " ")
}

func TestIncludesInPlace(t *testing.T) {
	cfg := load(t, tree(
		"nginx/nginx.conf", "http { a 1; include conf.d/*.conf; a 4; server { include snippets/s.conf; } }",
		"nginx/conf.d/10-b.conf", "a 2;", "nginx/conf.d/9-a.conf", "a 3;", "nginx/conf.d/.hidden.conf", "a 9;", "nginx/conf.d/x.conf~", "a 9;",
		"nginx/snippets/s.conf", "include snippets/t.conf;", // relative to the main file, not to this one
		"nginx/snippets/t.conf", "b deep;",
	), "nginx/nginx.conf", Options{})
	http := cfg.Root.Children[0]
	if got := values(http, "a"); got != "1 2 3 4" {
		t.Errorf("the order is %q", got)
	}
	server := http.Children[0]
	if got := values(server, "b"); got != "deep" {
		t.Fatalf("nested include: %q", got)
	}
	chain := server.Chain(server.First("b"))
	if len(chain) != 2 || chain[0].Directive.Param(0) != "snippets/t.conf" || chain[1].Directive.Param(0) != "snippets/s.conf" {
		t.Errorf("included from: %v", chain)
	}
	if len(cfg.Files) != 5 || cfg.Fragment || len(cfg.ContextsOf(cfg.Files[0].Root)) != 1 {
		t.Errorf("%d files, fragment %v", len(cfg.Files), cfg.Fragment)
	}
}

func TestIncludeProblems(t *testing.T) {
	for _, c := range []struct {
		src, problem string
		missing      bool
	}{
		{"include none.conf;", `open() "none.conf" failed (2: No such file or directory)`, true},
		{"include nginx.conf;", `"nginx.conf" includes itself`, false},
		{"include a.conf;", `"a.conf" includes itself`, false},
		{"include conf.d/*;", "", false},
		{"include gone/*.conf;", `open() "gone/*.conf" failed (2: No such file or directory)`, true},
		{"include dirs/*;", `pread() "dirs/sub" failed (21: Is a directory)`, false},
	} {
		cfg := load(t, tree("nginx.conf", "events {} http { "+c.src+" }", "a.conf", "include a.conf;", "conf.d/.keep", "",
			"dirs/sub/x", ""), "nginx.conf", Options{})
		var problems []string
		for _, inc := range cfg.Includes {
			if inc.Problem != "" {
				problems = append(problems, inc.Problem)
			}
			if inc.Missing != c.missing && inc.Problem != "" {
				t.Errorf("%s: missing is %v", c.src, inc.Missing)
			}
		}
		if got := strings.Join(problems, "; "); !strings.Contains(got, c.problem) || (c.problem == "") != (got == "") {
			t.Errorf("%s: problems %q, want %q", c.src, got, c.problem)
		}
	}
}

func TestAbsoluteIncludes(t *testing.T) {
	fsys := tree("repo/nginx/nginx.conf", "http { include /etc/nginx/mine.conf; include /srv/conf/yours.conf; include /opt/x.conf; }",
		"repo/nginx/mine.conf", "a mine;", "repo/nginx/yours.conf", "a yours;", "etc/nginx/mine.conf", "a wrong;", "opt/x.conf", "a outside;")
	cfg := load(t, fsys, "repo/nginx/nginx.conf", Options{Prefixes: []string{"/srv/conf"}, Roots: []string{"repo"}})
	if got := values(cfg.Root.Children[0], "a"); got != "mine yours" {
		t.Errorf("got %q", got)
	}
	cfg = load(t, fsys, "repo/nginx/nginx.conf", Options{})
	if got := values(cfg.Root.Children[0], "a"); got != "mine outside" {
		t.Errorf("without roots got %q", got)
	}
}

// A link that points outside the roots is not followed, whichever file includes it.
func TestLinkOutOfRoots(t *testing.T) {
	fsys := tree("repo/nginx.conf", "http { include sites/*; include secret; }", "repo/sites/a", "-> ../../etc/passwd", "repo/sites/b", "a in;",
		"repo/secret", "-> ../etc/passwd", "etc/passwd", "a out;")
	cfg := load(t, fsys, "repo/nginx.conf", Options{Roots: []string{"repo"}})
	if got := values(cfg.Root.Children[0], "a"); got != "in" || len(cfg.Files) != 2 {
		t.Errorf("read %q in %d files", got, len(cfg.Files))
	}
	for _, inc := range cfg.Includes {
		if !inc.Missing || !strings.Contains(inc.Problem, "points outside") {
			t.Errorf("%s: %q", inc.Directive.Param(0), inc.Problem)
		}
	}
}

func TestOneFileBySeveralNames(t *testing.T) {
	cfg := load(t, tree("nginx.conf", "http { include sites-enabled/*; include sites-available/*; }",
		"sites-available/a", "server { server_name a; }", "sites-enabled/a", "-> ../sites-available/a", "sites-enabled/b", "-> /sites-available/a"),
		"nginx.conf", Options{})
	if len(cfg.Files) != 2 || cfg.Files[1].Name != "sites-available/a" {
		t.Errorf("%d files", len(cfg.Files))
	}
	if n := len(cfg.ContextsOf(cfg.Files[1].Root.Directives[0].Block)); n != 3 {
		t.Errorf("one text in three places lies in %d contexts", n)
	}
}

func TestFragments(t *testing.T) {
	for src, want := range map[string]string{
		"server { } upstream u { server a; }":        "http",
		"location / { }":                             "server",
		"listen 80; proxy_set_header A b;":           "server",
		"proxy_pass http://a; proxy_set_header A b;": "location",
		"proxy_set_header A b;":                      "location",
		"server 127.0.0.1:80; server 127.0.0.1:81;":  "upstream",
		"events { }": "main",
		"# nginx-ws-lint: context server\nproxy_pass a;":   "server",
		"# nginx-ws-lint: context nonsense\nproxy_pass a;": "location",
	} {
		cfg := load(t, tree("f.conf", src), "f.conf", Options{})
		if got := cfg.Level.Name; got != want || cfg.Fragment != (want != "main") {
			t.Errorf("%s: context %s, want %s", src, got, want)
		}
	}
	cfg := load(t, tree("f.conf", "server { listen 80; }"), "f.conf", Options{Context: "location"})
	if cfg.Level.Name != "location" || cfg.Level.Server() == nil || !cfg.Level.HTTP() || !cfg.Level.Implied() {
		t.Error("a context that is asked for holds, with the levels around it")
	}
}

func TestEffective(t *testing.T) {
	cfg := load(t, tree("nginx.conf", `http { proxy_set_header A http; proxy_read_timeout 5s;
		server { proxy_set_header B server; location /x { proxy_set_header C own; location /x/y { } } location /z { include none.conf; } } }`), "nginx.conf", Options{})
	server := cfg.Root.Children[0].Children[0]
	inner, unsure := server.Children[0].Children[0], server.Children[1]
	if s := inner.Effective("proxy_set_header"); len(s.Directives) != 1 || s.Last().Param(0) != "C" || s.From != inner.Parent {
		t.Error("a level takes all headers of the nearest level that has any")
	}
	if s := inner.Effective("proxy_read_timeout"); s.Last().Param(0) != "5s" || s.Unsure != nil {
		t.Error("a timeout comes from http")
	}
	if s := unsure.Effective("proxy_set_header"); s.Unsure == nil || s.From != server {
		t.Error("an include that was not read leaves doubt")
	}
	if s := server.Effective("proxy_method"); s.Last() != nil || s.From != nil {
		t.Error("no directive means the default")
	}
}

// A level with many directives is indexed; it must answer the same.
func TestOwnOfLargeLevel(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "a %d; b %d;", i, i)
	}
	cfg := load(t, tree("nginx.conf", "http {"+b.String()+"}"), "nginx.conf", Options{})
	http := cfg.Root.Children[0]
	if own := http.Own("b"); len(own) != 40 || own[39].Param(0) != "39" || http.First("c") != nil {
		t.Error("the index does not answer as the search does")
	}
}

func TestGlob(t *testing.T) {
	fsys := tree("a/x.conf", "", "a/y.conf", "", "a/.z.conf", "", "a/B.conf", "", "a/_.conf", "", "b/x.conf", "", "a/d/x.conf", "", "a/[q].conf", "", "dead", "-> nowhere")
	for pattern, want := range map[string]string{
		"a/*.conf":      "a/B.conf a/[q].conf a/_.conf a/x.conf a/y.conf",
		"a/?.conf":      "a/B.conf a/_.conf a/x.conf a/y.conf",
		"a/[xy].conf":   "a/x.conf a/y.conf",
		"a/[!xy].conf":  "a/B.conf a/_.conf",
		"a/[w-y].conf":  "a/x.conf a/y.conf",
		"a/.*.conf":     "a/.z.conf",
		"*/x.conf":      "a/x.conf b/x.conf",
		"**/x.conf":     "a/x.conf b/x.conf",
		"a/{x,y}.conf*": "",
		`a/\[q\].*`:     "a/[q].conf",
		"dea*":          "dead",
		"none/*":        "",
		"a/*/*":         "a/d/x.conf",
	} {
		got, err := glob(fsys, pattern, func(dir string) ([]fs.DirEntry, error) { return fs.ReadDir(fsys, dir) }, func(int) bool { return true })
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("glob(%q) = %v, %v, want %s", pattern, got, err, want)
		}
	}
	if matchElement(strings.Repeat("*a", 40)+"b", strings.Repeat("a", 4000), new(int)) {
		t.Error("matched what does not match")
	}
}

func TestIncludeBomb(t *testing.T) {
	pairs := []string{"nginx.conf", "http { include 0; }"}
	for i := range 40 {
		pairs = append(pairs, fmt.Sprint(i), fmt.Sprintf("a; include %d; include %d;", i+1, i+1))
	}
	if _, err := Load(tree(pairs...), "nginx.conf", Options{}); err == nil || !strings.Contains(err.Error(), "multiply") {
		t.Errorf("an include bomb: %v", err)
	}
}

func TestNesting(t *testing.T) {
	src := strings.Repeat("location / {", 100_000) + strings.Repeat("}", 100_000)
	if _, err := Load(tree("nginx.conf", "events {} http { "+src+"}"), "nginx.conf", Options{}); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Errorf("blocks in blocks without end: %v", err)
	}
}

func TestWith(t *testing.T) {
	files := NewFiles(tree("nginx.conf", "http { include a.conf; }", "a.conf", "a old;"))
	cfg := load(t, files.fsys, "nginx.conf", Options{Files: files})
	changed := load(t, files.fsys, "nginx.conf", Options{Files: files.With(map[*File][]byte{cfg.Files[1]: []byte("a new;")})})
	if values(changed.Root.Children[0], "a") != "new" || values(cfg.Root.Children[0], "a") != "old" {
		t.Error("the new store has the new text, the old one the old")
	}
	if changed.Files[0] != cfg.Files[0] || slices.Contains(changed.Files, cfg.Files[1]) {
		t.Error("only what changed is parsed again")
	}
}

func TestRealPath(t *testing.T) {
	dir := t.TempDir()
	for name, target := range map[string]string{"loop": "loop2", "loop2": "loop", "up": "../../../../../../../../../../../../etc", "link": "d/f", "dirlink": "d"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "d"), 0o755), os.WriteFile(filepath.Join(dir, "d", "f"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"d/f": "d/f", "link": "d/f", "dirlink/f": "d/f", "loop": "", "up": "", "gone": ""} {
		got, err := RealPath(os.DirFS(dir), name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("RealPath(%q) = %q, %v; want %q", name, got, err, want)
		}
	}
}
