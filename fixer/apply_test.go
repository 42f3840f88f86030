package fixer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// edit(f, 3, 5, "x") replaces the bytes 3 and 4.
func edit(f *parser.File, start, end int, text string) Edit {
	return Edit{parser.Span{File: f, Start: start, End: end}, text}
}

func fix(message string, safety Safety, edits ...Edit) Fix {
	return Fix{Message: message, Safety: safety, Edits: edits}
}

func TestApply(t *testing.T) {
	a := &parser.File{Name: "a.conf", Src: []byte("0123456789")}
	b := &parser.File{Name: "b.conf", Src: []byte("abcdef")}
	tests := []struct {
		name  string
		least Safety
		fixes []Fix
		want  string // the patches
		held  string // messages of the fixes held
	}{
		{"nothing", Safe, nil, "", ""},
		{"replace", Safe, []Fix{fix("1", Safe, edit(a, 2, 4, "xyz"))}, "a.conf=01xyz456789", ""},
		{"both ends", Safe, []Fix{fix("1", Safe, edit(a, 10, 10, ">"), edit(a, 0, 0, "<"))},
			"a.conf=<0123456789>", ""},
		{"delete all", Safe, []Fix{fix("1", Safe, edit(a, 0, 10, ""))}, "a.conf=", ""},
		{"safety", Unsafe, []Fix{
			fix("1", Shown, edit(a, 0, 1, "S")), fix("2", Unsafe, edit(a, 2, 3, "U")), fix("3", Safe, edit(a, 4, 5, "A"))},
			"a.conf=01U3A56789", "1"},
		{"shown for a preview", Shown, []Fix{fix("1", Shown, edit(a, 0, 1, "S"))}, "a.conf=S123456789", ""},
		{"overlap", Safe, []Fix{fix("1", Safe, edit(a, 2, 5, "x")), fix("2", Safe, edit(a, 4, 6, "y"))},
			"a.conf=01x56789", "2"},
		{"contained", Safe, []Fix{fix("1", Safe, edit(a, 2, 3, "x")), fix("2", Safe, edit(a, 0, 9, "y"))},
			"a.conf=01x3456789", "2"},
		{"same span, other text", Safe, []Fix{fix("1", Safe, edit(a, 2, 3, "x")), fix("2", Safe, edit(a, 2, 3, "y"))},
			"a.conf=01x3456789", "2"},
		{"neighbours", Safe, []Fix{fix("1", Safe, edit(a, 2, 4, "x")), fix("2", Safe, edit(a, 4, 6, "y")), fix("3", Safe, edit(a, 1, 2, "z"))},
			"a.conf=0zxy6789", ""},
		{"insertions at one place", Safe, []Fix{fix("1", Safe, edit(a, 2, 2, "x")), fix("2", Safe, edit(a, 2, 2, "y"))},
			"a.conf=01x23456789", "2"},
		{"insertion before a replacement", Safe, []Fix{fix("1", Safe, edit(a, 2, 4, "x")), fix("2", Safe, edit(a, 2, 2, "y"))},
			"a.conf=01x456789", "2"},
		{"insertion after a replacement", Safe, []Fix{fix("1", Safe, edit(a, 2, 4, "x")), fix("2", Safe, edit(a, 4, 4, "y"))},
			"a.conf=01x456789", "2"},
		{"replacement at an insertion", Safe, []Fix{fix("1", Safe, edit(a, 4, 4, "x")), fix("2", Safe, edit(a, 2, 4, "y"))},
			"a.conf=0123x456789", "2"},
		{"insertion within a replacement", Safe, []Fix{fix("1", Safe, edit(a, 3, 3, "x")), fix("2", Safe, edit(a, 2, 4, "y"))},
			"a.conf=012x3456789", "2"},
		{"the same map twice", Safe, []Fix{
			fix("1", Safe, edit(a, 0, 0, "map;"), edit(a, 5, 5, "x")), fix("2", Safe, edit(a, 0, 0, "map;"), edit(a, 7, 7, "y"))},
			"a.conf=map;01234x56y789", ""},
		{"the same map, but a clash elsewhere", Safe, []Fix{
			fix("1", Safe, edit(a, 0, 0, "map;"), edit(a, 5, 5, "x")), fix("2", Safe, edit(a, 0, 0, "map;"), edit(a, 5, 5, "y"))},
			"a.conf=map;01234x56789", "2"},
		{"the same map from a fix that was held", Safe, []Fix{
			fix("1", Safe, edit(a, 5, 5, "x")), fix("2", Safe, edit(a, 0, 0, "map;"), edit(a, 5, 5, "y")), fix("3", Safe, edit(a, 0, 0, "map;"))},
			"a.conf=map;01234x56789", "2"},
		{"the same deletion", Safe, []Fix{fix("1", Safe, edit(a, 1, 3, "")), fix("2", Safe, edit(a, 1, 3, ""))},
			"a.conf=03456789", ""},
		{"one of two insertions of an earlier fix", Safe, []Fix{
			fix("1", Safe, edit(a, 1, 1, "x"), edit(a, 1, 1, "y")), fix("2", Safe, edit(a, 1, 1, "y"))},
			"a.conf=0xy123456789", ""},
		{"order within a fix", Safe, []Fix{fix("1", Safe, edit(a, 3, 5, "R"), edit(a, 3, 3, "x"), edit(a, 5, 5, "z"), edit(a, 3, 3, "y"))},
			"a.conf=012xyRz56789", ""},
		{"several files", Safe, []Fix{fix("1", Safe, edit(b, 0, 1, "B")), fix("2", Safe, edit(a, 0, 1, "A"))},
			"a.conf=A123456789 b.conf=Bbcdef", ""},
		{"a fix over two files is held whole", Safe, []Fix{
			fix("1", Safe, edit(b, 2, 3, "C")), fix("2", Safe, edit(a, 0, 1, "A"), edit(b, 2, 3, "!"))},
			"b.conf=abCdef", "2"},
		{"what a held fix touched is free", Safe, []Fix{
			fix("1", Safe, edit(a, 0, 2, "x")), fix("2", Safe, edit(a, 1, 3, "y"), edit(a, 6, 8, "y")), fix("3", Safe, edit(a, 7, 9, "z"))},
			"a.conf=x23456z9", "2"},
		{"held keeps its order", Safe, []Fix{
			fix("1", Shown, edit(a, 0, 1, "x")), fix("2", Safe, edit(a, 5, 6, "y")), fix("3", Safe, edit(a, 5, 6, "z")), fix("4", Unsafe, edit(a, 8, 9, "z"))},
			"a.conf=01234y6789", "1 3 4"},
		{"no change", Safe, []Fix{fix("1", Safe, edit(a, 0, 1, "0"))}, "", ""},
		{"no edits", Safe, []Fix{fix("1", Safe)}, "", "1"},
		{"at odds with itself", Safe, []Fix{fix("1", Safe, edit(a, 0, 4, "x"), edit(a, 2, 6, "y"))}, "", "1"},
		{"outside the file", Safe, []Fix{
			fix("1", Safe, edit(a, 9, 11, "x")), fix("2", Safe, edit(a, -1, 0, "x")), fix("3", Safe, edit(a, 4, 3, "x")), fix("4", Safe, edit(nil, 0, 0, "x"))},
			"", "1 2 3 4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			patches, held := Apply(test.fixes, test.least)
			if got := show(patches); got != test.want {
				t.Errorf("patches: got %q, want %q", got, test.want)
			}
			if got := messages(held); got != test.held {
				t.Errorf("held: got %q, want %q", got, test.held)
			}
			taken, again := Select(test.fixes, test.least)
			if messages(again) != test.held || len(taken)+len(again) != len(test.fixes) {
				t.Errorf("Select: took %q, held %q", messages(taken), messages(again))
			}
		})
	}
	if string(a.Src) != "0123456789" || string(b.Src) != "abcdef" {
		t.Error("a file's source was changed")
	}
}

