package lint

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/runnable"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// layouts puts the http-level fragments of a tree where the main files of packages
// include them: each by itself, all that match *.conf (conf.d), and all files
// (sites-enabled). It is unknown which of these applies, so nginx must accept every
// layout that it accepted before the patch.
func (p *prover) layouts(t *testing.T, fsys fs.FS, res *Result) {
	for _, pattern := range layoutsOf(res) {
		before := layoutFS{patchedFS{FS: fsys}, layoutMain(pattern, "")}
		after := layoutFS{patchedFS{FS: fsys, texts: make(map[string][]byte)}, nil}
		for _, patch := range res.Patches {
			after.texts[patch.File.Name] = patch.New
		}
		cfg, err := parser.Load(before, layoutName, parser.Options{})
		if err != nil || !slices.ContainsFunc(cfg.Files, func(f *parser.File) bool { return after.texts[f.Name] != nil }) {
			continue
		}
		before.main = layoutMain(pattern, elsewhere(cfg))
		after.main = before.main
		for _, n := range p.judged(t, res) {
			p.layout(t, n, pattern, before, after)
		}
	}
}

const layoutName = "stand-in-main.conf"

// layoutMain is a main file that includes files.
func layoutMain(pattern, variables string) fstest.MapFS {
	text := fmt.Sprintf("events { }\nhttp {\n%sinclude %q;\n}\n", variables, pattern)
	return fstest.MapFS{layoutName: {Data: []byte(text), Mode: 0o644}}
}

// layoutsOf returns what is included, one layout after the other.
func layoutsOf(res *Result) (patterns []string) {
	for _, cfg := range res.proven.before.configs {
		if !cfg.Fragment || cfg.Level.Name != "http" {
			continue
		}
		for _, f := range cfg.Files {
			dir := path.Dir(f.Name)
			if strings.ContainsAny(f.Name, "*?[\\\"") || !slices.Contains(cfg.ContextsOf(f.Root), cfg.Level) {
				continue
			}
			for _, pattern := range []string{f.Name, path.Join(dir, "*.conf"), path.Join(dir, "*")} {
				if !slices.Contains(patterns, pattern) {
					patterns = append(patterns, pattern)
				}
			}
		}
	}
	return patterns
}

// elsewhere defines what the files use before they are patched and another file must
// define. It does not define what only a patch uses.
func elsewhere(cfg *parser.Config) string {
	var text strings.Builder
	seen := make(map[string]bool)
	for _, f := range cfg.Files {
		for name := range used(f) {
			if name = strings.ToLower(name); !seen[name] && !modelOf(cfg).Defines(name) {
				seen[name] = true
				fmt.Fprintf(&text, "map $http_upgrade $%s { default upgrade; '' close; }\n", name)
			}
		}
	}
	return text.String()
}

// layout compares a patch with nginx's result for one layout.
func (p *prover) layout(t *testing.T, n nginxtest.Nginx, pattern string, before, after layoutFS) {
	ground := &runnable.Ground{
		Free: func() string { return nginxtest.FreeAddress(t) }, Upstream: func(string) string { return "127.0.0.1:9" },
		Certificate: p.cert, Key: p.key, HTTP3: n.HTTP3(),
	}
	test := func(fsys fs.FS) ([]string, bool) {
		cfg, err := parser.Load(fsys, layoutName, parser.Options{})
		if err != nil {
			t.Fatal(err)
		}
		tree := ground.Runnable(modelOf(cfg))
		return n.Test(nginxtest.Write(t, tree.Files), tree.Main)
	}
	if _, took := test(before); !took {
		return
	}
	p.count(func(t *totals) { t.layouts++ })
	if said, takes := test(after); !takes {
		t.Errorf("%v, with include %s: it accepted the old text, and says of the patched one %v", n, pattern, said)
	}
}

// A layoutFS is a tree with patched files, and a main file that it did not have.
type layoutFS struct {
	patchedFS
	main fstest.MapFS
}

func (l layoutFS) Open(name string) (fs.File, error) {
	if name == layoutName {
		return l.main.Open(name)
	}
	return l.patchedFS.Open(name)
}

func (l layoutFS) Lstat(name string) (fs.FileInfo, error) {
	if name == layoutName {
		return l.main.Stat(name)
	}
	return l.patchedFS.Lstat(name)
}
