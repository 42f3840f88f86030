package lint

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
	"github.com/nginx-ws-lint/nginx-ws-lint/rules"
)

// A piece is a directive of a random tree. It is kept apart from its text so
// that a tree can be cut down to what matters.
type piece struct {
	text   string // without its ; or {
	block  bool
	flat   bool // a block on one line
	note   bool // a comment follows
	group  int  // pieces of one server, from 1; 0 for what all share
	pieces []*piece
}

func directive(text string) *piece { return &piece{text: text} }

func block(text string, pieces ...*piece) *piece {
	return &piece{text: text, block: true, pieces: pieces}
}

// A sketch is a tree of files made of pieces.
type sketch struct {
	files map[string][]*piece
	crlf  bool
}

// render writes the files.
func (s *sketch) render() map[string]string {
	texts := make(map[string]string)
	for name, pieces := range s.files {
		var b strings.Builder
		for _, p := range pieces {
			p.write(&b, 0, false)
		}
		texts[name] = b.String()
		if s.crlf {
			texts[name] = strings.ReplaceAll(texts[name], "\n", "\r\n")
		}
	}
	return texts
}

func (p *piece) write(b *strings.Builder, depth int, flat bool) {
	indent, end := strings.Repeat("    ", depth), "\n"
	if flat {
		indent, end = "", " "
	}
	b.WriteString(indent + p.text)
	switch {
	case !p.block:
		b.WriteString(";")
	case p.flat || flat:
		b.WriteString(" { ")
		for _, q := range p.pieces {
			q.write(b, 0, true)
		}
		b.WriteString("}")
	default:
		b.WriteString(" {\n")
		for _, q := range p.pieces {
			q.write(b, depth+1, false)
		}
		b.WriteString(indent + "}")
	}
	if p.note && !flat {
		b.WriteString(" # note")
	}
	b.WriteString(end)
}

// findPiece returns the first piece for which f is true, or nil.
func findPiece(pieces []*piece, f func(*piece) bool) *piece {
	for _, p := range pieces {
		if f(p) {
			return p
		}
		if q := findPiece(p.pieces, f); q != nil {
			return q
		}
	}
	return nil
}

// randomSketch makes the tree of a seed, for a version of nginx. With the zero
// version all versions accept it.
func randomSketch(seed, stream int, v parser.Version, servers int) *sketch {
	g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), uint64(stream))), version: v}
	return g.tree(servers)
}

// TestRandomTrees fixes random trees: fixing ends, and a second run changes nothing.
// It counts what the proof refuses, and the errors without a fix. With a real nginx,
// some trees are checked with nginx -t afterwards.
func TestRandomTrees(t *testing.T) {
	trees := 1000
	if testing.Short() {
		trees = 150
	}
	patched, notProven, left := 0, 0, 0
	for seed := range trees {
		s, unsafe := randomSketch(seed, 7, parser.Version{}, 3), seed%2 == 0
		files, trouble := fixedTwice(s.render(), unsafe)
		kind, _, _ := strings.Cut(trouble, " ")
		switch kind {
		case "held:":
			notProven++
		case "left:":
			left++
		case "":
			patched += len(files)
		}
		if mild := kind == "" || kind == "held:" || kind == "left:"; !mild || kind != "" && *liveKeep {
			small := s.shrink(1000, func(c *sketch) bool {
				_, now := fixedTwice(c.render(), unsafe)
				return strings.HasPrefix(now, kind) && !strings.Contains(now, "no nginx configuration")
			})
			_, trouble = fixedTwice(small.render(), unsafe)
			t.Errorf("seed %d: %s", seed, txtarOf(small.render(), trouble))
		}
		if kind == "" && seed%100 == 0 {
			checkNginx(t, seed, s.render(), files)
		}
		if t.Failed() && !*liveKeep {
			return
		}
	}
	t.Logf("%d trees, %d files patched; in %d trees a fix was not proven and so not offered, in %d an error has no fix; -survey shows them", trees, patched, notProven, left)
}

// fixedTwice fixes a tree, and again, and returns the files that changed and
// what is wrong with that. With unsafe fixes all rules run, pedantic ones too.
func fixedTwice(files map[string]string, unsafe bool) (patched map[string]string, trouble string) {
	opt := Options{FS: inMemory(files), Paths: []string{"."}, Fix: true, UnsafeFixes: unsafe}
	if unsafe {
		opt.Select = []string{"all"}
	}
	res, err := Run(opt)
	if err != nil {
		return nil, "error: " + err.Error()
	}
	patched, after := make(map[string]string), maps.Clone(files)
	for _, p := range res.Patches {
		patched[p.File.Name], after[p.File.Name] = string(p.New), string(p.New)
	}
	opt.FS = inMemory(after)
	again, err := Run(opt)
	switch {
	case err != nil:
		return nil, "again: " + err.Error()
	}
	for _, h := range res.Held { // what is not proven now may be once the others are made
		if h.Fix.Refused {
			return nil, fmt.Sprintf("held: %s: %s", h.Fix.Message, h.Reason)
		}
	}
	if len(again.Patches) > 0 {
		return nil, "twice: " + again.Patches[0].Diff("once", "twice")
	}
	if unsafe {
		return patched, left(again.Findings)
	}
	return patched, ""
}

func inMemory(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// left checks that a location meant for WebSockets is fixed, or its fix must be made
// by hand.
func left(findings []rules.Finding) string {
	for _, f := range findings {
		if f.Severity == rules.Error && f.Rule != rules.SyntaxError && (len(f.Fixes) == 0 || f.Fixes[0].Safety != fixer.Shown) {
			return fmt.Sprintf("left: %s:%v: %s", f.Span.File.Name, f.Span.File.Position(f.Span.Start), f.Message)
		}
	}
	return ""
}

// checkNginx checks that nginx accepts after the patch what it accepted before.
func checkNginx(t *testing.T, seed int, files, patched map[string]string) {
	t.Helper()
	for _, n := range nginxtest.Available() {
		if _, ok := n.Test(onDisk(t, files), "nginx.conf"); !ok {
			continue
		}
		after := maps.Clone(files)
		maps.Copy(after, patched)
		if messages, ok := n.Test(onDisk(t, after), "nginx.conf"); !ok {
			t.Errorf("seed %d: %v says %v of %s", seed, n, messages, txtarOf(after))
		}
	}
}

func onDisk(t *testing.T, files map[string]string) string {
	files = maps.Clone(files)
	files["nginx.conf"] = strings.Replace(files["nginx.conf"], "http {", "http { "+nginxtest.TempPaths, 1)
	return nginxtest.Write(t, files)
}