func show(patches []Patch) string {
	var s []string
	for _, p := range patches {
		s = append(s, p.File.Name+"="+string(p.New))
	}
	return strings.Join(s, " ")
}

func messages(fixes []Fix) string {
	var s []string
	for _, f := range fixes {
		s = append(s, f.Message)
	}
	return strings.Join(s, " ")
}

// Every byte of the source has its own value, which shows where it was. No edit
// contains such a byte.
func TestApplyKeepsTheRest(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	src := make([]byte, 200)
	for i := range src {
		src[i] = byte(i) + 50
	}
	for range 2000 {
		f := &parser.File{Name: "f", Src: src}
		var fixes []Fix
		for i := range rnd.IntN(30) {
			start := rnd.IntN(201)
			end := min(200, start+rnd.IntN(6))
			fixes = append(fixes, fix(fmt.Sprint(i), Safe, edit(f, start, end, string(make([]byte, rnd.IntN(3))))))
		}
		taken, _ := Select(fixes, Safe)
		gone := map[byte]bool{}
		for _, x := range taken {
			for _, c := range src[x.Edits[0].Span.Start:x.Edits[0].Span.End] {
				gone[c] = true
			}
		}
		want := slices.DeleteFunc(slices.Clone(src), func(c byte) bool { return gone[c] })
		got := slices.Clone(src)
		if patches, _ := Apply(fixes, Safe); len(patches) == 1 {
			got = slices.DeleteFunc(patches[0].New, func(c byte) bool { return c == 0 })
		}
		if string(got) != string(want) {
			t.Fatalf("%v:\n got %q\nwant %q", taken, got, want)
		}
	}
}

func TestSafety(t *testing.T) {
	if got := fmt.Sprint(Shown, Unsafe, Safe, Safety(9)); got != "shown unsafe safe Safety(9)" {
		t.Error(got)
	}
	if !(Shown < Unsafe && Unsafe < Safe) {
		t.Error("the order of Safety is wrong")
	}
}
