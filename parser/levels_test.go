package parser

import (
	"fmt"
	"math/rand/v2"
	"strings"
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

// padding are more locations than a small level has, to which no request comes.
func padding() string {
	var b strings.Builder
	for i := range smallLevel + 1 {
		fmt.Fprintf(&b, "location /padding/%d { }\n", i)
	}
	return b.String()
}

// A level with many locations, which has an index, answers as one with a few,
// which is searched.
func TestRouteOnAnyLevel(t *testing.T) {
	names := []string{
		"/", "/a", "/a/", "= /a", "^~ /a/b", "/a/b/c", "= /a/b/c", "~ ^/a/.*x$", "~* Y$", "@name", "=/z", "^~/q/", "/q/r/ ", "= /q/r", "/slash/", "= /other/", "^~ /third/",
	}
	paths := []string{"/", "/a", "/a/", "/a/b", "/a/b/c", "/a/b/cx", "/ax", "/AY", "/z", "/z/", "/q", "/q/", "/q/r", "/q/r/", "/q/r/s", "/slash", "/slash/x", "/other", "/third", "/thirdy", ""}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		var lines string
		for i, name := range names[:random.IntN(len(names))+1] {
			lines += fmt.Sprintf("location %s { ", name)
			if i%3 > 0 && !strings.Contains(name, "~ ") {
				lines += "proxy_pass http://b;"
			}
			lines += " }\n"
		}
		few, many := serverWith(t, lines), serverWith(t, padding()+lines)
		for _, path := range paths {
			if got, want := reached(few, path), reached(many, path); got != want {
				t.Fatalf("%s gets to %s where locations are few, to %s where they are many, of\n%s", path, got, want, lines)
			}
		}
		if got, want := few.named("@name") != nil, many.named("@name") != nil; got != want || got != strings.Contains(lines, "@name") {
			t.Fatalf("@name: %t where locations are few, %t where they are many, of\n%s", got, want, lines)
		}
	}
}

// reached says where a path leads.
func reached(server *Context, path string) string {
	c := server.Route(path)
	if c == server {
		return "the server"
	}
	if c.slash != nil {
		return "the redirect to " + c.Opener.Words()
	}
	return c.Opener.Words()
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
