package lint

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// maxFuzzed bounds what one fuzzed input costs.
const maxFuzzed = 16 << 10

// FuzzFix lints and fixes any tree. It does not panic or add a syntax error, all its
// findings have places in the files, and fixing twice changes nothing.
func FuzzFix(f *testing.F) {
	for _, tree := range fuzzseeds.Trees(f) {
		f.Add(tree)
	}
	f.Fuzz(func(t *testing.T, tree []byte) {
		fsys := fuzzseeds.Unpack(tree)
		if len(tree) > maxFuzzed || len(fsys) == 0 {
			return
		}
		opt := Options{FS: fsys, Paths: []string{"."}, Fix: true, UnsafeFixes: true}
		res, err := Run(opt)
		if err != nil {
			return // not nginx
		}
		checkPlaces(t, res)
		for _, p := range res.Patches {
			fsys[p.File.Name] = &fstest.MapFile{Data: p.New, Mode: 0o644}
		}
		again, err := Run(opt)
		if err != nil {
			t.Fatalf("the patched text: %v", err)
		}
		if len(again.Patches) > 0 {
			t.Errorf("fixed twice:\n%s", again.Patches[0].Diff("once", "twice"))
		}
	})
}

// checkPlaces: what a result says is about places of its files, and every edit
// too.
func checkPlaces(t *testing.T, res *Result) {
	t.Helper()
	check := func(s parser.Span, what string) {
		if !slices.Contains(res.Files, s.File) || s.Start < 0 || s.End < s.Start || s.End > len(s.File.Src) {
			t.Errorf("%s: the place %d-%d is none of the files'", what, s.Start, s.End)
		}
	}
	for _, f := range slices.Concat(res.Findings, res.suppressedFindings()) {
		check(f.Span, f.Message)
		for _, r := range f.Related {
			check(r.Span, r.Message)
		}
		for _, fix := range f.Fixes {
			for _, e := range fix.Edits {
				check(e.Span, fix.Message)
			}
		}
		if f.Message == "" || f.Severity < rules.Info || f.Places < 1 {
			t.Errorf("a finding of %s at %d says nothing: %+v", f.Rule.Name, f.Span.Start, f)
		}
	}
}

func (res *Result) suppressedFindings() []rules.Finding {
	var all []rules.Finding
	for _, s := range res.Suppressed {
		all = append(all, s.Finding)
	}
	return all
}

// bytesSource lets a fuzzer decide what a generator draws: each byte is a draw. After
// the last byte, draws continue without it.
type bytesSource struct {
	bytes []byte
	rest  rand.Source
}

func (s *bytesSource) Uint64() uint64 {
	if len(s.bytes) == 0 {
		return s.rest.Uint64()
	}
	b := s.bytes[0]
	s.bytes = s.bytes[1:]
	return uint64(b)<<56 | 1<<55 // IntN takes the high bits
}

// FuzzFixGenerated fixes trees that a generator makes of the fuzzer's draws: all
// are of nginx's own shape, so that it gets to what fixes do.
func FuzzFixGenerated(f *testing.F) {
	for seed := range 60 {
		rnd := rand.New(rand.NewPCG(uint64(seed), 3))
		draws := make([]byte, 40+10*seed)
		for i := range draws {
			draws[i] = byte(rnd.Uint32())
		}
		f.Add(draws, seed%2 == 0)
	}
	f.Fuzz(func(t *testing.T, draws []byte, unsafe bool) {
		if len(draws) > 2000 {
			return
		}
		g := &generator{Rand: rand.New(&bytesSource{draws, rand.NewPCG(uint64(len(draws)), 1)})}
		files := g.tree(2).render()
		_, trouble := fixedTwice(files, unsafe)
		kind, _, _ := strings.Cut(trouble, " ")
		if kind == "error:" && len(files) == 1 || kind == "held:" || kind == "left:" {
			return // nothing to fix, or nothing that can be: TestRandomTrees counts these
		}
		if kind != "" {
			t.Error(txtarOf(files, trouble))
		}
	})
}

// FuzzDump: a dump of nginx -T is split into its original files, and checked like any
// tree.
func FuzzDump(f *testing.F) {
	for _, tree := range fuzzseeds.Trees(f) {
		f.Add(dump(fuzzseeds.Unpack(tree)))
	}
	f.Add([]byte("nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\r\n# configuration file /etc/nginx/nginx.conf:\r\nevents {}\r\n\n# configuration file /../x:\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		fsys, ok := ReadDump(src)
		if !ok || len(src) > maxFuzzed {
			return
		}
		files := fsys.(fstest.MapFS)
		text := dump(files)
		again, ok := ReadDump(text)
		if !ok || !bytes.Equal(dump(again.(fstest.MapFS)), text) || len(again.(fstest.MapFS)) != len(files) {
			t.Errorf("%q became %q", src, text)
		}
		lost := len(src)
		for _, file := range files {
			lost -= len(file.Data)
		}
		if lost < 0 {
			t.Errorf("%d bytes more than were given", -lost)
		}
		if res, err := Run(Options{FS: files, Paths: []string{"."}, Fix: true, UnsafeFixes: true}); err == nil {
			checkPlaces(t, res)
		}
	})
}

// dump prints files as nginx -T does (ngx_dump_config in src/core/nginx.c).
func dump(fsys fstest.MapFS) []byte {
	var names []string
	for name := range fsys {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	for _, name := range names {
		b.WriteString("# configuration file /" + name + ":\n")
		b.Write(fsys[name].Data)
		b.WriteString("\n")
	}
	return b.Bytes()
}
