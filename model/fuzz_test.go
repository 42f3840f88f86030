package model

import (
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/fuzzseeds"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// maxFuzzed bounds an input.
const maxFuzzed = 1 << 14

// FuzzModel asks what becomes of requests in any tree: it answers, and the same each
// time.
func FuzzModel(f *testing.F) {
	for _, tree := range fuzzseeds.Trees(f) {
		f.Add(tree)
	}
	f.Fuzz(func(t *testing.T, tree []byte) {
		if len(tree) > maxFuzzed {
			return
		}
		for name := range fuzzseeds.Unpack(tree) {
			cfg, err := parser.Load(fuzzseeds.Unpack(tree), name, parser.Options{Roots: []string{"."}})
			if err != nil {
				continue
			}
			first, again := New(cfg, nil), New(cfg, nil)
			cfg.Root.Walk(func(c *parser.Context) bool {
				if c.IsLocation() && c.Opener != nil {
					ask(t, first, again, c)
				}
				return true
			})
		}
	})
}

func ask(t *testing.T, first, again *Model, c *parser.Context) {
	t.Helper()
	for _, kind := range []Kind{WebSocket, Plain} {
		for _, v := range parser.AnyVersion.Samples() {
			a, b := first.Request(c, kind, v), again.Request(c, kind, v)
			if a.Handshake() != b.Handshake() {
				t.Errorf("%s: %v, and %v when asked again", c.Opener.Words(), a.Handshake(), b.Handshake())
			}
			_ = a.Aspects()
		}
	}
}
