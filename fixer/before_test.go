package fixer

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// Every byte that no edit wrote is found where it was before, and every one that an
// edit wrote where that edit begins.
func TestBefore(t *testing.T) {
	const letters = "abcdefghijklmnopqrstuvwxyz" // each once: a letter's place is known
	draw := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		f := &parser.File{Name: "x", Src: []byte(letters)}
		var fixes []Fix
		for range draw.IntN(6) {
			start := draw.IntN(len(letters))
			end := min(len(letters), start+draw.IntN(4))
			fixes = append(fixes, Fix{Safety: Safe, Edits: []Edit{{parser.Span{File: f, Start: start, End: end}, strings.Repeat("#", draw.IntN(4))}}})
		}
		taken, _ := Select(fixes, Safe)
		patches, _ := Apply(taken, Safe)
		if len(patches) == 0 {
			continue
		}
		for i, c := range string(patches[0].New) {
			got := patches[0].Before(i)
			if want := strings.IndexRune(letters, c); c != '#' && got != want {
				t.Fatalf("%q in %q was at %d, not %d", c, patches[0].New, want, got)
			}
			if c == '#' && !begins(taken, got) {
				t.Fatalf("offset %d of %q was at %d, where no edit begins", i, patches[0].New, got)
			}
		}
		if end := patches[0].Before(len(patches[0].New)); end != len(letters) && !begins(taken, end) {
			t.Fatalf("the end of %q was at %d", patches[0].New, end)
		}
	}
}

func begins(fixes []Fix, at int) bool {
	for _, fix := range fixes {
		if fix.Edits[0].Span.Start == at {
			return true
		}
	}
	return false
}
