package lint

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

var proveCorpus = flag.Int("corpus", 15, "fixable files and trees of the corpus to run on each nginx; 0 for all")

// TestProve runs configurations on nginx before and after they are patched, and
// checks the promises of the patches: the goldens, the examples and, if it exists, a
// corpus of real ones.
func TestProve(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs hundreds of configurations")
	}
	p := &prover{installed: nginxtest.Installed(t), reasons: make(map[string]int)}
	p.totals.newer = make(map[string]int)
	p.cert, p.key = nginxtest.Certificate(t)
	t.Run("goldens", p.goldens)
	t.Run("examples", p.examples)
	t.Run("corpus", func(t *testing.T) { p.corpus(t, func(fsys fs.FS, _ string) fs.FS { return fsys }) })
	t.Run("corpus without headers", func(t *testing.T) { p.corpus(t, withoutHeaders) })
	if !t.Failed() {
		t.Logf("\n%s", p)
	}
}

// A prover runs configurations and counts.
type prover struct {
	installed []nginxtest.Nginx
	cert, key string

	mu      sync.Mutex
	totals  totals
	reasons map[string]int // why nginx did not accept the original configuration
}

type totals struct {
	ran, refused, started                  int // configurations, each on one version
	layouts                                int // of fragments, that nginx accepted before and after
	handshakes, kept, mended, left         int
	foretold, unsure, plainSame, plainSaid int
	newer                                  map[string]int // plain requests over HTTP/2 and HTTP/3
}

func (p *prover) String() string {
	t := p.totals
	var b strings.Builder
	fmt.Fprintf(&b, "%d configurations were run before and after their patch, each on one version of nginx;\n", t.ran)
	fmt.Fprintf(&b, "    of %d more nginx took neither the old text nor the patched one\n", t.refused)
	fmt.Fprintf(&b, "nginx -t took both, with no new warning: %d; only the patched one: %d\n", t.ran-t.started, t.started)
	fmt.Fprintf(&b, "layouts of fragments that nginx accepted before and after: %d\n", t.layouts)
	fmt.Fprintf(&b, "handshakes: %d; passed before and after: %d; only after: %d; failed after a fix of something else: %d; broken: 0\n", t.handshakes, t.kept, t.mended, t.left)
	fmt.Fprintf(&b, "answers as the model foretold: %d; of %d it was unsure\n", t.foretold, t.unsure)
	fmt.Fprintf(&b, "plain requests sent upstream as before: %d; changed as the fix of their location says, or less: %d\n", t.plainSame, t.plainSaid)
	fmt.Fprintf(&b, "    of these over HTTP/2: %d, over HTTP/3: %d\n", t.newer["h2"], t.newer["h3"])
	for _, reason := range slices.Sorted(maps.Keys(p.reasons)) {
		fmt.Fprintf(&b, "    refused %3d: %s\n", p.reasons[reason], reason)
	}
	return b.String()
}

func (p *prover) goldens(t *testing.T) {
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			g := readGolden(t, name)
			g.opt.FS = g.files
			p.prove(t, g.opt)
		})
	}
}

func (p *prover) examples(t *testing.T) {
	dirs, err := filepath.Glob("../examples/*/broken")
	if err != nil || len(dirs) == 0 {
		t.Fatal(err, dirs)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) {
			p.prove(t, Options{FS: os.DirFS(dir), Paths: []string{"."}, Fix: true, UnsafeFixes: true})
		})
	}
}

// corpus proves real configurations, as they are or with something done to them.
func (p *prover) corpus(t *testing.T, done func(fsys fs.FS, name string) fs.FS) {
	root, names := corpusNames(t)
	proven := 0
	for i, name := range names {
		if *proveCorpus > 0 && (proven >= *proveCorpus || i%7 > 0) {
			continue // a sample of all kinds
		}
		t.Run(name, func(t *testing.T) {
			if p.prove(t, Options{FS: done(os.DirFS(root), name), Paths: []string{name}, Fix: true, UnsafeFixes: true}) {
				proven++
			}
		})
	}
}

