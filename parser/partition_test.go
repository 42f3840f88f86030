package parser

import (
	"sort"
	"testing"
)

// checkPartition checks that the spans of a tree, in order, make up the file byte for
// byte: words, ; and braces, comments and Lua bodies do not overlap, and between them
// is only white space or what nginx refuses.
func checkPartition(t *testing.T, f *File) {
	t.Helper()
	var spans []Span
	add := func(start, end int) { spans = append(spans, Span{f, start, end}) }
	var walk func(b *Block)
	walk = func(b *Block) {
		for _, d := range b.Directives {
			if d.In != b || d.Span().Start != d.NameWord().Span().Start {
				t.Errorf("%s: %q does not stand where it says", f.Name, d.Name())
			}
			lastWord := 0
			for _, w := range append([]Word{d.NameWord()}, d.Params()...) {
				add(w.Span().Start, w.Span().End)
				lastWord = w.Span().End
			}
			switch {
			case d.Block == nil:
				if end := d.Span().End - 1; f.Src[end] == ';' && end >= lastWord {
					add(end, end+1)
				}
			case d.Block.Lua:
				add(d.Block.Span.Start, d.Block.Span.End)
			default:
				add(d.Block.Span.Start, d.Block.Span.Start+1)
				walk(d.Block)
				if d.Block.Closed {
					add(d.Span().End-1, d.Span().End)
				}
			}
		}
	}
	walk(f.Root)
	spans = append(spans, f.Comments...)
	sort.SliceStable(spans, func(i, j int) bool {
		if spans[i].Start != spans[j].Start {
			return spans[i].Start < spans[j].Start
		}
		return spans[i].End < spans[j].End
	})
	refused := map[int]bool{}
	for _, e := range f.Errs {
		refused[e.Span.Start] = true
	}
	at, joined := 0, make([]byte, 0, len(f.Src))
	for _, s := range append(spans, Span{f, len(f.Src), len(f.Src)}) {
		if s.Start < at {
			t.Fatalf("%s: span %d-%d overlaps the one before, which ends at %d", f.Name, s.Start, s.End, at)
		}
		for i := at; i < s.Start; i++ {
			if !isSpace(f.Src[i]) && !refused[i] {
				t.Fatalf("%s: byte %d (%q) lies in no span", f.Name, i, f.Src[i])
			}
		}
		joined = append(append(joined, f.Src[at:s.Start]...), f.Src[s.Start:s.End]...)
		at = s.End
	}
	if string(joined) != string(f.Src) {
		t.Fatalf("%s: the spans do not give the file back", f.Name)
	}
}
