package parser

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"
)

// server loads a server with some lines in it.
func serverWith(t *testing.T, lines string) *Context {
	t.Helper()
	cfg, err := Load(fstest.MapFS{"nginx.conf": {Data: []byte("events {} http { server {\n" + lines + "} }")}}, "nginx.conf", Options{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg.Servers()[0]
}

// Of any number of locations the second of a name is found.
func TestDuplicatesOnAnyLevel(t *testing.T) {
	for n := range 40 {
		lines := ""
		for i := range n {
			lines += fmt.Sprintf("location /%d { }\nlocation = /%d { }\nlocation ~ ^/%d { }\nlocation ~ ^/%d { }\n", i, i, i, i)
		}
		if got := serverWith(t, lines).DuplicateLocations(); len(got) > 0 {
			t.Errorf("%d locations: %d duplicates", 4*n, len(got))
		}
		for i := range n {
			got := serverWith(t, lines+fmt.Sprintf("location ^~ /%d { }\n", i)).DuplicateLocations()
			if len(got) != 1 || got[0].First.Opener.Param(0) != fmt.Sprintf("/%d", i) {
				t.Errorf("%d locations, and /%d again: %d duplicates", 4*n, i, len(got))
			}
		}
	}
}

// Positions are the same in files of any size.
func TestPositionInAnyFile(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		text := make([]byte, random.IntN(200))
		for i := range text {
			text[i] = "\n\n\r ab"[random.IntN(6)]
		}
		small := Parse("small", text)
		large := Parse("large", append(text[:len(text):len(text)], make([]byte, smallFile+1)...))
		for offset := range len(text) + 1 {
			if got, want := small.Position(offset), large.Position(offset); got != want {
				t.Fatalf("%q: %d is at %v in a small file, at %v in a large one", text, offset, got, want)
			}
		}
	}
}