// withoutHeaders removes what makes WebSockets work from a configuration, as if its
// author had forgotten it: the headers and the HTTP version.
func withoutHeaders(fsys fs.FS, name string) fs.FS {
	res, err := Run(Options{FS: fsys, Paths: []string{name}})
	if err != nil {
		return fsys
	}
	forgetful := patchedFS{fsys, make(map[string][]byte)}
	for _, f := range res.Files {
		fix := fixer.Fix{Safety: fixer.Safe}
		f.Root.Walk(func(d *parser.Directive) {
			header := model.CanonicalHeader(d.Param(0))
			if d.Is("proxy_http_version") || d.Is("proxy_set_header") && (header == "Upgrade" || header == "Connection") {
				fix.Edits = append(fix.Edits, fixer.Edit{Span: d.Span()})
			}
		})
		patches, _ := fixer.Apply([]fixer.Fix{fix}, fixer.Safe)
		for _, p := range patches {
			forgetful.texts[f.Name] = p.New
		}
	}
	return forgetful
}

// prove fixes a tree and runs it; it reports whether there was something to
// run.
func (p *prover) prove(t *testing.T, opt Options) (ran bool) {
	res, err := Run(opt)
	if err == nil && slices.ContainsFunc(res.Files, func(f *parser.File) bool { return f.Masked() != nil }) {
		opt.FS = renderedFS(opt.FS, res)
		res, err = Run(opt)
	}
	if err != nil || len(res.Patches) == 0 {
		return false
	}
	p.layouts(t, opt.FS, res)
	before, after := res.proven.before, res.proven.after
	for i, cfg := range before.configs {
		at := slices.IndexFunc(after.loads, func(l load) bool { return l.key() == before.loads[i].key() })
		if at < 0 || !touched(cfg.Config, res.Patches) {
			continue // what was read alone is included now
		}
		for _, n := range p.judged(t, res) {
			v, _ := parser.ParseVersion(n.Version)
			run := &provingRun{T: t, prover: p, nginx: n, version: v, res: res, before: cfg.Config, after: after.configs[at].Config, keys: before.keys()}
			run.prove()
			ran = true
		}
	}
	return ran
}

// renderedFS has a rendering in place of each template: nginx reads no templates.
func renderedFS(fsys fs.FS, res *Result) fs.FS {
	texts := make(map[string][]byte)
	for _, f := range res.Files {
		if f.Masked() != nil {
			texts[f.Name] = f.Rendered()
		}
	}
	return patchedFS{fsys, texts}
}

// judged are the installed versions that a result is about.
func (p *prover) judged(t *testing.T, res *Result) (all []nginxtest.Nginx) {
	for _, n := range p.installed {
		v, err := parser.ParseVersion(n.Version)
		if err != nil {
			t.Fatal(err)
		}
		if !v.Before(res.Versions.Min) && (res.Versions.Max.IsZero() || !res.Versions.Max.Before(v) || sameRelease(v, res.Versions.Max)) {
			all = append(all, n)
		}
	}
	return all
}

// sameRelease: a golden may name a version of which only a later patch level is
// installed.
func sameRelease(a, b parser.Version) bool { return a.Major == b.Major && a.Minor == b.Minor }

func touched(cfg *parser.Config, patches []fixer.Patch) bool {
	for _, p := range patches {
		for _, f := range cfg.Files {
			if f == p.File {
				return true
			}
		}
	}
	return false
}

// corpusNames are the trees and files of the corpus, which is not part of this
// project.
func corpusNames(t *testing.T) (root string, names []string) {
	t.Helper()
	root, err := filepath.Abs("../../shared/corpus")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus beside the project: skipped")
	}
	for table, dir := range map[string]string{"TREES.tsv": "trees/", "INDEX.tsv": ""} {
		rows, err := os.ReadFile(filepath.Join(root, table))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range strings.Split(strings.TrimSpace(string(rows)), "\n")[1:] {
			name, _, _ := strings.Cut(row, "\t")
			names = append(names, dir+name)
		}
	}
	sort.Strings(names)
	return root, names
}

// mapFS is files as a file system.
func mapFS(files map[string]string) fs.FS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return fsys
}
